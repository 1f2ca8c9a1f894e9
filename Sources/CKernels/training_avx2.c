// The loops of training with AVX2 and FMA.
#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define VECTOR _Pragma("clang loop vectorize(enable)")
#define TABLE training_avx2_kernels
#include "training_loops.h"
#endif
