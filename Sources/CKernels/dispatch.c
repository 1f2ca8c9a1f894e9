// Chooses the path of each call, and packs matrices, which needs no instruction set.
#include <string.h>

#include "paths.h"

bool elmond_path_runs_here(elmond_path path) {
  switch (path) {
    case elmond_scalar:
      return true;
#if defined(__x86_64__)
    // The compiler's test also asks the operating system whether it saves the wide registers.
    case elmond_avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case elmond_avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
    default:
      return false;
  }
}

static const elmond_kernels *kernels(elmond_path path) {
#if defined(__x86_64__)
  if (path == elmond_avx512) return &elmond_avx512_kernels;
  if (path == elmond_avx2) return &elmond_avx2_kernels;
#else
  (void)path;
#endif
  return &elmond_scalar_kernels;
}

int64_t elmond_packed_size(int64_t rows, int64_t columns) {
  int64_t panels = (columns + elmond_panel_columns - 1) / elmond_panel_columns;
  return panels * elmond_panel_columns * rows;
}

void elmond_pack(
    int64_t rows, int64_t columns, const float *b, int64_t b_stride, float *packed) {
  // Sixteen rows at a time: as many streams to read, and 2 KiB to write in one piece.
  enum { block = 16, width = elmond_panel_columns };
  for (int64_t first = 0; first < rows; first += block) {
    int64_t last = first + block < rows ? first + block : rows;
    for (int64_t column = 0; column < columns; column += width) {
      float *panel = packed + column * rows;
      int64_t left = columns - column;
      for (int64_t row = first; row < last; row++) {
        float *to = panel + row * width;
        const float *from = b + row * b_stride + column;
        if (left >= width) {
          memcpy(to, from, width * sizeof(float));
        } else {
          memcpy(to, from, (size_t)left * sizeof(float));
          memset(to + left, 0, (size_t)(width - left) * sizeof(float));
        }
      }
    }
  }
}

void elmond_gemm(
    elmond_path path, int64_t m, int64_t n, int64_t k, const float *a, int64_t a_stride,
    const float *packed, elmond_start start, const float *bias, float *c, int64_t c_stride) {
  kernels(path)->gemm(m, n, k, a, a_stride, packed, start, bias, c, c_stride);
}

void elmond_sigmoid(elmond_path path, int64_t n, float *x) { kernels(path)->sigmoid(n, x); }

void elmond_tanh(elmond_path path, int64_t n, float *x) { kernels(path)->tanh(n, x); }

void elmond_relu(elmond_path path, int64_t n, float *x) { kernels(path)->relu(n, x); }

void elmond_lstm_cell(
    elmond_path path, int64_t rows, int64_t size, const float *gates, int64_t gates_stride,
    float *cell, int64_t cell_stride, float *output, int64_t output_stride, float limit) {
  kernels(path)->lstm_cell(
      rows, size, gates, gates_stride, cell, cell_stride, output, output_stride, limit);
}

void elmond_add(elmond_path path, int64_t n, const float *x, float *y) {
  kernels(path)->add(n, x, y);
}

void elmond_multiply(elmond_path path, int64_t n, const float *x, float *y) {
  kernels(path)->multiply(n, x, y);
}

void elmond_scale(elmond_path path, int64_t n, float factor, float *y) {
  kernels(path)->scale(n, factor, y);
}

void elmond_axpy(elmond_path path, int64_t n, float factor, const float *x, float *y) {
  kernels(path)->axpy(n, factor, x, y);
}

void elmond_clip(elmond_path path, int64_t n, float limit, float *y) {
  kernels(path)->clip(n, limit, y);
}

void elmond_highway(
    elmond_path path, int64_t n, const float *gate, const float *transformed, float *h) {
  kernels(path)->highway(n, gate, transformed, h);
}

float elmond_dot(elmond_path path, int64_t n, const float *x, const float *y) {
  return kernels(path)->dot(n, x, y);
}

void elmond_add_rows(
    elmond_path path, int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  kernels(path)->add_rows(rows, columns, x, x_stride, y);
}

void elmond_maximum_of_rows(
    elmond_path path, int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y) {
  kernels(path)->maximum_of_rows(rows, columns, x, x_stride, y);
}
