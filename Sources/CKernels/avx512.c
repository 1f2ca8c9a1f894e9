// Sixteen floats at a time with AVX-512. Tails are masked, so that nothing beyond the end is
// touched.
#include "paths.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define INLINE TARGET static inline __attribute__((always_inline))

#include "lanes_avx512.h"

// Runs a body for each sixteen elements from `i`, with the `mask` of those that exist.
#define FOR_EACH(n, ...)                      \
  do {                                        \
    int64_t i = 0;                            \
    for (; i + 16 <= (n); i += 16) {          \
      const __mmask16 mask = 0xffff;          \
      __VA_ARGS__                             \
    }                                         \
    if (i < (n)) {                            \
      const __mmask16 mask = lanes((n) - i);  \
      __VA_ARGS__                             \
    }                                         \
  } while (0)

INLINE __m512 load(__mmask16 mask, const float *from) { return _mm512_maskz_loadu_ps(mask, from); }

INLINE void store(__mmask16 mask, float *to, __m512 x) { _mm512_mask_storeu_ps(to, mask, x); }

INLINE __m512 every(float x) { return _mm512_set1_ps(x); }

// ---- Matrix product ----

enum { width = elmond_panel_columns, most_rows = 14 };

typedef struct {
  int64_t k;
  const float *a;  // the first of the rows
  int64_t a_stride;
  const float *panel;
  int64_t ahead;  // how many bytes before its use a part of the panels is fetched
  elmond_start start;
  const float *bias;
  float *c;
  int64_t c_stride;
  __mmask16 left, right;  // the columns of c that exist, in halves of the panel
} tile;

// Some rows by one panel, wholly in registers: 14 x 2 sums, 2 of b and 1 of a.
INLINE void multiply_tile(const tile *t, const int rows) {
  __m512 sums[most_rows][2];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    const float *from = t->start == elmond_start_bias ? t->bias : t->c + row * t->c_stride;
    const bool zero = t->start == elmond_start_zero;
    sums[row][0] = _mm512_maskz_loadu_ps(zero ? 0 : t->left, from);
    sums[row][1] = _mm512_maskz_loadu_ps(zero ? 0 : t->right, from + 16);
  }
  const float *a = t->a, *b = t->panel;
  const int64_t a_stride = t->a_stride, ahead = t->ahead;
  // Unrolling over k would need registers that the sums have.
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < t->k; i++, a++, b += width) {
    _mm_prefetch((const char *)((uintptr_t)b + (uintptr_t)ahead), _MM_HINT_T0);
    _mm_prefetch((const char *)((uintptr_t)b + (uintptr_t)ahead + 64), _MM_HINT_T0);
    const __m512 b0 = _mm512_loadu_ps(b);
    const __m512 b1 = _mm512_loadu_ps(b + 16);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const __m512 value = _mm512_set1_ps(a[row * a_stride]);
      sums[row][0] = _mm512_fmadd_ps(value, b0, sums[row][0]);
      sums[row][1] = _mm512_fmadd_ps(value, b1, sums[row][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    float *to = t->c + row * t->c_stride;
    _mm512_mask_storeu_ps(to, t->left, sums[row][0]);
    _mm512_mask_storeu_ps(to + 16, t->right, sums[row][1]);
  }
}

#define TILE(rows) \
  TARGET static void multiply_##rows(const tile *t) { multiply_tile(t, rows); }
TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8) TILE(9) TILE(10) TILE(11)
TILE(12) TILE(13) TILE(14)

static void (*const multiply_rows[most_rows + 1])(const tile *) = {
    0, multiply_1, multiply_2, multiply_3, multiply_4, multiply_5, multiply_6, multiply_7,
    multiply_8, multiply_9, multiply_10, multiply_11, multiply_12, multiply_13, multiply_14,
};

