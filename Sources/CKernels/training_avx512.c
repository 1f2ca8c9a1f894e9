// The loops of training with AVX-512.
#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))
#define VECTOR _Pragma("clang loop vectorize(enable) vectorize_width(16) interleave_count(1)")
#define TABLE training_avx512_kernels
#include "training_loops.h"
#endif
