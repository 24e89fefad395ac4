#ifndef HOTSTUFF_PROCESSOR_H
#define HOTSTUFF_PROCESSOR_H

#include <stdbool.h>

/// Whether the processor and the operating system run AVX2, and the bit manipulations BMI1 and BMI2 that came with it.
bool hotstuff_processor_runs_avx2(void);

/// Whether the processor and the operating system run AVX-512 with the extensions F, BW, DQ and VL, and AVX2.
bool hotstuff_processor_runs_avx512(void);

/// Whether vector instructions can follow each other as quickly as scalar ones, so that a computation of which every step
/// waits for the one before gains from vectors.
///
/// True of Intel's processors with AVX2. Elsewhere it is not claimed: AMD's of the Zen 5 generation take two cycles for what
/// takes a scalar instruction one.
bool hotstuff_processor_chains_vectors(void);

#endif
