#include "lattice.h"

#if defined(__x86_64__)

#include "transpose.h"

#include <immintrin.h>
#include <string.h>

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

#define TRANSPOSE(vectors) transpose_eight(vectors)

#include "lattice.inc"
#include "rounding.inc"

#endif
