// The parts of the BLAKE3 compression that do not depend on the width of a vector. Private to this target.
#ifndef HOTSTUFF_BLAKE3_WORDS_H
#define HOTSTUFF_BLAKE3_WORDS_H

#include "blake3.h"

#include <stdbool.h>

enum { block_byte_count = 64 };

// The first four words of the initial value (BLAKE3 paper, table 1), which every compression's third row starts from.
#define IV0 0x6A09E667u
#define IV1 0xBB67AE85u
#define IV2 0x3C6EF372u
#define IV3 0xA54FF53Au

// The rotation of 32-bit words, alone or in a vector; compilers know the pattern.
#define ROTATE_RIGHT(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

// The quarter round G. The message word is added to `a` first: `b` is what has to be waited for. The including file defines
// `KEEP`, which may tell the compiler to take a word as it is.
#define MIX(a, b, c, d, x, y)                                                                                          \
    do {                                                                                                               \
        a = (a + (x)) + b;                                                                                             \
        d = ROTATE_RIGHT(d ^ a, 16);                                                                                   \
        KEEP(d);                                                                                                       \
        c = c + d;                                                                                                     \
        b = ROTATE_RIGHT(b ^ c, 12);                                                                                   \
        a = (a + (y)) + b;                                                                                             \
        d = ROTATE_RIGHT(d ^ a, 8);                                                                                    \
        KEEP(d);                                                                                                       \
        c = c + d;                                                                                                     \
        b = ROTATE_RIGHT(b ^ c, 7);                                                                                    \
    } while (0)

// One round over the sixteen state words `v`: the four columns, then the four diagonals.
#define ROUND(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15)                                    \
    MIX(v[0], v[4], v[8], v[12], m[m0], m[m1]);                                                                        \
    MIX(v[1], v[5], v[9], v[13], m[m2], m[m3]);                                                                        \
    MIX(v[2], v[6], v[10], v[14], m[m4], m[m5]);                                                                       \
    MIX(v[3], v[7], v[11], v[15], m[m6], m[m7]);                                                                       \
    MIX(v[0], v[5], v[10], v[15], m[m8], m[m9]);                                                                       \
    MIX(v[1], v[6], v[11], v[12], m[m10], m[m11]);                                                                     \
    MIX(v[2], v[7], v[8], v[13], m[m12], m[m13]);                                                                      \
    MIX(v[3], v[4], v[9], v[14], m[m14], m[m15])

// The seven rounds; each line is the one before it, its words reordered (table 2).
#define SEVEN_ROUNDS                                                                                                   \
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);                                                       \
    ROUND(2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8);                                                       \
    ROUND(3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1);                                                       \
    ROUND(10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6);                                                       \
    ROUND(12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4);                                                       \
    ROUND(9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7);                                                       \
    ROUND(11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13)

// The labels of the chain `places` further on.
static inline hotstuff_blake3_labels labels_after(hotstuff_blake3_labels labels, size_t places) {
    labels.counter += labels.counter_step * places;
    return labels;
}

// The flags of one block of a chain.
static inline uint32_t flags_of_block(const hotstuff_blake3_labels *labels, size_t block, size_t block_count) {
    uint32_t flags = labels->flags;
    if (block == 0) flags |= labels->first_flags;
    if (block + 1 == block_count) flags |= labels->last_flags;
    return flags;
}

#endif
