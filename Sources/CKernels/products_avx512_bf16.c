// Products in bf16 with AVX512_BF16: two neighbours in k at a time, twice the rate of fp32.
//
// `vdpbf16ps` takes two steps of a chain: sum = fma(a, b, sum) with the upper halves, then with the
// lower ones, each rounded once, denormals being zero (Intel 64 Software Developer's Manual,
// VDPBF16PS; a Zen 4 was found to do the same).
#include <string.h>

#include "products.h"

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))
#define INLINE TARGET static inline __attribute__((always_inline))
#include "products_avx512.h"

INLINE __m512 run(const float *from, int64_t left) {
  const __m512bh pairs =
      _mm512_cvtne2ps_pbh(load(left - 16, from + 16), load(left, from));
  return _mm512_castsi512_ps(_mm512_rol_epi32((__m512i)pairs, 16));
}

INLINE __m512 rows(const float *from, int64_t stride, int64_t left, int64_t columns) {
  const __m512 upper = load(columns, from);
  const __m512 lower = load(left > 1 ? columns : 0, from + stride);
  // Lanes of `lower` are in the first half of the result, those of `upper` in the second.
  const __m512i halves = (__m512i)_mm512_cvtne2ps_pbh(upper, lower);
  const __m512i first = _mm512_set_epi32(
      15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i order = _mm512_or_si512(
      first, _mm512_slli_epi32(_mm512_add_epi32(first, _mm512_set1_epi32(16)), 16));
  return _mm512_castsi512_ps(_mm512_permutexvar_epi16(order, halves));
}

INLINE __m512 paired(__m512 a, __m512 b, __m512 sums) {
  return _mm512_dpbf16_ps(sums, (__m512bh)a, (__m512bh)b);
}

DEFINE_MULTIPLY(paired)

TARGET static void pack_left_pairs(int64_t height, int64_t k, elmond_factor a, float *words) {
  pack_left(run, rows, 2, height, k, a, words);
  if (k % 2 == 0) return;
  // What the last word lacks is -0 here and 0 on the right: adding -0 leaves every sum as it is.
  for (int64_t row = 0; row < height; row++) {
    float *last = words + row * product_steps + k / 2;
    uint32_t bits;
    memcpy(&bits, last, sizeof bits);
    bits |= 0x8000;
    memcpy(last, &bits, sizeof bits);
  }
}

TARGET static void pack_right_pairs(int64_t k, int64_t columns, elmond_factor b, float *words) {
  pack_right(run, rows, 2, k, columns, b, words);
}

const product_kernels product_avx512_bf16_kernels = {
    2, most_rows, pack_left_pairs, pack_right_pairs, multiply};

#endif
