// Eight floats at a time with AVX2 and FMA. Tails are masked, so that nothing beyond the end is
// touched.
#include "paths.h"

#if defined(__x86_64__)
#include "vectors_avx2.h"

// Runs a body for each eight elements from `i`, of which `left` exist, at most 8.
#define FOR_EACH(n, ...)              \
  do {                                \
    int64_t i = 0;                    \
    for (; i + 8 <= (n); i += 8) {    \
      const int64_t left = 8;         \
      __VA_ARGS__                     \
    }                                 \
    if (i < (n)) {                    \
      const int64_t left = (n) - i;   \
      __VA_ARGS__                     \
    }                                 \
  } while (0)

INLINE __m256 every(float x) { return _mm256_set1_ps(x); }

// ---- Matrix product ----

enum {
  width = elmond_panel_columns,
  most_rows = 6,
  most_whole_rows = 3,
  panel_floats = 1 << 15,  // 128 KiB of panels that each block of rows meets in turn
};

typedef struct {
  int64_t k;
  const float *a;  // the first of the rows
  int64_t a_stride;
  const float *panel;  // from the first column of the tile
  int64_t ahead;       // how many bytes before its use a part of the panels is fetched
  elmond_start start;
  const float *bias;
  float *c;
  int64_t c_stride;
  int64_t columns;  // how many of the tile's columns exist in c
} tile;

// Some rows by some eights of columns, wholly in registers: 12 sums, up to 2 of b and 1 of a.
INLINE void multiply_tile(const tile *t, const int rows, const int eights) {
  __m256 sums[most_rows][4];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    const float *from = t->start == elmond_start_bias ? t->bias : t->c + row * t->c_stride;
#pragma clang loop unroll(full)
    for (int part = 0; part < eights; part++)
      sums[row][part] = t->start == elmond_start_zero
                            ? _mm256_setzero_ps()
                            : load(t->columns - 8 * part, from + 8 * part);
  }
  const float *a = t->a, *b = t->panel;
  const int64_t a_stride = t->a_stride, ahead = t->ahead;
  // Unrolling over k would need registers that the sums have.
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < t->k; i++, a++, b += width) {
    // Half a panel fetches the other half too, which comes next.
    _mm_prefetch((const char *)((uintptr_t)b + (uintptr_t)ahead), _MM_HINT_T0);
    _mm_prefetch((const char *)((uintptr_t)b + (uintptr_t)ahead + 64), _MM_HINT_T0);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const __m256 value = _mm256_broadcast_ss(a + row * a_stride);
#pragma clang loop unroll(full)
      for (int part = 0; part < eights; part++)
        sums[row][part] =
            _mm256_fmadd_ps(value, _mm256_loadu_ps(b + 8 * part), sums[row][part]);
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    float *to = t->c + row * t->c_stride;
#pragma clang loop unroll(full)
    for (int part = 0; part < eights; part++)
      store(t->columns - 8 * part, to + 8 * part, sums[row][part]);
  }
}

#define TILE(rows, eights) \
  TARGET static void multiply_##rows(const tile *t) { multiply_tile(t, rows, eights); }
TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 2) TILE(5, 2) TILE(6, 2)

static void (*const multiply_rows[most_rows + 1])(const tile *) = {
    0, multiply_1, multiply_2, multiply_3, multiply_4, multiply_5, multiply_6,
};

TARGET static void gemm(
    int64_t m, int64_t n, int64_t k, const float *a, int64_t a_stride, const float *packed,
    elmond_start start, const float *bias, float *c, int64_t c_stride) {
  const int64_t blocks = (m + most_rows - 1) / most_rows;
  // Some panels together, as many as the second cache holds beside the rest, so that c is read and
  // written in pieces longer than two cache lines.
  const int64_t panels = panel_floats / (width * (k > 0 ? k : 1));
  const int64_t together = width * (panels > 1 ? panels : 1);
  tile t = {.k = k, .a_stride = a_stride, .start = start, .c_stride = c_stride};
  for (int64_t group = 0; group < n; group += together) {
    const int64_t end = group + together < n ? group + together : n;
    for (int64_t block = 0; block < blocks; block++) {
      // Blocks of nearly equal height keep a short one from waiting for memory.
      const int64_t first = m * block / blocks, last = m * (block + 1) / blocks;
      const int64_t step = last - first <= most_whole_rows ? width : width / 2;
      t.a = a + first * a_stride;
      t.ahead = (int64_t)sizeof(float) * width * (blocks > 1 && block + 1 == blocks ? k : 64);
      for (int64_t column = group; column < end; column += width) {
        for (int64_t part = 0; part < width && column + part < n; part += step) {
          t.panel = packed + column * k + part;
          t.bias = start == elmond_start_bias ? bias + column + part : 0;
          t.c = c + first * c_stride + column + part;
          t.columns = n - column - part;
          multiply_rows[last - first](&t);
        }
      }
    }
  }
}

