// The loops of training as plain C, which each path compiles for its instruction set; the compiler
// makes vectors of them. All paths have the same bits: products and sums are fused where the text
// says so and nowhere else (-ffp-contract=off), and sums have lanes of their own.
//
// The file that includes this defines before:
//   TARGET  the attribute of its functions
//   VECTOR  a pragma for each loop without dependences, or nothing
//   TABLE   the name of its table
#pragma once

#include <math.h>
#include <string.h>

#include "paths.h"
#include "training.h"

#define INLINE TARGET static inline __attribute__((always_inline))

enum { lanes = 16, block = 1024 };

INLINE float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

INLINE uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

// exp(-x) for x >= 0 or NaN, as in scalar.c, without its branch: the integer is read from the bits
// of the shifted number, and a NaN outlives the powers of two.
INLINE float exp_of_minus(float x) {
  const float t = -(EXP_LIMIT < x ? EXP_LIMIT : x);
  const float shifted = fmaf(t, EXP_LOG2E, EXP_ROUND);
  const float n = shifted - EXP_ROUND;
  float r = fmaf(n, -EXP_LN2_HIGH, t);
  r = fmaf(n, -EXP_LN2_LOW, r);
  float p = fmaf(EXP_P0, r, EXP_P1);
  p = fmaf(p, r, EXP_P2);
  p = fmaf(p, r, EXP_P3);
  p = fmaf(p, r, EXP_P4);
  p = fmaf(p, r, EXP_P5);
  const float e = fmaf(p, r * r, r) + 1.0f;
  const int32_t whole = (int32_t)(bits_of(shifted) - bits_of(EXP_ROUND));
  const int32_t half = whole >> 1;
  const float first = float_of((uint32_t)(half + 127) << 23);
  return e * first * float_of((uint32_t)(whole - half + 127) << 23);
}

INLINE float sigmoid_of(float x) {
  const float e = exp_of_minus(fabsf(x));
  return (x < 0 ? e : 1.0f) / (1.0f + e);
}

INLINE float tanh_of(float x) {
  const float size = fabsf(x);
  const float square = size * size;
  float p = fmaf(TANH_P0, square, TANH_P1);
  p = fmaf(p, square, TANH_P2);
  p = fmaf(p, square, TANH_P3);
  p = fmaf(p, square, TANH_P4);
  const float small = fmaf(p * square, size, size);
  const float e = exp_of_minus(size + size);
  const float large = (1.0f - e) / (1.0f + e);
  return copysignf(size < TANH_SMALL ? small : large, x);
}

INLINE float clipped(float x, float limit) {
  const float t = -limit > x ? -limit : x;
  return limit < t ? limit : t;
}

// ---- Long short-term memory ----

// Asks for the lines of a row while the one before is worked on.
INLINE void fetch_row(int64_t n, const float *x) {
  for (int64_t i = 0; i < n; i += 16) __builtin_prefetch(x + i);
}

TARGET static void lstm_forward_row(
    int64_t size, float *restrict zi, float *restrict zj, float *restrict zf, float *restrict zo,
    const float *restrict cell_before, float *restrict cell, float *restrict tanh_cell,
    float *restrict output, float limit) {
  VECTOR
  for (int64_t u = 0; u < size; u++) {
    const float i = sigmoid_of(zi[u]), j = tanh_of(zj[u]);
    const float f = sigmoid_of(zf[u] + 1.0f), o = sigmoid_of(zo[u]);
    const float c = clipped(fmaf(f, cell_before[u], i * j), limit);
    const float t = tanh_of(c);
    zi[u] = i;
    zj[u] = j;
    zf[u] = f;
    zo[u] = o;
    cell[u] = c;
    tanh_cell[u] = t;
    output[u] = o * t;
  }
}

TARGET static void lstm_forward(
    int64_t rows, int64_t size, float *gates, int64_t gates_stride, const float *cell_before,
    float *cell, float *tanh_cell, float *output, int64_t stride, float limit) {
  for (int64_t row = 0; row < rows; row++) {
    float *z = gates + row * gates_stride;
    if (row + 1 < rows) {
      fetch_row(4 * size, z + gates_stride);
      fetch_row(size, cell_before + (row + 1) * stride);
      fetch_row(size, cell + (row + 1) * stride);
      fetch_row(size, tanh_cell + (row + 1) * stride);
      fetch_row(size, output + (row + 1) * stride);
    }
    lstm_forward_row(
        size, z, z + size, z + 2 * size, z + 3 * size, cell_before + row * stride,
        cell + row * stride, tanh_cell + row * stride, output + row * stride, limit);
  }
}

