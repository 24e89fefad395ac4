#ifndef HOTSTUFF_KECCAK_H
#define HOTSTUFF_KECCAK_H

#include <stdint.h>

#if defined(__x86_64__)

/// Permutes interleaved Keccak-f[1600] states (FIPS 202): all first lanes, then all second ones, 25 times.
///
/// `constants` are the 24 constants of the rounds.
void hotstuff_keccak_4_avx2(uint64_t *_Nonnull states, const uint64_t *_Nonnull constants);
void hotstuff_keccak_8_avx512(uint64_t *_Nonnull states, const uint64_t *_Nonnull constants);

/// Permutes one state, with the bit manipulation instructions that every processor with AVX2 has.
void hotstuff_keccak_avx2(uint64_t *_Nonnull state, const uint64_t *_Nonnull constants);
/// Permutes one state, with the vector instructions of AVX-512 on a word each.
void hotstuff_keccak_avx512(uint64_t *_Nonnull state, const uint64_t *_Nonnull constants);

#endif

#endif
