// The plain path: what every other path must equal bit for bit. It is kept simple for ever.
#include <math.h>
#include <string.h>

#include "paths.h"

static void gemm(
    int64_t m, int64_t n, int64_t k, const float *a, int64_t a_stride, const float *packed,
    elmond_start start, const float *bias, float *c, int64_t c_stride) {
  for (int64_t row = 0; row < m; row++) {
    for (int64_t column = 0; column < n; column++) {
      const float *b = packed + (column / elmond_panel_columns) * elmond_panel_columns * k +
                       column % elmond_panel_columns;
      float sum = 0;
      if (start == elmond_start_bias) sum = bias[column];
      if (start == elmond_start_accumulate) sum = c[row * c_stride + column];
      for (int64_t i = 0; i < k; i++)
        sum = fmaf(a[row * a_stride + i], b[i * elmond_panel_columns], sum);
      c[row * c_stride + column] = sum;
    }
  }
}

// 2^n for -126 <= n <= 127.
static float power_of_two(int32_t n) {
  uint32_t bits = (uint32_t)(n + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

// exp(-x) for x >= 0 or NaN: -x = n ln 2 + r, then a polynomial in r, times 2^n in two factors, the
// first product exact, so that a denormal result is rounded once.
static float exp_of_minus(float x) {
  float t = -(EXP_LIMIT < x ? EXP_LIMIT : x);
  float shifted = fmaf(t, EXP_LOG2E, EXP_ROUND);
  float n = shifted - EXP_ROUND;
  float r = fmaf(n, -EXP_LN2_HIGH, t);
  r = fmaf(n, -EXP_LN2_LOW, r);
  float p = fmaf(EXP_P0, r, EXP_P1);
  p = fmaf(p, r, EXP_P2);
  p = fmaf(p, r, EXP_P3);
  p = fmaf(p, r, EXP_P4);
  p = fmaf(p, r, EXP_P5);
  float e = fmaf(p, r * r, r) + 1.0f;
  if (e != e) return e;
  int32_t whole = (int32_t)n;
  int32_t half = whole / 2;
  return e * power_of_two(half) * power_of_two(whole - half);
}

static float sigmoid_of(float x) {
  float e = exp_of_minus(fabsf(x));
  return (x < 0 ? e : 1.0f) / (1.0f + e);
}

static float tanh_of(float x) {
  float size = fabsf(x);
  float result;
  if (size < TANH_SMALL) {
    float square = size * size;
    float p = fmaf(TANH_P0, square, TANH_P1);
    p = fmaf(p, square, TANH_P2);
    p = fmaf(p, square, TANH_P3);
    p = fmaf(p, square, TANH_P4);
    result = fmaf(p * square, size, size);
  } else {
    float e = exp_of_minus(size + size);
    result = (1.0f - e) / (1.0f + e);
  }
  return copysignf(result, x);
}

static float clipped(float x, float limit) {
  float t = -limit > x ? -limit : x;
  return limit < t ? limit : t;
}

static void sigmoid(int64_t n, float *x) {
  for (int64_t i = 0; i < n; i++) x[i] = sigmoid_of(x[i]);
}

static void hyperbolic_tangent(int64_t n, float *x) {
  for (int64_t i = 0; i < n; i++) x[i] = tanh_of(x[i]);
}

static void relu(int64_t n, float *x) {
  for (int64_t i = 0; i < n; i++) x[i] = 0.0f > x[i] ? 0.0f : x[i];
}

static void lstm_cell(
    int64_t rows, int64_t size, const float *gates, int64_t gates_stride, float *cell,
    int64_t cell_stride, float *output, int64_t output_stride, float limit) {
  for (int64_t row = 0; row < rows; row++) {
    const float *z = gates + row * gates_stride;
    float *c = cell + row * cell_stride;
    float *m = output + row * output_stride;
    for (int64_t u = 0; u < size; u++) {
      float input = sigmoid_of(z[u]) * tanh_of(z[size + u]);
      float forget = sigmoid_of(z[2 * size + u] + 1.0f);
      c[u] = clipped(fmaf(forget, c[u], input), limit);
      m[u] = sigmoid_of(z[3 * size + u]) * tanh_of(c[u]);
    }
  }
}

static void add(int64_t n, const float *x, float *y) {
  for (int64_t i = 0; i < n; i++) y[i] = y[i] + x[i];
}

static void multiply(int64_t n, const float *x, float *y) {
  for (int64_t i = 0; i < n; i++) y[i] = y[i] * x[i];
}

static void scale(int64_t n, float factor, float *y) {
  for (int64_t i = 0; i < n; i++) y[i] = y[i] * factor;
}

static void axpy(int64_t n, float factor, const float *x, float *y) {
  for (int64_t i = 0; i < n; i++) y[i] = fmaf(factor, x[i], y[i]);
}

static void clip(int64_t n, float limit, float *y) {
  for (int64_t i = 0; i < n; i++) y[i] = clipped(y[i], limit);
}

static void highway(int64_t n, const float *gate, const float *transformed, float *h) {
  for (int64_t i = 0; i < n; i++)
    h[i] = fmaf(gate[i], transformed[i], (1.0f - gate[i]) * h[i]);
}

static float dot(int64_t n, const float *x, const float *y) {
  float lanes[16] = {0};
  for (int64_t i = 0; i < n; i++) lanes[i % 16] = fmaf(x[i], y[i], lanes[i % 16]);
  for (int width = 8; width > 0; width /= 2)
    for (int lane = 0; lane < width; lane++) lanes[lane] = lanes[lane] + lanes[lane + width];
  return lanes[0];
}

static void add_rows(
    int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  for (int64_t row = 0; row < rows; row++) add(columns, x + row * x_stride, y);
}

static void maximum_of_rows(
    int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  for (int64_t column = 0; column < columns; column++) {
    float greatest = x[column];
    for (int64_t row = 1; row < rows; row++) {
      float value = x[row * x_stride + column];
      if (value > greatest || value != value) greatest = value;
    }
    y[column] = greatest;
  }
}

const elmond_kernels elmond_scalar_kernels = {
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
