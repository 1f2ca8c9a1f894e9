// Matrix products for training, whose factors change from call to call, in two precisions.
//
// Each element of c is one chain of fma(a, b, sum) over k in ascending order, whatever the path, the
// blocking or the thread; with bf16 the factors are rounded to bfloat16 first (nearest, ties to
// even, denormals to a zero of their sign). So all paths give the same bits, with one exception:
// the avx512_bf16 path sets a sum below the smallest normal number to zero.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// What the factors are rounded to. Sums are always in single precision.
typedef enum {
  elmond_fp32 = 0,
  elmond_bf16 = 1,
} elmond_precision;

// A path of the products. One that `elmond_product_path_runs_here` denies must not be called.
typedef enum {
  elmond_product_scalar = 0,
  elmond_product_avx2 = 1,         // AVX2 and FMA
  elmond_product_avx512 = 2,       // AVX-512 F, BW, DQ and VL
  elmond_product_avx512_bf16 = 3,  // and AVX512_BF16; for bf16 alone
} elmond_product_path;

// True when this processor and operating system run the path, and the path has the precision.
bool elmond_product_path_runs_here(elmond_product_path path, elmond_precision precision);

// Columns of one panel of a packed right factor.
enum { elmond_product_panel = 32 };

// Floats that a packed right factor [k, n] takes, at most, in either precision.
int64_t elmond_right_factor_size(int64_t k, int64_t n);

// Floats of scratch that a product of m rows needs with a packed right factor …
int64_t elmond_left_scratch_size(int64_t m);

// … and those that it needs beside them when the right factor is packed on the way.
int64_t elmond_right_scratch_size(int64_t n);

// A factor as it lies in memory, row-major: [rows, columns], or the transpose when `transposed`.
typedef struct {
  const float *values;
  int64_t stride;
  bool transposed;
} elmond_factor;

// Packs b [k, n] for `elmond_product`: 32 columns a panel, some hundred rows of all panels a block.
void elmond_pack_right(
    elmond_product_path path, elmond_precision precision, int64_t k, int64_t n, elmond_factor b,
    float *packed);

// c[m, n] = start + a[m, k] · b, b being some neighbouring panels of a packed factor [k, columns].
//
// `packed` is the whole factor, packed on the same path in the same precision; n counts from the
// first column of `first_panel`, where `bias` and `c` begin too.
void elmond_product(
    elmond_product_path path, elmond_precision precision, int64_t m, int64_t n, int64_t k,
    elmond_factor a, const float *packed, int64_t columns, int64_t first_panel, elmond_start start,
    const float *bias, float *c, int64_t c_stride, float *left_scratch);

// The same for a b [k, n] that is used once: packed block by block on the way, in `right_scratch`.
void elmond_fresh_product(
    elmond_product_path path, elmond_precision precision, int64_t m, int64_t n, int64_t k,
    elmond_factor a, elmond_factor b, elmond_start start, const float *bias, float *c,
    int64_t c_stride, float *left_scratch, float *right_scratch);

#ifdef __cplusplus
}
#endif
