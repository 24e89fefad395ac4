/// Requests to valgrind's memcheck, under names that Swift can call.
#ifndef CMEMCHECK_H
#define CMEMCHECK_H

#include <stdbool.h>
#include <stddef.h>

/// Whether the program runs under valgrind, without which it proves nothing.
bool memcheck_is_running(void);

/// Makes memory secret: every branch and address that depends on it is reported from now on.
void memcheck_make_secret(const void *bytes, size_t count);

/// Makes memory public again.
void memcheck_make_public(const void *bytes, size_t count);

/// The number of bytes of which at least one bit is secret.
size_t memcheck_secret_byte_count(const void *bytes, size_t count);

/// The number of findings so far.
size_t memcheck_finding_count(void);

#endif
