#include "keccak.h"

#if defined(__x86_64__)

// Vectors that need no more than the alignment of their lanes.
typedef uint64_t four_lanes __attribute__((vector_size(32), aligned(8), may_alias));
typedef uint64_t eight_lanes __attribute__((vector_size(64), aligned(8), may_alias));
// A vector for a single lane.
typedef uint64_t two_lanes __attribute__((vector_size(16)));

#define KECCAK_FUNCTION hotstuff_keccak_4_avx2
#define KECCAK_TARGET __attribute__((target("avx2")))
#define KECCAK_WORD four_lanes
#include "keccak.inc"

#define KECCAK_FUNCTION hotstuff_keccak_8_avx512
#define KECCAK_TARGET __attribute__((target("avx512f,avx512vl")))
#define KECCAK_WORD eight_lanes
#include "keccak.inc"

#define KECCAK_FUNCTION hotstuff_keccak_avx2
#define KECCAK_TARGET __attribute__((target("bmi,bmi2")))
#define KECCAK_WORD uint64_t
#include "keccak.inc"

// One state again, in the first halves of vectors of which there are 32: all 25 lanes stay in registers, and exclusive-or of three words,
// the step chi and a rotation are one instruction each.
#define KECCAK_FUNCTION hotstuff_keccak_avx512
#define KECCAK_TARGET __attribute__((target("avx512f,avx512vl")))
#define KECCAK_WORD two_lanes
#define KECCAK_LOAD(states, lane) ((two_lanes){(states)[lane], 0})
#define KECCAK_STORE(states, lane, word) (states)[lane] = (word)[0]
#include "keccak.inc"

#endif
