#ifndef HOTSTUFF_BLAKE3_H
#define HOTSTUFF_BLAKE3_H

#include <stddef.h>
#include <stdint.h>

/// What the compressions of a chain of blocks carry besides the blocks (BLAKE3 paper, section 2.2).
typedef struct {
    /// The chunk's index, zero for a parent node; of several chains that of the first.
    uint64_t counter;
    /// How much the counter grows from a chain to the next: one for chunks in a row, zero for all else.
    uint64_t counter_step;
    /// The flags of every block.
    uint32_t flags;
    /// The flags that the first block of a chain has besides.
    uint32_t first_flags;
    /// The flags that the last block of a chain has besides.
    uint32_t last_flags;
} hotstuff_blake3_labels;

#if defined(__x86_64__)

/// Compresses bytes block after block into one chaining value.
///
/// The last block may be short, and no bytes at all are one empty block; nothing is read beyond `byte_count` bytes. There is
/// none of these for AVX2: without a rotation for vectors it gains nothing over scalar code.
void hotstuff_blake3_avx512_absorb(
    uint32_t value[8], const void *input, size_t byte_count, hotstuff_blake3_labels labels);

/// Compresses `count` chains of `block_count` blocks each, eight at a time, one in each lane of the vectors.
///
/// All start from `key`. All blocks are full but the last of each chain, which has as many bytes as `last_byte_counts`
/// says, 0 to 64; nothing is read beyond. `block_count` is at least one. The eight words of each result are written to
/// `values` one after another; this may be where the inputs lie, if they lie there in their order and one after another.
void hotstuff_blake3_avx2_absorb_many(
    uint32_t *values, const uint32_t key[8], const void *const *inputs, const uint32_t *last_byte_counts,
    size_t count, size_t block_count, hotstuff_blake3_labels labels);

/// The same with AVX-512 (F, BW, DQ, VL), sixteen at a time.
void hotstuff_blake3_avx512_absorb_many(
    uint32_t *values, const uint32_t key[8], const void *const *inputs, const uint32_t *last_byte_counts,
    size_t count, size_t block_count, hotstuff_blake3_labels labels);

#endif

#endif
