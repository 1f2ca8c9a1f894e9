// The element-wise loops of training, each on three paths with the same bits.
//
// The promises of CKernels.h hold here too. Arrays that are written overlap no other array. σ, tanh
// and exp are those of the activations, bit for bit.
#pragma once

#include <stdint.h>

#include "CKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- Long short-term memory ----

// One step of the cell that keeps what the way back needs. `gates` [rows, 4 * size] holds i, j, f, o
// with the bias in, and afterwards σ(i), tanh(j), σ(f + 1), σ(o). The other arrays are [rows, size]
// with one stride; all but `cell_before` are written.
//   cell = clip(fma(σ(f + 1), cell_before, σ(i) * tanh(j)), ±limit)
//   tanh_cell = tanh(cell);  output = σ(o) * tanh_cell
void elmond_lstm_forward(
    elmond_path path, int64_t rows, int64_t size, float *gates, int64_t gates_stride,
    const float *cell_before, float *cell, float *tanh_cell, float *output, int64_t stride,
    float limit);

// The way back through one step. `gates` holds what the way forward left and receives the gradient
// of its sums, which is added to `d_bias` [4 * size] too, row after row; `d_cell` holds the gradient
// of `cell` from the next step and receives that of `cell_before`. Where |cell| >= limit nothing
// flows back through the cell.
//   d = |cell| < limit ? fma(d_output * o, 1 - tanh_cell², d_cell) : 0
//   di = d * j * i * (1 - i);           dj = d * i * (1 - j²)
//   df = d * cell_before * f * (1 - f); do = d_output * tanh_cell * o * (1 - o);  d_cell = d * f
void elmond_lstm_backward(
    elmond_path path, int64_t rows, int64_t size, float *gates, int64_t gates_stride,
    const float *cell_before, const float *cell, const float *tanh_cell, const float *d_output,
    float *d_cell, int64_t stride, float *d_bias, float limit);

// ---- Softmax ----

// x = exp(x - the greatest of its row), at most 2 ulp from the exact value of the difference; the
// sum of what a row becomes, and its greatest. A -inf becomes 0; a NaN makes its row's sum one.
void elmond_softmax_rows(
    elmond_path path, int64_t rows, int64_t columns, float *x, int64_t x_stride, float *sums,
    float *greatest);

// ---- Optimisers ----

// One step of Adam, s = scale * gradient: m = fma(beta1, m, (1 - beta1) * s),
// v = fma(beta2, v, (1 - beta2) * s²), w = w - rate * m / (√v + epsilon).
typedef struct {
  float rate;  // corrected for the bias of young averages
  float beta1, beta2, epsilon;
  float scale;
} elmond_adam_step;

void elmond_adam(
    elmond_path path, int64_t n, elmond_adam_step step, const float *gradient, float *m, float *v,
    float *w);

// One step of Adagrad, s = scale * gradient: a = fma(s, s, a), w = w - rate * s / √a.
void elmond_adagrad(
    elmond_path path, int64_t n, float rate, float scale, const float *gradient, float *a,
    float *w);

// The sum of squares in double precision, in sixteen lanes folded by halves as in `elmond_dot`.
double elmond_sum_of_squares(elmond_path path, int64_t n, const float *x);

// ---- Layers ----

// dy = y > 0 ? dy : 0, y being what relu gave.
void elmond_relu_backward(elmond_path path, int64_t n, const float *y, float *dy);

// The way back through `elmond_highway`, whose `gate` was a sigmoid and `transformed` a relu, and
// `h` its input. All but `h` are read and written, dy being the gradient of the output:
//   gate = dy * (transformed - h) * gate * (1 - gate), the gradient of the sigmoid's argument
//   transformed = transformed > 0 ? dy * gate : 0, that of the relu's argument
//   dy = dy * (1 - gate), that of h beside what flows through those two
void elmond_highway_backward(
    elmond_path path, int64_t n, const float *h, float *gate, float *transformed, float *dy);

// ---- Convolutions ----

// best[column] = bias[column] + the greatest scores[window, column], and winners[column] the first
// window that has it; a NaN is passed over unless it comes first. There is at least one window.
void elmond_window_maximum(
    elmond_path path, int64_t windows, int64_t columns, const float *scores, const float *bias,
    float *best, int32_t *winners);

// The way back through a convolution of one token and `elmond_window_maximum`: channel c saw `span`
// floats of `input` from winners[c] * step on, and has row c of `kernel` and `d_kernel`
// [channels, span]. Channels go up; one with dy[c] = 0 does nothing.
//   d_bias[c] = d_bias[c] + dy[c];  d_kernel[c] = fma(dy[c], what it saw, d_kernel[c])
//   d_input, where it saw, = fma(dy[c], kernel[c], d_input)
void elmond_convolution_backward(
    elmond_path path, int64_t channels, int64_t span, int64_t step, const float *dy,
    const int32_t *winners, const float *input, const float *kernel, float *d_input,
    float *d_kernel, float *d_bias);

// ---- Rows by index ----

// y[row] = x[indices[row]].
void elmond_gather_rows(
    int64_t rows, int64_t columns, const int32_t *indices, const float *x, int64_t x_stride,
    float *y, int64_t y_stride);

// y[indices[row]] = y[indices[row]] + x[row], row after row.
void elmond_scatter_add_rows(
    elmond_path path, int64_t rows, int64_t columns, const int32_t *indices, const float *x,
    int64_t x_stride, float *y, int64_t y_stride);

// ---- Dropout ----

// x = x / (1 - p) where a bit drawn for the element is set, else 0. `scale` is 1 / (1 - p),
// `threshold` p * 2^32. What is drawn depends on the key, the row's number (from `first_row`) and
// the column only; so the same call treats the gradient.
void elmond_dropout(
    elmond_path path, int64_t rows, int64_t columns, float *x, int64_t x_stride, uint64_t key,
    int64_t first_row, uint32_t threshold, float scale);

#ifdef __cplusplus
}
#endif
