// BLAKE3 for x86-64 with AVX2: eight chains at once.

#include "blake3.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdbool.h>

#define TARGET __attribute__((target("avx2")))

// A rotation by whole bytes is a shuffle here. Without this the compiler pulls it over the exclusive or that comes next, and
// makes two shuffles of one.
#define KEEP(x) __asm__("" : "+x"(x))

// At most 32 bytes, zeros behind them: whole words under a mask, then the bytes of the word that is not whole.
TARGET static inline __attribute__((always_inline)) __m256i load_half(const uint8_t *bytes, size_t count) {
    if (count >= 32) return _mm256_loadu_si256((const __m256i *)bytes);
    const size_t whole = count / 4;
    uint32_t rest = 0;
    for (size_t i = 0; i < count % 4; ++i) rest |= (uint32_t)bytes[4 * whole + i] << (8 * i);
    const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i boundary = _mm256_set1_epi32((int)whole);
    const __m256i words = _mm256_maskload_epi32((const int *)bytes, _mm256_cmpgt_epi32(boundary, places));
    const __m256i last = _mm256_and_si256(_mm256_cmpeq_epi32(boundary, places), _mm256_set1_epi32((int)rest));
    return _mm256_or_si256(words, last);
}

#include "blake3_eight.h"

TARGET void hotstuff_blake3_avx2_absorb_many(
    uint32_t *values, const uint32_t key[8], const void *const *inputs, const uint32_t *last_byte_counts,
    size_t count, size_t block_count, hotstuff_blake3_labels labels) {
    for (size_t done = 0; done < count;) {
        const size_t taken = count - done < 8 ? count - done : 8;
        const hotstuff_blake3_labels here = labels_after(labels, done);
        absorb_eight(values + 8 * done, key, inputs + done, last_byte_counts + done, taken, block_count, &here);
        done += taken;
    }
}

#endif
