// BLAKE3 for x86-64 with AVX-512 (F, BW, DQ, VL): sixteen chains at once, or eight where there are no more.

#if defined(__x86_64__)

#include "blake3_avx512.h"
#include "blake3_eight.h"

typedef uint32_t sixteen __attribute__((vector_size(64)));

TARGET static inline __attribute__((always_inline)) sixteen all_sixteen(uint32_t word) {
    return (sixteen)_mm512_set1_epi32((int)word);
}

// Compresses the chains at `inputs`; the first `count` results, at most sixteen, are written.
TARGET static inline void absorb_sixteen(
    uint32_t *values, const uint32_t key[8], const void *const *inputs, const uint32_t *last_byte_counts, size_t count,
    size_t block_count, const hotstuff_blake3_labels *labels) {
    const uint8_t *rows[16];
    uint32_t last_lengths[16], counter_low[16], counter_high[16];
    for (size_t lane = 0; lane < 16; ++lane) {
        // A lane without a chain of its own repeats the last one's.
        const size_t chain = lane < count ? lane : count - 1;
        const uint64_t counter = labels->counter + labels->counter_step * chain;
        rows[lane] = inputs[chain];
        last_lengths[lane] = last_byte_counts[chain];
        counter_low[lane] = (uint32_t)counter;
        counter_high[lane] = (uint32_t)(counter >> 32);
    }

    sixteen h[8];
    for (int i = 0; i < 8; ++i) h[i] = all_sixteen(key[i]);
    for (size_t block = 0; block < block_count; ++block) {
        const bool is_last = block + 1 == block_count;
        __m512i words[16];
        for (int lane = 0; lane < 16; ++lane) {
            const uint8_t *bytes = rows[lane] + block * block_byte_count;
            const uint32_t length = is_last ? last_lengths[lane] : block_byte_count;
            const __mmask64 mask = length >= block_byte_count ? ~0ull : (1ull << length) - 1;
            words[lane] = _mm512_maskz_loadu_epi8(mask, bytes);
        }
        transpose_sixteen(words);
        sixteen m[16];
        memcpy(m, words, sizeof m);

        const sixteen low = (sixteen)_mm512_loadu_si512(counter_low);
        const sixteen high = (sixteen)_mm512_loadu_si512(counter_high);
        const sixteen lengths = is_last ? (sixteen)_mm512_loadu_si512(last_lengths) : all_sixteen(block_byte_count);
        sixteen v[16] = {
            h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7],
            all_sixteen(IV0), all_sixteen(IV1), all_sixteen(IV2), all_sixteen(IV3),
            low, high, lengths, all_sixteen(flags_of_block(labels, block, block_count)),
        };
        SEVEN_ROUNDS;
        for (int i = 0; i < 8; ++i) h[i] = v[i] ^ v[i + 8];
    }

    __m256i results[16];
    for (int i = 0; i < 8; ++i) {
        results[i] = _mm512_castsi512_si256((__m512i)h[i]);
        results[i + 8] = _mm512_extracti64x4_epi64((__m512i)h[i], 1);
    }
    transpose_eight(results);
    transpose_eight(results + 8);
    for (size_t chain = 0; chain < count; ++chain) {
        _mm256_storeu_si256((__m256i *)(values + 8 * chain), results[chain]);
    }
}

TARGET void hotstuff_blake3_avx512_absorb_many(
    uint32_t *values, const uint32_t key[8], const void *const *inputs, const uint32_t *last_byte_counts,
    size_t count, size_t block_count, hotstuff_blake3_labels labels) {
    for (size_t done = 0; done < count;) {
        const size_t taken = count - done < 16 ? count - done : 16;
        const hotstuff_blake3_labels here = labels_after(labels, done);
        if (taken <= 8) {
            absorb_eight(values + 8 * done, key, inputs + done, last_byte_counts + done, taken, block_count, &here);
        } else {
            absorb_sixteen(values + 8 * done, key, inputs + done, last_byte_counts + done, taken, block_count, &here);
        }
        done += taken;
    }
}

#endif
