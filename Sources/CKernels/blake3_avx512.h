// What the BLAKE3 kernels for AVX-512 (F, BW, DQ, VL) have in common. Private to this target.
#ifndef HOTSTUFF_BLAKE3_AVX512_H
#define HOTSTUFF_BLAKE3_AVX512_H

#include "blake3_words.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl")))

// A rotation is one instruction here, which the compiler lets stand.
#define KEEP(x)

// At most 32 bytes, zeros behind them.
TARGET static inline __attribute__((always_inline)) __m256i load_half(const uint8_t *bytes, size_t count) {
    // A mask of nothing is right too, but slow where the address is not mapped.
    if (count == 0) return _mm256_setzero_si256();
    return _mm256_maskz_loadu_epi8((__mmask32)(count >= 32 ? ~0u : (1u << count) - 1), bytes);
}

#endif
