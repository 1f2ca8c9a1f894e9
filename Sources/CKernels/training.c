// Chooses the path of each loop of training, and draws the keys of dropout.
#include <string.h>

#include "training.h"

static const training_kernels *kernels(elmond_path path) {
#if defined(__x86_64__)
  if (path == elmond_avx512) return &training_avx512_kernels;
  if (path == elmond_avx2) return &training_avx2_kernels;
#else
  (void)path;
#endif
  return &training_scalar_kernels;
}

void elmond_lstm_forward(
    elmond_path path, int64_t rows, int64_t size, float *gates, int64_t gates_stride,
    const float *cell_before, float *cell, float *tanh_cell, float *output, int64_t stride,
    float limit) {
  kernels(path)->lstm_forward(
      rows, size, gates, gates_stride, cell_before, cell, tanh_cell, output, stride, limit);
}

void elmond_lstm_backward(
    elmond_path path, int64_t rows, int64_t size, float *gates, int64_t gates_stride,
    const float *cell_before, const float *cell, const float *tanh_cell, const float *d_output,
    float *d_cell, int64_t stride, float *d_bias, float limit) {
  kernels(path)->lstm_backward(
      rows, size, gates, gates_stride, cell_before, cell, tanh_cell, d_output, d_cell, stride,
      d_bias, limit);
}

void elmond_softmax_rows(
    elmond_path path, int64_t rows, int64_t columns, float *x, int64_t x_stride, float *sums,
    float *greatest) {
  kernels(path)->softmax_rows(rows, columns, x, x_stride, sums, greatest);
}

void elmond_adam(
    elmond_path path, int64_t n, elmond_adam_step step, const float *gradient, float *m, float *v,
    float *w) {
  kernels(path)->adam(n, step, gradient, m, v, w);
}

void elmond_adagrad(
    elmond_path path, int64_t n, float rate, float scale, const float *gradient, float *a,
    float *w) {
  kernels(path)->adagrad(n, rate, scale, gradient, a, w);
}

double elmond_sum_of_squares(elmond_path path, int64_t n, const float *x) {
  return kernels(path)->sum_of_squares(n, x);
}

void elmond_relu_backward(elmond_path path, int64_t n, const float *y, float *dy) {
  kernels(path)->relu_backward(n, y, dy);
}

void elmond_highway_backward(
    elmond_path path, int64_t n, const float *h, float *gate, float *transformed, float *dy) {
  kernels(path)->highway_backward(n, h, gate, transformed, dy);
}

void elmond_gather_rows(
    int64_t rows, int64_t columns, const int32_t *indices, const float *x, int64_t x_stride,
    float *y, int64_t y_stride) {
  for (int64_t row = 0; row < rows; row++)
    memcpy(
        y + row * y_stride, x + indices[row] * x_stride, (size_t)columns * sizeof(float));
}

void elmond_scatter_add_rows(
    elmond_path path, int64_t rows, int64_t columns, const int32_t *indices, const float *x,
    int64_t x_stride, float *y, int64_t y_stride) {
  const training_kernels *use = kernels(path);
  for (int64_t row = 0; row < rows; row++)
    use->add(columns, x + row * x_stride, y + indices[row] * y_stride);
}

void elmond_window_maximum(
    elmond_path path, int64_t windows, int64_t columns, const float *scores, const float *bias,
    float *best, int32_t *winners) {
  kernels(path)->window_maximum(windows, columns, scores, bias, best, winners);
}

void elmond_convolution_backward(
    elmond_path path, int64_t channels, int64_t span, int64_t step, const float *dy,
    const int32_t *winners, const float *input, const float *kernel, float *d_input,
    float *d_kernel, float *d_bias) {
  kernels(path)->convolution_backward(
      channels, span, step, dy, winners, input, kernel, d_input, d_kernel, d_bias);
}

// A step of SplitMix64, the finaliser of Steele, Lea and Flood
// (https://doi.org/10.1145/2714064.2660195).
static uint64_t mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

void elmond_dropout(
    elmond_path path, int64_t rows, int64_t columns, float *x, int64_t x_stride, uint64_t key,
    int64_t first_row, uint32_t threshold, float scale) {
  const training_kernels *use = kernels(path);
  for (int64_t row = 0; row < rows; row++) {
    const uint64_t keys = mixed(mixed(key) + (uint64_t)(first_row + row));
    use->dropout_row(
        columns, x + row * x_stride, (uint32_t)keys, (uint32_t)(keys >> 32), threshold, scale);
  }
}
