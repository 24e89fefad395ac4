#include "lattice.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 8
#define LAYERS 3
#define TARGET __attribute__((target("avx2")))
#define NAME(x) x##_avx2

typedef __m256i vector;

#define SPLAT(number) _mm256_set1_epi32(number)
#define MULTIPLY_EVEN(a, b) _mm256_mul_epi32(a, b)
#define ODD_TO_EVEN(a) _mm256_castps_si256(_mm256_movehdup_ps(_mm256_castsi256_ps(a)))
#define HIGH_HALVES(even, odd) _mm256_blend_epi32(ODD_TO_EVEN(even), odd, 0xaa)
#define SUBTRACT_64(a, b) _mm256_sub_epi64(a, b)
#define ADD_64(a, b) _mm256_add_epi64(a, b)
#define ADD_32(a, b) _mm256_add_epi32(a, b)
#define SUBTRACT_32(a, b) _mm256_sub_epi32(a, b)

// First pairs of lanes, then pairs of pairs, then the halves.
TARGET static inline __attribute__((always_inline)) void transpose_avx2(vector v[8]) {
    vector t[8], u[8];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        t[2 * i] = _mm256_unpacklo_epi32(v[2 * i], v[2 * i + 1]);
        t[2 * i + 1] = _mm256_unpackhi_epi32(v[2 * i], v[2 * i + 1]);
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

#include "lattice.inc"

#endif
