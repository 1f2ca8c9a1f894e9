// What the two AVX-512 paths of the products share. The file that includes this defines TARGET and
// INLINE, the attributes of its functions, before.
#pragma once

#include "lanes_avx512.h"
#include "products.h"

enum { most_rows = 14, steps_at_once = 4 };

INLINE __m512 load(int64_t left, const float *from) {
  return _mm512_maskz_loadu_ps(lanes(left), from);
}

// Asks for a cache line before its turn. There may be nothing at the address.
INLINE void fetch(const float *from) { _mm_prefetch((const char *)from, _MM_HINT_T1); }

// Turns sixteen rows of sixteen words into columns.
INLINE void transpose(__m512 x[16]) {
  __m512 y[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 2) {
    y[i] = _mm512_unpacklo_ps(x[i], x[i + 1]);
    y[i + 1] = _mm512_unpackhi_ps(x[i], x[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      const __m512d above = _mm512_castps_pd(y[i + j]), below = _mm512_castps_pd(y[i + j + 2]);
      x[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(above, below));
      x[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(above, below));
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    y[i] = _mm512_shuffle_f32x4(x[i], x[i + 4], 0x88);
    y[i + 4] = _mm512_shuffle_f32x4(x[i], x[i + 4], 0xdd);
    y[i + 8] = _mm512_shuffle_f32x4(x[i + 8], x[i + 12], 0x88);
    y[i + 12] = _mm512_shuffle_f32x4(x[i + 8], x[i + 12], 0xdd);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    x[i] = _mm512_shuffle_f32x4(y[i], y[i + 8], 0x88);
    x[i + 8] = _mm512_shuffle_f32x4(y[i], y[i + 8], 0xdd);
  }
}

// Sixteen words along k of one row, from `from` on, where `left` of k are left.
typedef __m512 (*words_of_run)(const float *from, int64_t left);

// One word of k of sixteen columns, from `from` on, where `left` of k and `columns` are left.
typedef __m512 (*words_of_rows)(const float *from, int64_t stride, int64_t left, int64_t columns);

// Sixteen words along k of each of sixteen rows or columns, `across` of which exist; the factor has
// k across its rows. In: x[i] is along the rows or columns at one word of k, out: x[i] is along k.
INLINE void load_rows(
    __m512 x[16], words_of_rows words, int64_t step, const float *from, int64_t stride,
    int64_t left, int64_t across) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++)
    x[i] = left > i * step ? words(from + i * step * stride, stride, left - i * step, across)
                           : _mm512_setzero_ps();
}

INLINE void pack_left(
    words_of_run run, words_of_rows across, int64_t step, int64_t rows, int64_t k, elmond_factor a,
    float *words) {
  // Row after row, each from end to end: rows far apart are slow to reach in turn.
  for (int64_t row = 0; row < rows && !a.transposed; row++) {
    const float *from = a.values + row * a.stride;
    float *to = words + row * product_steps;
    for (int64_t i = 0; i < k; i += 16 * step) {
      fetch(from + i + a.stride);
      if (step > 1) fetch(from + i + a.stride + 16);
      _mm512_storeu_ps(to + i / step, run(from + i, k - i));
    }
  }
  for (int64_t i = 0; i < k && a.transposed; i += 16 * step) {
    float *to = words + i / step;
    for (int64_t row = 0; row < rows; row += 16) {
      const float *from = a.values + i * a.stride + row;
      __m512 x[16];
#pragma clang loop unroll(full)
      for (int64_t j = 0; j < 16 * step; j++) fetch(from + (j + 16 * step) * a.stride);
      load_rows(x, across, step, from, a.stride, k - i, rows - row);
      transpose(x);
#pragma clang loop unroll(full)
      for (int j = 0; j < 16; j++)
        if (row + j < rows) _mm512_storeu_ps(to + (row + j) * product_steps, x[j]);
    }
  }
}

// Where the words of a column begin in packed panels of so many steps.
INLINE float *panel_of(float *words, int64_t steps, int64_t column) {
  return words + column / product_width * product_width * steps + column % product_width;
}