TARGET static void lstm_backward_row(
    int64_t size, float *restrict zi, float *restrict zj, float *restrict zf, float *restrict zo,
    const float *restrict cell_before, const float *restrict cell,
    const float *restrict tanh_cell, const float *restrict d_output, float *restrict d_cell,
    float *restrict bi, float *restrict bj, float *restrict bf, float *restrict bo, float limit) {
  VECTOR
  for (int64_t u = 0; u < size; u++) {
    const float i = zi[u], j = zj[u], f = zf[u], o = zo[u];
    const float t = tanh_cell[u], dm = d_output[u];
    const float through = fmaf(dm * o, fmaf(-t, t, 1.0f), d_cell[u]);
    const float d = fabsf(cell[u]) >= limit ? 0.0f : through;
    const float di = d * j * i * (1.0f - i), dj = d * i * fmaf(-j, j, 1.0f);
    const float df = d * cell_before[u] * f * (1.0f - f), dp = dm * t * o * (1.0f - o);
    zi[u] = di;
    zj[u] = dj;
    zf[u] = df;
    zo[u] = dp;
    bi[u] = bi[u] + di;
    bj[u] = bj[u] + dj;
    bf[u] = bf[u] + df;
    bo[u] = bo[u] + dp;
    d_cell[u] = d * f;
  }
}

TARGET static void lstm_backward(
    int64_t rows, int64_t size, float *gates, int64_t gates_stride, const float *cell_before,
    const float *cell, const float *tanh_cell, const float *d_output, float *d_cell,
    int64_t stride, float *d_bias, float limit) {
  for (int64_t row = 0; row < rows; row++) {
    float *z = gates + row * gates_stride;
    if (row + 1 < rows) {
      fetch_row(4 * size, z + gates_stride);
      fetch_row(size, cell_before + (row + 1) * stride);
      fetch_row(size, cell + (row + 1) * stride);
      fetch_row(size, tanh_cell + (row + 1) * stride);
    }
    lstm_backward_row(
        size, z, z + size, z + 2 * size, z + 3 * size, cell_before + row * stride,
        cell + row * stride, tanh_cell + row * stride, d_output + row * stride,
        d_cell + row * stride, d_bias, d_bias + size, d_bias + 2 * size, d_bias + 3 * size,
        limit);
  }
}

// ---- Softmax ----

// The greatest of some numbers, NaN passed over; -inf when there are none.
TARGET static float greatest_of(int64_t n, const float *x) {
  float greatest[lanes];
  for (int lane = 0; lane < lanes; lane++) greatest[lane] = -INFINITY;
  const int64_t whole = n - n % lanes;
  for (int64_t i = 0; i < whole; i += lanes)
    VECTOR for (int lane = 0; lane < lanes; lane++)
        greatest[lane] = x[i + lane] > greatest[lane] ? x[i + lane] : greatest[lane];
  for (int64_t i = whole; i < n; i++) greatest[0] = x[i] > greatest[0] ? x[i] : greatest[0];
  for (int lane = 1; lane < lanes; lane++)
    greatest[0] = greatest[lane] > greatest[0] ? greatest[lane] : greatest[0];
  return greatest[0];
}

// The sum in sixteen lanes, folded by halves.
TARGET static float sum_of(int64_t n, const float *x) {
  float sums[lanes] = {0};
  const int64_t whole = n - n % lanes;
  for (int64_t i = 0; i < whole; i += lanes)
    VECTOR for (int lane = 0; lane < lanes; lane++) sums[lane] += x[i + lane];
  for (int64_t i = whole; i < n; i++) sums[i - whole] += x[i];
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
  return sums[0];
}

TARGET static void exp_below(int64_t n, float greatest, float *x) {
  VECTOR
  for (int64_t i = 0; i < n; i++) x[i] = exp_of_minus(greatest - x[i]);
}

TARGET static void softmax_rows(
    int64_t rows, int64_t columns, float *x, int64_t x_stride, float *sums, float *greatest) {
  for (int64_t row = 0; row < rows; row++, x += x_stride) {
    greatest[row] = greatest_of(columns, x);
    double sum = 0;
    for (int64_t first = 0; first < columns; first += block) {
      const int64_t count = first + block < columns ? block : columns - first;
      exp_below(count, greatest[row], x + first);
      sum += (double)sum_of(count, x + first);
    }
    sums[row] = (float)sum;
  }
}

// ---- Optimisers ----

TARGET static void adam(
    int64_t n, elmond_adam_step step, const float *restrict gradient, float *restrict m,
    float *restrict v, float *restrict w) {
  const float rest1 = 1.0f - step.beta1, rest2 = 1.0f - step.beta2;
  VECTOR
  for (int64_t i = 0; i < n; i++) {
    const float s = step.scale * gradient[i];
    const float mean = fmaf(step.beta1, m[i], rest1 * s);
    const float square = fmaf(step.beta2, v[i], rest2 * (s * s));
    m[i] = mean;
    v[i] = square;
    w[i] = w[i] - step.rate * mean / (sqrtf(square) + step.epsilon);
  }
}

TARGET static void adagrad(
    int64_t n, float rate, float scale, const float *restrict gradient, float *restrict a,
    float *restrict w) {
  VECTOR
  for (int64_t i = 0; i < n; i++) {
    const float s = scale * gradient[i];
    const float sum = fmaf(s, s, a[i]);
    a[i] = sum;
    w[i] = w[i] - rate * s / sqrtf(sum);
  }
}

