#ifndef HOTSTUFF_PROCESSOR_H
#define HOTSTUFF_PROCESSOR_H

#include <stdbool.h>

/// Whether the processor and the operating system run AVX2, and the bit manipulations BMI1 and BMI2 that came with it.
bool hotstuff_processor_runs_avx2(void);

/// Whether the processor and the operating system run AVX-512 with the extensions F, BW, DQ and VL, and AVX2.
bool hotstuff_processor_runs_avx512(void);

#endif
