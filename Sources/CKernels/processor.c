#include "processor.h"

#if defined(__x86_64__)

bool hotstuff_processor_runs_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

bool hotstuff_processor_runs_avx512(void) {
    return hotstuff_processor_runs_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

bool hotstuff_processor_chains_vectors(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_is("intel");
}

#else

bool hotstuff_processor_runs_avx2(void) { return false; }

bool hotstuff_processor_runs_avx512(void) { return false; }

bool hotstuff_processor_chains_vectors(void) { return false; }

#endif
