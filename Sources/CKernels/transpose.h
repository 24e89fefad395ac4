// Squares of 32-bit words in vectors, turned so that rows become columns. Private to this target.
#ifndef HOTSTUFF_TRANSPOSE_H
#define HOTSTUFF_TRANSPOSE_H

#include <immintrin.h>

// Eight vectors of eight words: first pairs of words, then pairs of pairs, then the halves.
__attribute__((target("avx2"), always_inline)) static inline void transpose_eight(__m256i v[8]) {
    __m256i t[8], u[8];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_epi32(v[i], v[i + 1]);
        t[i + 1] = _mm256_unpackhi_epi32(v[i], v[i + 1]);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i += 4) {
        u[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
        u[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
        u[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
        u[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        v[i] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x20);
        v[i + 4] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x31);
    }
}

// Sixteen vectors of sixteen words: the same, and then the quarters of four vectors each.
__attribute__((target("avx512f"), always_inline)) static inline void transpose_sixteen(__m512i v[16]) {
    __m512i t[16], u[16];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(v[i], v[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(v[i], v[i + 1]);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 4) {
        u[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        u[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        u[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        u[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    // Each quarter of u[4 * k + i] now holds, for the rows 4 * k to 4 * k + 3, the words of column i plus four times the quarter.
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        const __m512i a = _mm512_shuffle_i32x4(u[i], u[i + 4], 0x88);
        const __m512i b = _mm512_shuffle_i32x4(u[i], u[i + 4], 0xdd);
        const __m512i c = _mm512_shuffle_i32x4(u[i + 8], u[i + 12], 0x88);
        const __m512i d = _mm512_shuffle_i32x4(u[i + 8], u[i + 12], 0xdd);
        v[i] = _mm512_shuffle_i32x4(a, c, 0x88);
        v[i + 4] = _mm512_shuffle_i32x4(b, d, 0x88);
        v[i + 8] = _mm512_shuffle_i32x4(a, c, 0xdd);
        v[i + 12] = _mm512_shuffle_i32x4(b, d, 0xdd);
    }
}

#endif
