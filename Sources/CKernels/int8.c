// Chooses the path of each eight-bit product, and packs weights, which needs no instruction set.
#include <math.h>
#include <string.h>

#include "int8.h"

bool elmond_int8_path_runs_here(elmond_int8_path path) {
  switch (path) {
    case elmond_int8_scalar:
      return true;
#if defined(__x86_64__)
    case elmond_int8_avx2:
      return elmond_path_runs_here(elmond_avx2);
    case elmond_int8_avx512_vnni:
      return elmond_path_runs_here(elmond_avx512) && __builtin_cpu_supports("avx512vnni");
#endif
    default:
      return false;
  }
}

static const int8_kernels *kernels(elmond_int8_path path) {
#if defined(__x86_64__)
  if (path == elmond_int8_avx512_vnni) return &int8_avx512_vnni_kernels;
  if (path == elmond_int8_avx2) return &int8_avx2_kernels;
#else
  (void)path;
#endif
  return &int8_scalar_kernels;
}

int64_t elmond_int8_row_size(int64_t k) { return (k + 3) / 4 * 4; }

static int64_t padded(int64_t columns) {
  return (columns + int8_width - 1) / int8_width * int8_width;
}

int64_t elmond_int8_packed_size(int64_t k, int64_t n) {
  return padded(n) * elmond_int8_row_size(k);
}

static int8_t quantised(float x, float scale) {
  if (!(scale > 0)) return 0;
  const float ratio = x / scale;
  const float near = ratio > 127 ? 127 : ratio < -127 ? -127 : ratio;
  // Adding 1.5 * 2^23 rounds to an integer; `rintf` would be a call.
  const float round = 12582912.0f;
  return (int8_t)((near + round) - round);
}

void elmond_int8_pack(
    int64_t k, int64_t n, const float *b, int64_t b_stride, bool is_given, float *scales,
    int32_t *sums, int8_t *packed) {
  const int64_t depth = elmond_int8_row_size(k);
  memset(packed, 0, (size_t)elmond_int8_packed_size(k, n));
  for (int64_t column = 0; column < padded(n); column++) {
    sums[column] = 0;
    if (column >= n || !is_given) scales[column] = 0;
  }
  if (!is_given) {
    for (int64_t i = 0; i < k; i++)
      for (int64_t column = 0; column < n; column++) {
        const float size = fabsf(b[i * b_stride + column]);
        if (size > scales[column]) scales[column] = size;
      }
    for (int64_t column = 0; column < n; column++) scales[column] /= 127.0f;
  }
  for (int64_t i = 0; i < k; i++) {
    int8_t *to = packed + i / 4 * int8_width * 4 + i % 4;
    for (int64_t column = 0; column < n; column++) {
      const int8_t value = quantised(b[i * b_stride + column], scales[column]);
      to[column / int8_width * int8_width * depth + column % int8_width * 4] = value;
      sums[column] += value;
    }
  }
}

void elmond_int8_quantise(
    elmond_int8_path path, int64_t m, int64_t k, const float *a, int64_t a_stride, uint8_t *rows,
    float *scales) {
  const int8_kernels *use = kernels(path);
  const int64_t size = elmond_int8_row_size(k);
  for (int64_t row = 0; row < m; row++)
    scales[row] = use->quantise(k, a + row * a_stride, rows + row * size);
}

void elmond_int8_product(
    elmond_int8_path path, int64_t m, int64_t n, int64_t k, const uint8_t *rows,
    const float *row_scales, const int8_t *packed, const float *column_scales,
    const int32_t *column_sums, elmond_start start, const float *bias, float *c, int64_t c_stride) {
  const int8_product product = {
      .m = m,
      .n = n,
      .k = k,
      .depth = elmond_int8_row_size(k),
      .rows = rows,
      .row_scales = row_scales,
      .packed = packed,
      .column_scales = column_scales,
      .column_sums = column_sums,
      .start = start,
      .bias = bias,
      .c = c,
      .c_stride = c_stride,
  };
  kernels(path)->multiply(&product);
}
