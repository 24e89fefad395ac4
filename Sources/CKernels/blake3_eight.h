// Eight chains of BLAKE3 blocks at once: each word of the state is a vector, each of its eight lanes a chain.
//
// A template: the including file defines `TARGET` and `load_half` for its family of processors.

#include "blake3_words.h"
#include "transpose.h"

#include <immintrin.h>
#include <string.h>

typedef uint32_t eight __attribute__((vector_size(32)));

TARGET static inline __attribute__((always_inline)) eight all_eight(uint32_t word) {
    return (eight)_mm256_set1_epi32((int)word);
}

// Compresses the chains at `inputs`; the first `count` results, at most eight, are written.
TARGET static inline void absorb_eight(
    uint32_t *values, const uint32_t key[8], const void *const *inputs, const uint32_t *last_byte_counts, size_t count,
    size_t block_count, const hotstuff_blake3_labels *labels) {
    const uint8_t *rows[8];
    uint32_t last_lengths[8], counter_low[8], counter_high[8];
    for (size_t lane = 0; lane < 8; ++lane) {
        // A lane without a chain of its own repeats the last one's.
        const size_t chain = lane < count ? lane : count - 1;
        const uint64_t counter = labels->counter + labels->counter_step * chain;
        rows[lane] = inputs[chain];
        last_lengths[lane] = last_byte_counts[chain];
        counter_low[lane] = (uint32_t)counter;
        counter_high[lane] = (uint32_t)(counter >> 32);
    }

    eight h[8];
    for (int i = 0; i < 8; ++i) h[i] = all_eight(key[i]);
    for (size_t block = 0; block < block_count; ++block) {
        const bool is_last = block + 1 == block_count;
        __m256i words[16];
        for (int lane = 0; lane < 8; ++lane) {
            const uint8_t *bytes = rows[lane] + block * block_byte_count;
            const size_t length = is_last ? last_lengths[lane] : block_byte_count;
            if (length == block_byte_count) {
                words[lane] = _mm256_loadu_si256((const __m256i *)bytes);
                words[lane + 8] = _mm256_loadu_si256((const __m256i *)(bytes + 32));
            } else {
                words[lane] = load_half(bytes, length);
                words[lane + 8] = length > 32 ? load_half(bytes + 32, length - 32) : _mm256_setzero_si256();
            }
        }
        transpose_eight(words);
        transpose_eight(words + 8);
        eight m[16];
        memcpy(m, words, sizeof m);

        const eight low = (eight)_mm256_loadu_si256((const __m256i *)counter_low);
        const eight high = (eight)_mm256_loadu_si256((const __m256i *)counter_high);
        const eight lengths =
            is_last ? (eight)_mm256_loadu_si256((const __m256i *)last_lengths) : all_eight(block_byte_count);
        eight v[16] = {
            h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7],
            all_eight(IV0), all_eight(IV1), all_eight(IV2), all_eight(IV3),
            low, high, lengths, all_eight(flags_of_block(labels, block, block_count)),
        };
        SEVEN_ROUNDS;
        for (int i = 0; i < 8; ++i) h[i] = v[i] ^ v[i + 8];
    }

    __m256i results[8];
    memcpy(results, h, sizeof results);
    transpose_eight(results);
    for (size_t chain = 0; chain < count; ++chain) {
        _mm256_storeu_si256((__m256i *)(values + 8 * chain), results[chain]);
    }
}
