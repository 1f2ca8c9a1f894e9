// What a path of the eight-bit products has to do.
#pragma once

#include "CKernels.h"

enum { int8_width = elmond_panel_columns };

// A row of nothing larger counts as zeros: 127 over less may be no finite number.
#define INT8_LEAST 0x1p-100f

// A product as `elmond_int8_product` takes it.
typedef struct {
  int64_t m, n, k;
  int64_t depth;  // of a row: k rounded up to a multiple of four
  const uint8_t *rows;
  const float *row_scales;
  const int8_t *packed;
  const float *column_scales;
  const int32_t *column_sums;
  elmond_start start;
  const float *bias;
  float *c;
  int64_t c_stride;
} int8_product;

typedef struct {
  // One row; answers its scale. What lies between k and the depth becomes the format's zero.
  float (*quantise)(int64_t k, const float *a, uint8_t *row);
  void (*multiply)(const int8_product *product);
} int8_kernels;

extern const int8_kernels int8_scalar_kernels;
#if defined(__x86_64__)
extern const int8_kernels int8_avx2_kernels;
extern const int8_kernels int8_avx512_vnni_kernels;
#endif
