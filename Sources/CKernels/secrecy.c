#include "secrecy.h"

// Functions and not inline: a setting of this target reaches this file, not the Swift that imports the header.
#if defined(HOTSTUFF_CONSTANT_TIME_CHECK)

#include <stdlib.h>

#include <valgrind/memcheck.h>

void hotstuff_secret(const void *bytes, size_t count) { VALGRIND_MAKE_MEM_UNDEFINED(bytes, count); }

void hotstuff_public(const void *bytes, size_t count) {
    // With the variable set nothing becomes public, and the check must fail: else no secret ever reached the signer.
    if (getenv("HOTSTUFF_NOTHING_PUBLIC") == NULL) VALGRIND_MAKE_MEM_DEFINED(bytes, count);
}

#else

void hotstuff_secret(const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
}

void hotstuff_public(const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
}

#endif
