// Eight-bit products with AVX-512 VNNI: 64 multiply-adds in one instruction.
//
// `vpdpbusd` multiplies unsigned by signed bytes, so a row holds a + 128, and each sum starts with
// -128 times the sum of its column's weights. All of it is exact in 32 bits.
#include "int8.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define INLINE TARGET static inline __attribute__((always_inline))
#include "lanes_avx512.h"

enum { most_rows = 12 };

TARGET static float quantise(int64_t k, const float *a, uint8_t *row) {
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  __m512 mosts = _mm512_setzero_ps();
  for (int64_t i = 0; i < k; i += 16) {
    const __m512i x = _mm512_castps_si512(_mm512_maskz_loadu_ps(lanes(k - i), a + i));
    // The second operand wins where the first is no number.
    mosts = _mm512_max_ps(_mm512_castsi512_ps(_mm512_and_si512(x, magnitude)), mosts);
  }
  float each[16], most = 0;
  _mm512_storeu_ps(each, mosts);
  for (int i = 0; i < 16; i++) most = each[i] > most ? each[i] : most;
  const __m512 factor = _mm512_set1_ps(most > INT8_LEAST ? 127.0f / most : 0.0f);
  const int64_t size = elmond_int8_row_size(k);
  for (int64_t i = 0; i < size; i += 16) {
    const __m512 x = _mm512_mul_ps(_mm512_maskz_loadu_ps(lanes(k - i), a + i), factor);
    const __m512 known = _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, x, _CMP_ORD_Q), x);
    __m512i whole = _mm512_cvtps_epi32(known);
    whole = _mm512_min_epi32(whole, _mm512_set1_epi32(127));
    whole = _mm512_max_epi32(whole, _mm512_set1_epi32(-127));
    uint8_t bytes[16];
    _mm_storeu_si128(
        (__m128i *)bytes,
        _mm512_cvtepi32_epi8(_mm512_add_epi32(whole, _mm512_set1_epi32(128))));
    memcpy(row + i, bytes, (size_t)(size - i < 16 ? size - i : 16));
  }
  return most / 127.0f;
}

// Some rows by one panel, wholly in registers: 12 x 2 sums, 2 of b and 1 of a.
INLINE void multiply_rows(const int8_product *p, int64_t row, const int rows, int64_t column) {
  const __m512i minus_128 = _mm512_set1_epi32(-128);
  const uint8_t *a = p->rows + row * p->depth;
  const int8_t *b = p->packed + column * p->depth;
  __m512i sums[most_rows][2];
#pragma clang loop unroll(full)
  for (int part = 0; part < 2; part++) {
    const __m512i sum = _mm512_mullo_epi32(
        _mm512_loadu_si512(p->column_sums + column + 16 * part), minus_128);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r][part] = sum;
  }
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < p->depth; i += 4, b += 4 * int8_width) {
    const __m512i b0 = _mm512_loadu_si512(b), b1 = _mm512_loadu_si512(b + 64);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      int32_t four;
      memcpy(&four, a + r * p->depth + i, 4);
      const __m512i x = _mm512_set1_epi32(four);
      sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], x, b0);
      sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], x, b1);
    }
  }
#pragma clang loop unroll(full)
  for (int part = 0; part < 2; part++) {
    const __mmask16 mask = lanes(p->n - column - 16 * part);
    const __m512 scales = _mm512_loadu_ps(p->column_scales + column + 16 * part);
    __m512 start = _mm512_setzero_ps();
    if (p->start == elmond_start_bias)
      start = _mm512_maskz_loadu_ps(mask, p->bias + column + 16 * part);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      float *c = p->c + (row + r) * p->c_stride + column + 16 * part;
      if (p->start == elmond_start_accumulate) start = _mm512_maskz_loadu_ps(mask, c);
      const __m512 factor = _mm512_mul_ps(_mm512_set1_ps(p->row_scales[row + r]), scales);
      _mm512_mask_storeu_ps(
          c, mask, _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[r][part]), factor, start));
    }
  }
}

#define ROWS(count) \
  case count: multiply_rows(p, first, count, column); break

TARGET static void multiply(const int8_product *p) {
  const int64_t blocks = (p->m + most_rows - 1) / most_rows;
  for (int64_t column = 0; column < p->n; column += int8_width) {
    for (int64_t block = 0; block < blocks; block++) {
      // Blocks of nearly equal height.
      const int64_t first = p->m * block / blocks, last = p->m * (block + 1) / blocks;
      switch (last - first) {
        ROWS(1);
        ROWS(2);
        ROWS(3);
        ROWS(4);
        ROWS(5);
        ROWS(6);
        ROWS(7);
        ROWS(8);
        ROWS(9);
        ROWS(10);
        ROWS(11);
        ROWS(12);
      }
    }
  }
}

const int8_kernels int8_avx512_vnni_kernels = {quantise, multiply};

#endif