// ---- Activations ----

INLINE __m256 absolute(__m256 x) { return _mm256_andnot_ps(every(-0.0f), x); }

INLINE __m256 power_of_two(__m256i n) {
  return _mm256_castsi256_ps(
      _mm256_slli_epi32(_mm256_add_epi32(n, _mm256_set1_epi32(127)), 23));
}

INLINE __m256 exp_of_minus(__m256 x) {
  const __m256 sign = every(-0.0f);
  __m256 t = _mm256_xor_ps(_mm256_min_ps(every(EXP_LIMIT), x), sign);
  __m256 n = _mm256_sub_ps(
      _mm256_fmadd_ps(t, every(EXP_LOG2E), every(EXP_ROUND)), every(EXP_ROUND));
  __m256 r = _mm256_fnmadd_ps(n, every(EXP_LN2_HIGH), t);
  r = _mm256_fnmadd_ps(n, every(EXP_LN2_LOW), r);
  __m256 p = _mm256_fmadd_ps(every(EXP_P0), r, every(EXP_P1));
  p = _mm256_fmadd_ps(p, r, every(EXP_P2));
  p = _mm256_fmadd_ps(p, r, every(EXP_P3));
  p = _mm256_fmadd_ps(p, r, every(EXP_P4));
  p = _mm256_fmadd_ps(p, r, every(EXP_P5));
  __m256 e = _mm256_add_ps(_mm256_fmadd_ps(p, _mm256_mul_ps(r, r), r), every(1));
  // 2^n in two factors, the first product exact, so that a denormal is rounded once.
  __m256i whole = _mm256_cvtps_epi32(n);
  __m256i half = _mm256_srai_epi32(whole, 1);
  e = _mm256_mul_ps(e, power_of_two(half));
  return _mm256_mul_ps(e, power_of_two(_mm256_sub_epi32(whole, half)));
}

INLINE __m256 sigmoid_of(__m256 x) {
  __m256 e = exp_of_minus(absolute(x));
  __m256 negative = _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ);
  __m256 numerator = _mm256_blendv_ps(every(1), e, negative);
  return _mm256_div_ps(numerator, _mm256_add_ps(every(1), e));
}

INLINE __m256 tanh_of(__m256 x) {
  const __m256 sign = every(-0.0f);
  __m256 size = absolute(x);
  __m256 square = _mm256_mul_ps(size, size);
  __m256 p = _mm256_fmadd_ps(every(TANH_P0), square, every(TANH_P1));
  p = _mm256_fmadd_ps(p, square, every(TANH_P2));
  p = _mm256_fmadd_ps(p, square, every(TANH_P3));
  p = _mm256_fmadd_ps(p, square, every(TANH_P4));
  __m256 small = _mm256_fmadd_ps(_mm256_mul_ps(p, square), size, size);
  __m256 e = exp_of_minus(_mm256_add_ps(size, size));
  __m256 large = _mm256_div_ps(_mm256_sub_ps(every(1), e), _mm256_add_ps(every(1), e));
  __m256 is_small = _mm256_cmp_ps(size, every(TANH_SMALL), _CMP_LT_OQ);
  __m256 result = absolute(_mm256_blendv_ps(large, small, is_small));
  return _mm256_or_ps(result, _mm256_and_ps(x, sign));
}

INLINE __m256 clipped(__m256 x, __m256 limit, __m256 minus_limit) {
  return _mm256_min_ps(limit, _mm256_max_ps(minus_limit, x));
}

TARGET static void sigmoid(int64_t n, float *x) {
  FOR_EACH(n, store(left, x + i, sigmoid_of(load(left, x + i))););
}

