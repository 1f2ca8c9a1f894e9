// Eight-bit products with AVX2: 32 multiply-adds in four instructions.
//
// `vpmaddubsw` multiplies unsigned by signed bytes and adds neighbours in 16 bits, where two products
// may saturate. With |a| for the unsigned factor and b with a's sign for the signed one, both within
// 127, two of them reach 2 * 127 * 127 = 32258 at most, which fits. (Weights widened to words on the way,
// for `vpmaddwd`, were a quarter slower on a Zen 3.)
#include "int8.h"

#if defined(__x86_64__)
#include <string.h>

#include "vectors_avx2.h"

TARGET static float quantise(int64_t k, const float *a, uint8_t *row) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  __m256 mosts = _mm256_setzero_ps();
  for (int64_t i = 0; i < k; i += 8) {
    const __m256 x = load(k - i, a + i);
    // The second operand wins where the first is no number.
    mosts = _mm256_max_ps(_mm256_andnot_ps(sign, x), mosts);
  }
  float each[8], most = 0;
  _mm256_storeu_ps(each, mosts);
  for (int i = 0; i < 8; i++) most = each[i] > most ? each[i] : most;
  const __m256 factor = _mm256_set1_ps(most > INT8_LEAST ? 127.0f / most : 0.0f);
  const __m256i limit = _mm256_set1_epi32(127), minus_limit = _mm256_set1_epi32(-127);
  for (int64_t i = 0; i < k; i += 8) {
    __m256 x = _mm256_mul_ps(load(k - i, a + i), factor);
    x = _mm256_and_ps(x, _mm256_cmp_ps(x, x, _CMP_ORD_Q));
    __m256i whole = _mm256_cvtps_epi32(x);
    whole = _mm256_max_epi32(_mm256_min_epi32(whole, limit), minus_limit);
    const __m128i words = _mm_packs_epi32(
        _mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
    const uint64_t bytes = (uint64_t)_mm_cvtsi128_si64(_mm_packs_epi16(words, words));
    memcpy(row + i, &bytes, elmond_int8_row_size(k) - i < 8 ? 4 : 8);
  }
  return most / 127.0f;
}

// One or two rows by a panel, wholly in registers.
INLINE void multiply_rows(const int8_product *p, int64_t row, const int rows, int64_t column) {
  enum { parts = int8_width / 8 };
  const __m256i ones = _mm256_set1_epi16(1);
  const uint8_t *a[2] = {p->rows + row * p->depth, p->rows + (row + rows - 1) * p->depth};
  const int8_t *b = p->packed + column * p->depth;
  __m256i sums[2][parts];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++) sums[r][part] = _mm256_setzero_si256();
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < p->depth; i += 4, b += 4 * int8_width) {
    __m256i x[2], size[2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      int32_t four;
      memcpy(&four, a[r] + i, sizeof four);
      x[r] = _mm256_set1_epi32(four);
      size[r] = _mm256_abs_epi8(x[r]);
    }
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++) {
      const __m256i weights = _mm256_loadu_si256((const __m256i *)(b + 32 * part));
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        const __m256i pairs = _mm256_maddubs_epi16(size[r], _mm256_sign_epi8(weights, x[r]));
        sums[r][part] = _mm256_add_epi32(sums[r][part], _mm256_madd_epi16(pairs, ones));
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    const __m256 scale = _mm256_set1_ps(p->row_scales[row + r]);
    float *c = p->c + (row + r) * p->c_stride + column;
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++) {
      const int64_t left = p->n - column - 8 * part;
      const __m256 factor =
          _mm256_mul_ps(scale, _mm256_loadu_ps(p->column_scales + column + 8 * part));
      __m256 start = _mm256_setzero_ps();
      if (p->start == elmond_start_bias) start = load(left, p->bias + column + 8 * part);
      if (p->start == elmond_start_accumulate) start = load(left, c + 8 * part);
      store(left, c + 8 * part, _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums[r][part]), factor, start));
    }
  }
}

TARGET static void multiply(const int8_product *p) {
  for (int64_t column = 0; column < p->n; column += int8_width) {
    int64_t row = 0;
    for (; row + 2 <= p->m; row += 2) multiply_rows(p, row, 2, column);
    if (row < p->m) multiply_rows(p, row, 1, column);
  }
}

const int8_kernels int8_avx2_kernels = {quantise, multiply};

#endif
