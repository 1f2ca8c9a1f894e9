// The table of the loops of training that each path fills and `training.c` chooses from.
#pragma once

#include "include/TrainingKernels.h"

typedef struct {
  void (*lstm_forward)(
      int64_t rows, int64_t size, float *gates, int64_t gates_stride, const float *cell_before,
      float *cell, float *tanh_cell, float *output, int64_t stride, float limit);
  void (*lstm_backward)(
      int64_t rows, int64_t size, float *gates, int64_t gates_stride, const float *cell_before,
      const float *cell, const float *tanh_cell, const float *d_output, float *d_cell,
      int64_t stride, float *d_bias, float limit);
  void (*softmax_rows)(
      int64_t rows, int64_t columns, float *x, int64_t x_stride, float *sums, float *greatest);
  void (*adam)(
      int64_t n, elmond_adam_step step, const float *gradient, float *m, float *v, float *w);
  void (*adagrad)(
      int64_t n, float rate, float scale, const float *gradient, float *a, float *w);
  double (*sum_of_squares)(int64_t n, const float *x);
  void (*relu_backward)(int64_t n, const float *y, float *dy);
  void (*highway_backward)(
      int64_t n, const float *h, float *gate, float *transformed, float *dy);
  void (*add)(int64_t n, const float *x, float *y);
  void (*window_maximum)(
      int64_t windows, int64_t columns, const float *scores, const float *bias, float *best,
      int32_t *winners);
  void (*convolution_backward)(
      int64_t channels, int64_t span, int64_t step, const float *dy, const int32_t *winners,
      const float *input, const float *kernel, float *d_input, float *d_kernel, float *d_bias);
  void (*dropout_row)(
      int64_t n, float *x, uint32_t key, uint32_t second_key, uint32_t threshold, float scale);
} training_kernels;

extern const training_kernels training_scalar_kernels;
#if defined(__x86_64__)
extern const training_kernels training_avx2_kernels;
extern const training_kernels training_avx512_kernels;
#endif
