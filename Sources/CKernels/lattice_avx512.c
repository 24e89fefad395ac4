#include "lattice.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 16
#define LAYERS 4
#define TARGET __attribute__((target("avx512f")))
#define NAME(x) x##_avx512

typedef __m512i vector;

#define SPLAT(number) _mm512_set1_epi32(number)
#define MULTIPLY_EVEN(a, b) _mm512_mul_epi32(a, b)
#define ODD_TO_EVEN(a) _mm512_castps_si512(_mm512_movehdup_ps(_mm512_castsi512_ps(a)))
#define HIGH_HALVES(even, odd)                                                                                          \
    _mm512_castps_si512(                                                                                                \
        _mm512_mask_movehdup_ps(_mm512_castsi512_ps(odd), (__mmask16)0x5555, _mm512_castsi512_ps(even)))
#define SUBTRACT_64(a, b) _mm512_sub_epi64(a, b)
#define ADD_64(a, b) _mm512_add_epi64(a, b)
#define ADD_32(a, b) _mm512_add_epi32(a, b)
#define SUBTRACT_32(a, b) _mm512_sub_epi32(a, b)

// First pairs of lanes, then pairs of pairs; then the quarters of four vectors each.
TARGET static inline __attribute__((always_inline)) void transpose_avx512(vector v[16]) {
    vector t[16], u[16];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i++) {
        t[2 * i] = _mm512_unpacklo_epi32(v[2 * i], v[2 * i + 1]);
        t[2 * i + 1] = _mm512_unpackhi_epi32(v[2 * i], v[2 * i + 1]);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 4) {
        u[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        u[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        u[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        u[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        const vector a = _mm512_shuffle_i32x4(u[i], u[i + 4], 0x88);
        const vector b = _mm512_shuffle_i32x4(u[i], u[i + 4], 0xdd);
        const vector c = _mm512_shuffle_i32x4(u[i + 8], u[i + 12], 0x88);
        const vector d = _mm512_shuffle_i32x4(u[i + 8], u[i + 12], 0xdd);
        v[i] = _mm512_shuffle_i32x4(a, c, 0x88);
        v[i + 4] = _mm512_shuffle_i32x4(b, d, 0x88);
        v[i + 8] = _mm512_shuffle_i32x4(a, c, 0xdd);
        v[i + 12] = _mm512_shuffle_i32x4(b, d, 0xdd);
    }
}

#include "lattice.inc"

#endif
