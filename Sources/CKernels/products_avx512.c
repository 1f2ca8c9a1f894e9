// Products sixteen floats at a time with AVX-512, in fp32, and in bf16 by rounding the factors.
#include "products.h"

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define INLINE TARGET static inline __attribute__((always_inline))
#include "products_avx512.h"

// Floats rounded to bfloat16: nearest, ties to even; denormals become a zero of their sign.
INLINE __m512 rounded(__m512 x) {
  const __m512i bits = _mm512_castps_si512(x);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  __m512i result =
      _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd);
  const __mmask16 tiny = _mm512_cmplt_epi32_mask(
      _mm512_castps_si512(_mm512_abs_ps(x)), _mm512_set1_epi32(0x00800000));
  const __mmask16 is_nan = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
  result = _mm512_mask_and_epi32(result, tiny, bits, _mm512_set1_epi32(INT32_MIN));
  result = _mm512_mask_or_epi32(result, is_nan, bits, _mm512_set1_epi32(0x00400000));
  return _mm512_castsi512_ps(
      _mm512_and_si512(result, _mm512_set1_epi32((int32_t)0xffff0000)));
}

INLINE __m512 run_fp32(const float *from, int64_t left) { return load(left, from); }

INLINE __m512 run_bf16(const float *from, int64_t left) { return rounded(load(left, from)); }

INLINE __m512 rows_fp32(const float *from, int64_t stride, int64_t left, int64_t columns) {
  (void)stride, (void)left;
  return load(columns, from);
}

INLINE __m512 rows_bf16(const float *from, int64_t stride, int64_t left, int64_t columns) {
  (void)stride, (void)left;
  return rounded(load(columns, from));
}

INLINE __m512 fused(__m512 a, __m512 b, __m512 sums) { return _mm512_fmadd_ps(a, b, sums); }

DEFINE_MULTIPLY(fused)

#define PACK(precision)                                                                      \
  TARGET static void pack_left_##precision(                                                  \
      int64_t rows, int64_t k, elmond_factor a, float *words) {                              \
    pack_left(run_##precision, rows_##precision, 1, rows, k, a, words);                      \
  }                                                                                          \
  TARGET static void pack_right_##precision(                                                 \
      int64_t k, int64_t columns, elmond_factor b, float *words) {                           \
    pack_right(run_##precision, rows_##precision, 1, k, columns, b, words);                  \
  }
PACK(fp32)
PACK(bf16)

const product_kernels product_avx512_kernels[2] = {
    {1, most_rows, pack_left_fp32, pack_right_fp32, multiply},
    {1, most_rows, pack_left_bf16, pack_right_bf16, multiply},
};

#endif
