// What the AVX2 paths share: attributes of their functions, and tails of vectors.
#pragma once

#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE TARGET static inline __attribute__((always_inline))

// The lanes that hold something when `left` elements are left.
INLINE __m256i lanes(int64_t left) {
  static const int32_t ones[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return _mm256_loadu_si256((const __m256i *)(ones + 8 - (left > 8 ? 8 : left < 0 ? 0 : left)));
}

// The first elements, and 0 for those that do not exist. Whole vectors are not masked: a masked store
// takes a dozen times as long on some processors.
INLINE __m256 load(int64_t left, const float *from) {
  return left >= 8 ? _mm256_loadu_ps(from) : _mm256_maskload_ps(from, lanes(left));
}

INLINE void store(int64_t left, float *to, __m256 x) {
  if (left >= 8)
    _mm256_storeu_ps(to, x);
  else
    _mm256_maskstore_ps(to, lanes(left), x);
}
