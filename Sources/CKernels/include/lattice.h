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

#endif

#endif
