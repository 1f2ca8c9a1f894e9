// Matrix products in eight-bit integers: weights with one scale a column, rows of activations with one
// scale a row that is found anew each time.
//
// The sum over k is exact in 32-bit integers, so that it has no order; each element is then one
// fma(float(sum), row scale * column scale, start). So all paths give the same bits, and a row's bits
// depend neither on the number of rows nor on its neighbours.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// A path of the products. One that `elmond_int8_path_runs_here` denies must not be called.
typedef enum {
  elmond_int8_scalar = 0,
  elmond_int8_avx2 = 1,
  elmond_int8_avx512_vnni = 2,  // AVX-512 F, BW, DQ, VL and VNNI
} elmond_int8_path;

// True when this processor and operating system run the path.
bool elmond_int8_path_runs_here(elmond_int8_path path);

// The longest k: sums of that many products, each below 256 * 127, fit 32 bits.
enum { elmond_int8_longest = 65536 };

// Bytes of a row of k quantised activations: k rounded up to a multiple of four.
int64_t elmond_int8_row_size(int64_t k);

// Bytes of a packed matrix [k, n]: whole panels of 32 columns.
int64_t elmond_int8_packed_size(int64_t k, int64_t n);

// Quantises and packs b [k, n]: [panel][k / 4][32][4], padded with zeros.
//
// `scales` and `sums` have an entry a column, padded to whole panels like the columns. With `is_given`
// the scales of the n columns are taken as they are, else each becomes max |b| / 127. A weight is
// b / scale, rounded to the nearest integer, ties to even, within ±127; 0 where the scale is 0.
// `sums` becomes the sum of a column's quantised weights.
void elmond_int8_pack(
    int64_t k, int64_t n, const float *b, int64_t b_stride, bool is_given, float *scales,
    int32_t *sums, int8_t *packed);

// Quantises rows of a [m, k] into `rows`, m times the row size, for products on the same path.
//
// A row's scale is max |a| / 127; an element is a * (127 / max |a|), rounded to the nearest integer,
// ties to even. A NaN counts as 0, and so does a row of nothing above 2^-100.
void elmond_int8_quantise(
    elmond_int8_path path, int64_t m, int64_t k, const float *a, int64_t a_stride, uint8_t *rows,
    float *scales);

// c[m, n] = start + a · b, `bias` and c beginning at b's first column.
void elmond_int8_product(
    elmond_int8_path path, int64_t m, int64_t n, int64_t k, const uint8_t *rows,
    const float *row_scales, const int8_t *packed, const float *column_scales,
    const int32_t *column_sums, elmond_start start, const float *bias, float *c, int64_t c_stride);

#ifdef __cplusplus
}
#endif