TARGET static void gemm(
    int64_t m, int64_t n, int64_t k, const float *a, int64_t a_stride, const float *packed,
    elmond_start start, const float *bias, float *c, int64_t c_stride) {
  const int64_t blocks = (m + most_rows - 1) / most_rows;
  tile t = {.k = k, .a_stride = a_stride, .start = start, .c_stride = c_stride};
  for (int64_t column = 0; column < n; column += width) {
    t.panel = packed + column * k;
    t.bias = start == elmond_start_bias ? bias + column : 0;
    t.left = lanes(n - column);
    t.right = lanes(n - column - 16);
    for (int64_t block = 0; block < blocks; block++) {
      // Blocks of nearly equal height keep a short one from waiting for memory.
      const int64_t first = m * block / blocks, last = m * (block + 1) / blocks;
      t.a = a + first * a_stride;
      t.c = c + first * c_stride + column;
      t.ahead = (int64_t)sizeof(float) * width * (blocks > 1 && block + 1 == blocks ? k : 64);
      multiply_rows[last - first](&t);
    }
  }
}

// ---- Activations ----

INLINE __m512 exp_of_minus(__m512 x) {
  const __m512 sign = _mm512_castsi512_ps(_mm512_set1_epi32(INT32_MIN));
  __m512 t = _mm512_xor_ps(_mm512_min_ps(every(EXP_LIMIT), x), sign);
  __m512 n = _mm512_sub_ps(
      _mm512_fmadd_ps(t, every(EXP_LOG2E), every(EXP_ROUND)), every(EXP_ROUND));
  __m512 r = _mm512_fnmadd_ps(n, every(EXP_LN2_HIGH), t);
  r = _mm512_fnmadd_ps(n, every(EXP_LN2_LOW), r);
  __m512 p = _mm512_fmadd_ps(every(EXP_P0), r, every(EXP_P1));
  p = _mm512_fmadd_ps(p, r, every(EXP_P2));
  p = _mm512_fmadd_ps(p, r, every(EXP_P3));
  p = _mm512_fmadd_ps(p, r, every(EXP_P4));
  p = _mm512_fmadd_ps(p, r, every(EXP_P5));
  __m512 e = _mm512_add_ps(_mm512_fmadd_ps(p, _mm512_mul_ps(r, r), r), every(1));
  return _mm512_scalef_ps(e, n);  // rounds once, as the two halves of the scalar path do
}

INLINE __m512 sigmoid_of(__m512 x) {
  __m512 e = exp_of_minus(_mm512_abs_ps(x));
  __mmask16 negative = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_LT_OQ);
  __m512 numerator = _mm512_mask_mov_ps(every(1), negative, e);
  return _mm512_div_ps(numerator, _mm512_add_ps(every(1), e));
}

INLINE __m512 tanh_of(__m512 x) {
  const __m512 sign = _mm512_castsi512_ps(_mm512_set1_epi32(INT32_MIN));
  __m512 size = _mm512_abs_ps(x);
  __m512 square = _mm512_mul_ps(size, size);
  __m512 p = _mm512_fmadd_ps(every(TANH_P0), square, every(TANH_P1));
  p = _mm512_fmadd_ps(p, square, every(TANH_P2));
  p = _mm512_fmadd_ps(p, square, every(TANH_P3));
  p = _mm512_fmadd_ps(p, square, every(TANH_P4));
  __m512 small = _mm512_fmadd_ps(_mm512_mul_ps(p, square), size, size);
  __m512 e = exp_of_minus(_mm512_add_ps(size, size));
  __m512 large = _mm512_div_ps(_mm512_sub_ps(every(1), e), _mm512_add_ps(every(1), e));
  __mmask16 is_small = _mm512_cmp_ps_mask(size, every(TANH_SMALL), _CMP_LT_OQ);
  __m512 result = _mm512_abs_ps(_mm512_mask_mov_ps(large, is_small, small));
  return _mm512_or_ps(result, _mm512_and_ps(x, sign));
}

INLINE __m512 clipped(__m512 x, __m512 limit, __m512 minus_limit) {
  return _mm512_min_ps(limit, _mm512_max_ps(minus_limit, x));
}

TARGET static void sigmoid(int64_t n, float *x) {
  FOR_EACH(n, store(mask, x + i, sigmoid_of(load(mask, x + i))););
}

TARGET static void hyperbolic_tangent(int64_t n, float *x) {
  FOR_EACH(n, store(mask, x + i, tanh_of(load(mask, x + i))););
}

