#include "lattice.h"

#if defined(__x86_64__)

#include "transpose.h"

#include <immintrin.h>
#include <string.h>

#define LANES 16
#define LAYERS 4
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
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

#define TRANSPOSE(vectors) transpose_sixteen(vectors)

#include "lattice.inc"
#include "rounding.inc"

#endif