TARGET static void hyperbolic_tangent(int64_t n, float *x) {
  FOR_EACH(n, store(left, x + i, tanh_of(load(left, x + i))););
}

TARGET static void relu(int64_t n, float *x) {
  FOR_EACH(n, store(left, x + i, _mm256_max_ps(_mm256_setzero_ps(), load(left, x + i))););
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
        size, __m256 input = _mm256_mul_ps(
                  sigmoid_of(load(left, z + i)), tanh_of(load(left, z + size + i)));
        __m256 forget = sigmoid_of(_mm256_add_ps(load(left, z + 2 * size + i), every(1)));
        __m256 next = clipped(
            _mm256_fmadd_ps(forget, load(left, c + i), input), every(limit), every(-limit));
        store(left, c + i, next);
        __m256 gate = sigmoid_of(load(left, z + 3 * size + i));
        store(left, m + i, _mm256_mul_ps(gate, tanh_of(next))););
  }
}

// ---- Vectors ----

TARGET static void add(int64_t n, const float *x, float *y) {
  FOR_EACH(n, store(left, y + i, _mm256_add_ps(load(left, y + i), load(left, x + i))););
}

TARGET static void multiply(int64_t n, const float *x, float *y) {
  FOR_EACH(n, store(left, y + i, _mm256_mul_ps(load(left, y + i), load(left, x + i))););
}

TARGET static void scale(int64_t n, float factor, float *y) {
  FOR_EACH(n, store(left, y + i, _mm256_mul_ps(load(left, y + i), every(factor))););
}

TARGET static void axpy(int64_t n, float factor, const float *x, float *y) {
  FOR_EACH(n, store(
      left, y + i, _mm256_fmadd_ps(every(factor), load(left, x + i), load(left, y + i))););
}

TARGET static void clip(int64_t n, float limit, float *y) {
  FOR_EACH(n, store(left, y + i, clipped(load(left, y + i), every(limit), every(-limit))););
}

TARGET static void highway(int64_t n, const float *gate, const float *transformed, float *h) {
  FOR_EACH(
      n, __m256 g = load(left, gate + i);
      __m256 kept = _mm256_mul_ps(_mm256_sub_ps(every(1), g), load(left, h + i));
      store(left, h + i, _mm256_fmadd_ps(g, load(left, transformed + i), kept)););
}

TARGET static float dot(int64_t n, const float *x, const float *y) {
  __m256 low = _mm256_setzero_ps(), high = _mm256_setzero_ps();
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    low = _mm256_fmadd_ps(_mm256_loadu_ps(x + i), _mm256_loadu_ps(y + i), low);
    high = _mm256_fmadd_ps(_mm256_loadu_ps(x + i + 8), _mm256_loadu_ps(y + i + 8), high);
  }
  // A lane without an element keeps its sum: adding 0 would turn -0 into 0.
  __m256 sum = _mm256_fmadd_ps(load(n - i, x + i), load(n - i, y + i), low);
  low = _mm256_blendv_ps(low, sum, _mm256_castsi256_ps(lanes(n - i)));
  i += 8;
  sum = _mm256_fmadd_ps(load(n - i, x + i), load(n - i, y + i), high);
  high = _mm256_blendv_ps(high, sum, _mm256_castsi256_ps(lanes(n - i)));
  __m256 eight = _mm256_add_ps(low, high);
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

TARGET static void add_rows(
    int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  FOR_EACH(
      columns, __m256 sum = load(left, y + i);
      for (int64_t row = 0; row < rows; row++)
          sum = _mm256_add_ps(sum, load(left, x + row * x_stride + i));
      store(left, y + i, sum););
}

TARGET static void maximum_of_rows(
    int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  FOR_EACH(
      columns, __m256 greatest = load(left, x + i);
      for (int64_t row = 1; row < rows; row++) {
        __m256 value = load(left, x + row * x_stride + i);
        __m256 is_nan = _mm256_cmp_ps(value, value, _CMP_UNORD_Q);
        greatest = _mm256_blendv_ps(_mm256_max_ps(value, greatest), value, is_nan);
      } store(left, y + i, greatest););
}

const elmond_kernels elmond_avx2_kernels = {
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