TARGET static void relu(int64_t n, float *x) {
  FOR_EACH(n, store(mask, x + i, _mm512_max_ps(_mm512_setzero_ps(), load(mask, x + i))););
}

// ---- Long short-term memory ----

TARGET static void lstm_cell(
    int64_t rows, int64_t size, const float *gates, int64_t gates_stride, float *cell,
    int64_t cell_stride, float *output, int64_t output_stride, float limit) {
  for (int64_t row = 0; row < rows; row++) {
    const float *z = gates + row * gates_stride;
    float *c = cell + row * cell_stride;
    float *m = output + row * output_stride;
    FOR_EACH(
        size, __m512 input = _mm512_mul_ps(
                  sigmoid_of(load(mask, z + i)), tanh_of(load(mask, z + size + i)));
        __m512 forget = sigmoid_of(_mm512_add_ps(load(mask, z + 2 * size + i), every(1)));
        __m512 next = clipped(
            _mm512_fmadd_ps(forget, load(mask, c + i), input), every(limit), every(-limit));
        store(mask, c + i, next);
        __m512 gate = sigmoid_of(load(mask, z + 3 * size + i));
        store(mask, m + i, _mm512_mul_ps(gate, tanh_of(next))););
  }
}

// ---- Vectors ----

TARGET static void add(int64_t n, const float *x, float *y) {
  FOR_EACH(n, store(mask, y + i, _mm512_add_ps(load(mask, y + i), load(mask, x + i))););
}

TARGET static void multiply(int64_t n, const float *x, float *y) {
  FOR_EACH(n, store(mask, y + i, _mm512_mul_ps(load(mask, y + i), load(mask, x + i))););
}

TARGET static void scale(int64_t n, float factor, float *y) {
  FOR_EACH(n, store(mask, y + i, _mm512_mul_ps(load(mask, y + i), every(factor))););
}

TARGET static void axpy(int64_t n, float factor, const float *x, float *y) {
  FOR_EACH(n, store(
      mask, y + i, _mm512_fmadd_ps(every(factor), load(mask, x + i), load(mask, y + i))););
}

TARGET static void clip(int64_t n, float limit, float *y) {
  FOR_EACH(n, store(mask, y + i, clipped(load(mask, y + i), every(limit), every(-limit))););
}

TARGET static void highway(int64_t n, const float *gate, const float *transformed, float *h) {
  FOR_EACH(
      n, __m512 g = load(mask, gate + i);
      __m512 kept = _mm512_mul_ps(_mm512_sub_ps(every(1), g), load(mask, h + i));
      store(mask, h + i, _mm512_fmadd_ps(g, load(mask, transformed + i), kept)););
}

TARGET static float dot(int64_t n, const float *x, const float *y) {
  __m512 sum = _mm512_setzero_ps();
  FOR_EACH(n, sum = _mm512_mask3_fmadd_ps(load(mask, x + i), load(mask, y + i), sum, mask););
  __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sum), _mm512_extractf32x8_ps(sum, 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

TARGET static void add_rows(
    int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  FOR_EACH(
      columns, __m512 sum = load(mask, y + i);
      for (int64_t row = 0; row < rows; row++)
          sum = _mm512_add_ps(sum, load(mask, x + row * x_stride + i));
      store(mask, y + i, sum););
}

TARGET static void maximum_of_rows(
    int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  FOR_EACH(
      columns, __m512 greatest = load(mask, x + i);
      for (int64_t row = 1; row < rows; row++) {
        __m512 value = load(mask, x + row * x_stride + i);
        __mmask16 is_nan = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
        greatest = _mm512_mask_mov_ps(_mm512_max_ps(value, greatest), is_nan, value);
      } store(mask, y + i, greatest););
}

const elmond_kernels elmond_avx512_kernels = {
    .gemm = gemm,
    .sigmoid = sigmoid,
    .tanh = hyperbolic_tangent,
    .relu = relu,
    .lstm_cell = lstm_cell,
    .add = add,
    .multiply = multiply,
    .scale = scale,
    .axpy = axpy,
    .clip = clip,
    .highway = highway,
    .dot = dot,
    .add_rows = add_rows,
    .maximum_of_rows = maximum_of_rows,
};

#endif
