// Products eight floats at a time with AVX2 and FMA; packing is that of the plain path.
#include "products.h"

#if defined(__x86_64__)
#include "vectors_avx2.h"

enum { most_rows = 6 };

// Some rows by sixteen columns of the panel, wholly in registers: 12 sums, 2 of b and 1 of a.
INLINE void multiply_rows(const product_tile *t, const int rows, int64_t column) {
  const int64_t left = t->columns - column;
  const bool zero = t->start == elmond_start_zero, bias = t->start == elmond_start_bias;
  float *const c = t->c + column;
  __m256 sums[most_rows][2];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    const float *from = bias ? t->bias + column : c + row * t->c_stride;
    sums[row][0] = zero ? _mm256_setzero_ps() : load(left, from);
    sums[row][1] = zero ? _mm256_setzero_ps() : load(left - 8, from + 8);
  }
  const float *a = t->left, *b = t->right + column;
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < t->steps; i++, a++, b += product_width) {
    const __m256 b0 = _mm256_loadu_ps(b), b1 = _mm256_loadu_ps(b + 8);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const __m256 value = _mm256_broadcast_ss(a + row * product_steps);
      sums[row][0] = _mm256_fmadd_ps(value, b0, sums[row][0]);
      sums[row][1] = _mm256_fmadd_ps(value, b1, sums[row][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    store(left, c + row * t->c_stride, sums[row][0]);
    store(left - 8, c + row * t->c_stride + 8, sums[row][1]);
  }
}

TARGET static void multiply(const product_tile *t) {
  for (int64_t column = 0; column < t->columns; column += 16) {
    switch (t->rows) {
      case 1: multiply_rows(t, 1, column); break;
      case 2: multiply_rows(t, 2, column); break;
      case 3: multiply_rows(t, 3, column); break;
      case 4: multiply_rows(t, 4, column); break;
      case 5: multiply_rows(t, 5, column); break;
      default: multiply_rows(t, 6, column); break;
    }
  }
}

const product_kernels product_avx2_kernels[2] = {
    {1, most_rows, product_pack_left_fp32, product_pack_right_fp32, multiply},
    {1, most_rows, product_pack_left_bf16, product_pack_right_bf16, multiply},
};

#endif