INLINE void pack_right(
    words_of_run run, words_of_rows across, int64_t step, int64_t k, int64_t columns,
    elmond_factor b, float *words) {
  const int64_t steps = (k + step - 1) / step;
  const int64_t all = (columns + product_width - 1) / product_width * product_width;
  // Few steps of all columns at a time: as many streams to read, each from end to end.
  for (int64_t first = 0; first < steps && !b.transposed; first += steps_at_once) {
    const int64_t last = first + steps_at_once < steps ? first + steps_at_once : steps;
    for (int64_t column = 0; column < all; column += 16) {
      float *to = panel_of(words, steps, column);
      const float *from = b.values + column;
      for (int64_t i = first * step; i < last * step; i++)
        fetch(from + (i + steps_at_once * step) * b.stride);
      for (int64_t i = first; i < last; i++)
        _mm512_storeu_ps(
            to + i * product_width,
            across(from + i * step * b.stride, b.stride, k - i * step, columns - column));
    }
  }
  for (int64_t column = 0; column < all && b.transposed; column += 16) {
    float *to = panel_of(words, steps, column);
    const int64_t left = columns - column;
    for (int64_t i = 0; i < steps; i += 16) {
      __m512 x[16];
#pragma clang loop unroll(full)
      for (int j = 0; j < 16; j++)
        x[j] = j < left ? run(b.values + (column + j) * b.stride + i * step, k - i * step)
                        : _mm512_setzero_ps();
      transpose(x);
#pragma clang loop unroll(full)
      for (int j = 0; j < 16; j++)
        if (i + j < steps) _mm512_storeu_ps(to + (i + j) * product_width, x[j]);
    }
  }
}

// sums + the product of words, of which `a` is the same in all lanes.
typedef __m512 (*multiply_add)(__m512 a, __m512 b, __m512 sums);

// Some rows by one panel, wholly in registers: 14 x 2 sums, 2 of b and 1 of a.
INLINE void multiply_rows(multiply_add fma, const product_tile *t, const int rows) {
  const __mmask16 left = lanes(t->columns), right = lanes(t->columns - 16);
  const bool zero = t->start == elmond_start_zero, bias = t->start == elmond_start_bias;
  float *const c = t->c;
  const int64_t stride = t->c_stride;
  __m512 sums[most_rows][2];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    const float *from = bias ? t->bias : c + row * stride;
    sums[row][0] = _mm512_maskz_loadu_ps(zero ? 0 : left, from);
    sums[row][1] = _mm512_maskz_loadu_ps(zero ? 0 : right, from + 16);
  }
  // What the next tile adds to, or what this one is about to write.
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    fetch(t->next_c + row * stride);
    fetch(t->next_c + row * stride + 16);
  }
  const float *a = t->left, *b = t->right;
  // Unrolling over k would need registers that the sums have.
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < t->steps; i++, a++, b += product_width) {
    const __m512 b0 = _mm512_loadu_ps(b), b1 = _mm512_loadu_ps(b + 16);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const __m512 value = _mm512_set1_ps(a[row * product_steps]);
      sums[row][0] = fma(value, b0, sums[row][0]);
      sums[row][1] = fma(value, b1, sums[row][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    _mm512_mask_storeu_ps(c + row * stride, left, sums[row][0]);
    _mm512_mask_storeu_ps(c + row * stride + 16, right, sums[row][1]);
  }
}

// Defines multiply(tile), a function of its own for each number of rows, given fma.
#define DEFINE_MULTIPLY(fma)                                                                     \
  ROWS(fma, 1) ROWS(fma, 2) ROWS(fma, 3) ROWS(fma, 4) ROWS(fma, 5) ROWS(fma, 6) ROWS(fma, 7)     \
  ROWS(fma, 8) ROWS(fma, 9) ROWS(fma, 10) ROWS(fma, 11) ROWS(fma, 12) ROWS(fma, 13)              \
  ROWS(fma, 14)                                                                                  \
  TARGET static void multiply(const product_tile *t) {                                           \
    static void (*const of_rows[most_rows + 1])(const product_tile *) = {                        \
        0, multiply_1, multiply_2, multiply_3, multiply_4, multiply_5, multiply_6, multiply_7,   \
        multiply_8, multiply_9, multiply_10, multiply_11, multiply_12, multiply_13, multiply_14, \
    };                                                                                           \
    of_rows[t->rows](t);                                                                         \
  }
#define ROWS(fma, rows) \
  TARGET static void multiply_##rows(const product_tile *t) { multiply_rows(fma, t, rows); }
