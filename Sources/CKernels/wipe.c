#include "wipe.h"

#include <string.h>

void hotstuff_wipe(void *bytes, size_t count) {
    memset(bytes, 0, count);
    // To the compiler this reads the memory, so that the stores before it count.
    __asm__ volatile("" : : "r"(bytes) : "memory");
}
