#ifndef HOTSTUFF_LATTICE_H
#define HOTSTUFF_LATTICE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)

/// The loops of ML-DSA (FIPS 204) for AVX2 and AVX-512. Their plain Swift twins say what they compute; none branches or
/// indexes by a value of its input. Polynomials have 256 coefficients and start at a multiple of 64 bytes.
///
/// `twiddles` holds the powers of the root of unity in the order in which the loops use them, made by `TwiddleTable`.
void hotstuff_ntt_avx2(int32_t *_Nonnull polynomial, const int32_t *_Nonnull twiddles);
void hotstuff_ntt_avx512(int32_t *_Nonnull polynomial, const int32_t *_Nonnull twiddles);
void hotstuff_inverse_ntt_avx2(int32_t *_Nonnull polynomial, const int32_t *_Nonnull twiddles);
void hotstuff_inverse_ntt_avx512(int32_t *_Nonnull polynomial, const int32_t *_Nonnull twiddles);

/// The sum of `count` products of transformed polynomials, reduced once.
void hotstuff_multiply_accumulate_avx2(
    int32_t *_Nonnull result, const int32_t *_Nonnull left, const int32_t *_Nonnull right, ptrdiff_t count);
void hotstuff_multiply_accumulate_avx512(
    int32_t *_Nonnull result, const int32_t *_Nonnull left, const int32_t *_Nonnull right, ptrdiff_t count);

/// The high bits of 256 numbers in [-q, q), which become residues in [0, q) meanwhile (FIPS 204, algorithm 37).
void hotstuff_high_bits_avx2(int32_t *_Nonnull residues, int32_t *_Nonnull high, int32_t gamma2);
void hotstuff_high_bits_avx512(int32_t *_Nonnull residues, int32_t *_Nonnull high, int32_t gamma2);

/// Subtracts a product in (-q, q) from residues in [0, q), which the results are, too; negative if the absolute value of one's low
/// bits is not below the bound.
int32_t hotstuff_subtract_avx2(
    int32_t *_Nonnull residues, const int32_t *_Nonnull product, int32_t gamma2, int32_t bound);
int32_t hotstuff_subtract_avx512(
    int32_t *_Nonnull residues, const int32_t *_Nonnull product, int32_t gamma2, int32_t bound);

/// Adds a product in (-q, q) to coefficients and centres them; negative if the absolute value of one is not below the bound.
int32_t hotstuff_add_avx2(int32_t *_Nonnull coefficients, const int32_t *_Nonnull product, int32_t bound);
int32_t hotstuff_add_avx512(int32_t *_Nonnull coefficients, const int32_t *_Nonnull product, int32_t bound);

/// Negative if the absolute value of one of 256 coefficients is not below the bound.
int32_t hotstuff_room_avx2(const int32_t *_Nonnull coefficients, int32_t bound);
int32_t hotstuff_room_avx512(const int32_t *_Nonnull coefficients, int32_t bound);

/// Packs 256 numbers of 4 or 6 bits (FIPS 204, algorithm 28).
void hotstuff_pack_commitment_avx2(const int32_t *_Nonnull high, uint8_t *_Nonnull bytes, int32_t bits);
void hotstuff_pack_commitment_avx512(const int32_t *_Nonnull high, uint8_t *_Nonnull bytes, int32_t bits);

/// Unpacks 256 coefficients of 18 or 20 bits, as 2^(bits - 1) less the number that is packed (FIPS 204, algorithm 19). Reads no byte
/// beyond them.
void hotstuff_unpack_mask_avx2(const uint8_t *_Nonnull bytes, int32_t *_Nonnull coefficients, int32_t bits);
void hotstuff_unpack_mask_avx512(const uint8_t *_Nonnull bytes, int32_t *_Nonnull coefficients, int32_t bits);

#endif

#endif
