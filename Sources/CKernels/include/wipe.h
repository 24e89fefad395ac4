#ifndef HOTSTUFF_WIPE_H
#define HOTSTUFF_WIPE_H

#include <stddef.h>

/// Overwrites bytes with zeros, which no optimiser may leave out although nobody reads them again.
void hotstuff_wipe(void *bytes, size_t count);

#endif
