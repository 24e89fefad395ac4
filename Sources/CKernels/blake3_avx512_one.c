// One chain of BLAKE3 blocks for x86-64 with AVX-512: four rows of four words in vectors, a column of the state in a lane.
//
// The state waits on itself through all of a round, so what counts is the length of that path. Two things shorten it: words
// are added before they are waited for (`MIX`), and for the diagonals the rows of `a`, `c` and `d` are turned and that of `b`
// is not, because `b` is the last to be ready.

#if defined(__x86_64__)

#include "blake3_avx512.h"

typedef uint32_t row __attribute__((vector_size(16)));

// The words of a message in the order in which a round takes them, four at a time. Columns: words 0, 2, 4, 6 and 1, 3, 5, 7.
// Diagonals, the first beginning in lane 1 since `b` is not turned: words 14, 8, 10, 12 and 15, 9, 11, 13.
#define COLUMNS_OF_FIRST_HALF 0, 2, 4, 6, 1, 3, 5, 7
#define DIAGONALS_OF_SECOND_HALF 6, 0, 2, 4, 7, 1, 3, 5

// Where the next round's columns and diagonals lie in this round's: table 2 seen through that order, 8 to 15 among the diagonals.
#define NEXT_COLUMNS 1, 5, 7, 2, 3, 10, 0, 15
#define NEXT_DIAGONALS 12, 4, 11, 13, 9, 14, 6, 8

TARGET void hotstuff_blake3_avx512_absorb(
    uint32_t value[8], const void *input, size_t byte_count, hotstuff_blake3_labels labels) {
    const uint8_t *bytes = input;
    row a = (row)_mm_loadu_si128((const __m128i *)value);
    row b = (row)_mm_loadu_si128((const __m128i *)(value + 4));
    uint32_t flags = labels.flags | labels.first_flags;
    for (;;) {
        const bool is_last = byte_count <= block_byte_count;
        const size_t length = is_last ? byte_count : block_byte_count;
        if (is_last) flags |= labels.last_flags;
        __m256i first, second;
        if (length == block_byte_count) {
            first = _mm256_loadu_si256((const __m256i *)bytes);
            second = _mm256_loadu_si256((const __m256i *)(bytes + 32));
        } else {
            first = load_half(bytes, length);
            second = length > 32 ? load_half(bytes + 32, length - 32) : _mm256_setzero_si256();
        }
        __m256i columns = _mm256_permutevar8x32_epi32(first, _mm256_setr_epi32(COLUMNS_OF_FIRST_HALF));
        __m256i diagonals = _mm256_permutevar8x32_epi32(second, _mm256_setr_epi32(DIAGONALS_OF_SECOND_HALF));

        row c = {IV0, IV1, IV2, IV3};
        row d = {(uint32_t)labels.counter, (uint32_t)(labels.counter >> 32), (uint32_t)length, flags};
#pragma clang loop unroll(full)
        for (int round = 0; round < 7; ++round) {
            if (round > 0) {
                const __m256i next = _mm256_permutex2var_epi32(columns, _mm256_setr_epi32(NEXT_COLUMNS), diagonals);
                diagonals = _mm256_permutex2var_epi32(columns, _mm256_setr_epi32(NEXT_DIAGONALS), diagonals);
                columns = next;
            }
            MIX(a, b, c, d, (row)_mm256_castsi256_si128(columns), (row)_mm256_extracti128_si256(columns, 1));
            a = __builtin_shufflevector(a, a, 3, 0, 1, 2);
            c = __builtin_shufflevector(c, c, 1, 2, 3, 0);
            d = __builtin_shufflevector(d, d, 2, 3, 0, 1);
            MIX(a, b, c, d, (row)_mm256_castsi256_si128(diagonals), (row)_mm256_extracti128_si256(diagonals, 1));
            a = __builtin_shufflevector(a, a, 1, 2, 3, 0);
            c = __builtin_shufflevector(c, c, 3, 0, 1, 2);
            d = __builtin_shufflevector(d, d, 2, 3, 0, 1);
        }
        a ^= c;
        b ^= d;
        if (is_last) break;
        flags = labels.flags;
        bytes += block_byte_count;
        byte_count -= block_byte_count;
    }
    _mm_storeu_si128((__m128i *)value, (__m128i)a);
    _mm_storeu_si128((__m128i *)(value + 4), (__m128i)b);
}

#endif
