#include "CMemcheck.h"

#include <valgrind/memcheck.h>

bool memcheck_is_running(void) { return RUNNING_ON_VALGRIND != 0; }

void memcheck_make_secret(const void *bytes, size_t count) { VALGRIND_MAKE_MEM_UNDEFINED(bytes, count); }

void memcheck_make_public(const void *bytes, size_t count) { VALGRIND_MAKE_MEM_DEFINED(bytes, count); }

size_t memcheck_secret_byte_count(const void *bytes, size_t count) {
    size_t secret = 0;
    for (size_t i = 0; i < count; i += 1) {
        unsigned char bits = 0;
        (void)VALGRIND_GET_VBITS((const unsigned char *)bytes + i, &bits, 1);
        secret += bits != 0;
    }
    return secret;
}

size_t memcheck_finding_count(void) { return VALGRIND_COUNT_ERRORS; }