TARGET static double sum_of_squares(int64_t n, const float *x) {
  double sums[lanes] = {0};
  const int64_t whole = n - n % lanes;
  for (int64_t i = 0; i < whole; i += lanes)
    VECTOR for (int lane = 0; lane < lanes; lane++)
        sums[lane] += (double)x[i + lane] * (double)x[i + lane];
  for (int64_t i = whole; i < n; i++) sums[i - whole] += (double)x[i] * (double)x[i];
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
  return sums[0];
}

// ---- Layers ----

TARGET static void relu_backward(int64_t n, const float *restrict y, float *restrict dy) {
  VECTOR
  for (int64_t i = 0; i < n; i++) dy[i] = y[i] > 0 ? dy[i] : 0;
}

TARGET static void highway_backward(
    int64_t n, const float *restrict h, float *restrict gate, float *restrict transformed,
    float *restrict dy) {
  VECTOR
  for (int64_t i = 0; i < n; i++) {
    const float g = gate[i], t = transformed[i], d = dy[i];
    gate[i] = d * (t - h[i]) * g * (1.0f - g);
    transformed[i] = t > 0 ? d * g : 0;
    dy[i] = d * (1.0f - g);
  }
}

TARGET static void add(int64_t n, const float *restrict x, float *restrict y) {
  VECTOR
  for (int64_t i = 0; i < n; i++) y[i] = y[i] + x[i];
}

// ---- Convolutions ----

// At most sixteen columns, wholly in registers when there are sixteen.
INLINE void window_maximum_part(
    int64_t windows, int64_t columns, const int part, const float *scores, const float *bias,
    float *best, int32_t *winners) {
  float greatest[lanes];
  int32_t winner[lanes];
  VECTOR for (int lane = 0; lane < part; lane++) {
    greatest[lane] = scores[lane];
    winner[lane] = 0;
  }
  for (int64_t window = 1; window < windows; window++) {
    const float *row = scores + window * columns;
    VECTOR for (int lane = 0; lane < part; lane++) {
      winner[lane] = row[lane] > greatest[lane] ? (int32_t)window : winner[lane];
      greatest[lane] = row[lane] > greatest[lane] ? row[lane] : greatest[lane];
    }
  }
  VECTOR for (int lane = 0; lane < part; lane++) {
    best[lane] = greatest[lane] + bias[lane];
    winners[lane] = winner[lane];
  }
}

TARGET static void window_maximum(
    int64_t windows, int64_t columns, const float *scores, const float *bias, float *best,
    int32_t *winners) {
  const int64_t whole = columns - columns % lanes;
  for (int64_t i = 0; i < whole; i += lanes)
    window_maximum_part(windows, columns, lanes, scores + i, bias + i, best + i, winners + i);
  if (whole < columns)
    window_maximum_part(
        windows, columns, (int)(columns - whole), scores + whole, bias + whole, best + whole,
        winners + whole);
}

INLINE void add_scaled(int64_t n, float factor, const float *restrict x, float *restrict y) {
  VECTOR
  for (int64_t i = 0; i < n; i++) y[i] = fmaf(factor, x[i], y[i]);
}

TARGET static void convolution_backward(
    int64_t channels, int64_t span, int64_t step, const float *dy, const int32_t *winners,
    const float *input, const float *kernel, float *d_input, float *d_kernel, float *d_bias) {
  for (int64_t channel = 0; channel < channels; channel++) {
    const float d = dy[channel];
    if (d == 0) continue;
    const int64_t first = winners[channel] * step, row = channel * span;
    d_bias[channel] = d_bias[channel] + d;
    add_scaled(span, d, input + first, d_kernel + row);
    add_scaled(span, d, kernel + row, d_input + first);
  }
}

// ---- Dropout ----

// The column's number is mixed as in "lowbias32" (https://nullprogram.com/blog/2018/07/31/), half of
// the key before and half between.
TARGET static void dropout_row(
    int64_t n, float *x, uint32_t key, uint32_t second_key, uint32_t threshold, float scale) {
  VECTOR
  for (int64_t i = 0; i < n; i++) {
    uint32_t bits = (uint32_t)i + key;
    bits = (bits ^ (bits >> 16)) * 0x7feb352d ^ second_key;
    bits = (bits ^ (bits >> 15)) * 0x846ca68b;
    bits ^= bits >> 16;
    x[i] = bits >= threshold ? x[i] * scale : 0;
  }
}

const training_kernels TABLE = {
    .lstm_forward = lstm_forward,
    .lstm_backward = lstm_backward,
    .softmax_rows = softmax_rows,
    .adam = adam,
    .adagrad = adagrad,
    .sum_of_squares = sum_of_squares,
    .relu_backward = relu_backward,
    .highway_backward = highway_backward,
    .add = add,
    .window_maximum = window_maximum,
    .convolution_backward = convolution_backward,
    .dropout_row = dropout_row,
};
