#ifndef HOTSTUFF_SECRECY_H
#define HOTSTUFF_SECRECY_H

#include <stddef.h>

/// Marks bytes as secret for the check of constant time; does nothing in any other build.
///
/// The check (trait `ConstantTimeCheck`, `Scripts/check_constant_time.sh`) runs under valgrind's memcheck, to which a
/// secret is memory of undefined content: it follows every value computed from one, bit by bit, and reports each branch
/// and each address that depends on it. The bytes themselves are never changed.
void hotstuff_secret(const void *bytes, size_t count);

/// Marks bytes as public again: what an algorithm publishes anyway, such as a finished signature or that an attempt was
/// rejected.
///
/// Every call is a claim that the value tells nothing that may not be known, and says beside it why.
void hotstuff_public(const void *bytes, size_t count);

#endif
