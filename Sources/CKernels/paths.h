// The table that each path fills and `dispatch.c` chooses from.
#pragma once

#include "CKernels.h"

typedef struct {
  void (*gemm)(
      int64_t m, int64_t n, int64_t k, const float *a, int64_t a_stride, const float *packed,
      elmond_start start, const float *bias, float *c, int64_t c_stride);
  void (*sigmoid)(int64_t n, float *x);
  void (*tanh)(int64_t n, float *x);
  void (*relu)(int64_t n, float *x);
  void (*lstm_cell)(
      int64_t rows, int64_t size, const float *gates, int64_t gates_stride, float *cell,
      int64_t cell_stride, float *output, int64_t output_stride, float limit);
  void (*add)(int64_t n, const float *x, float *y);
  void (*multiply)(int64_t n, const float *x, float *y);
  void (*scale)(int64_t n, float factor, float *y);
  void (*axpy)(int64_t n, float factor, const float *x, float *y);
  void (*clip)(int64_t n, float limit, float *y);
  void (*highway)(int64_t n, const float *gate, const float *transformed, float *h);
  float (*dot)(int64_t n, const float *x, const float *y);
  void (*add_rows)(int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y);
  void (*maximum_of_rows)(
      int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y);
} elmond_kernels;

extern const elmond_kernels elmond_scalar_kernels;
#if defined(__x86_64__)
extern const elmond_kernels elmond_avx2_kernels;
extern const elmond_kernels elmond_avx512_kernels;
#endif

// Constants of exp, sigmoid and tanh, shared by the paths so that their bits agree.
// The polynomials are those of Cephes `expf.c` and `tanhf.c` (https://netlib.org/cephes/).
#define EXP_LIMIT 104.0f           // exp(-104) rounds to 0, denormals included
#define EXP_ROUND 12582912.0f      // 1.5 * 2^23: adding it rounds to an integer in the low bits
#define EXP_LOG2E 1.44269504088896341f
#define EXP_LN2_HIGH 0.693359375f  // few bits, so that its product with a small integer is exact
#define EXP_LN2_LOW -2.12194440e-4f
#define EXP_P0 1.9875691500e-4f
#define EXP_P1 1.3981999507e-3f
#define EXP_P2 8.3334519073e-3f
#define EXP_P3 4.1665795894e-2f
#define EXP_P4 1.6666665459e-1f
#define EXP_P5 5.0000001201e-1f
#define TANH_SMALL 0.625f  // below it the polynomial, from it on the exponential
#define TANH_P0 -5.70498872745e-3f
#define TANH_P1 2.06390887954e-2f
#define TANH_P2 -5.37397155531e-2f
#define TANH_P3 1.33314422036e-1f
#define TANH_P4 -3.33332819422e-1f
