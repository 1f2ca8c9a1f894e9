// The hot loops of the engine, each on three paths: scalar, AVX2 and AVX-512.
//
// All paths give the same bits for the same input (a NaN is a NaN everywhere, its payload is not
// promised): every result is the same sequence of single-precision operations, fused where the
// text says fma. Nothing here allocates, keeps state or does input or output, and every function
// may run on any thread. Arrays are row-major float32 and need no alignment; strides count floats.
// Sizes are never negative. A function writes only the elements it is said to write.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// An instruction set. A path that `elmond_path_runs_here` denies must not be called.
typedef enum {
  elmond_scalar = 0,
  elmond_avx2 = 1,    // AVX2 and FMA
  elmond_avx512 = 2,  // AVX-512 F, BW, DQ and VL
} elmond_path;

// True when this processor and operating system run the path.
bool elmond_path_runs_here(elmond_path path);

// ---- Matrix product ----

// Columns of one panel of a packed matrix.
enum { elmond_panel_columns = 32 };

// Floats that a packed matrix [rows, columns] takes: whole panels.
int64_t elmond_packed_size(int64_t rows, int64_t columns);

// Packs b [rows, columns] with a row stride into panels [panel][row][32], the last one padded with
// zeros.
void elmond_pack(
    int64_t rows, int64_t columns, const float *b, int64_t b_stride, float *packed);

// How an element of a product starts.
typedef enum {
  elmond_start_zero = 0,
  elmond_start_bias = 1,        // with bias[column]
  elmond_start_accumulate = 2,  // with what c holds
} elmond_start;

// c[m, n] = start + a[m, k] · b, b being the columns of some neighbouring panels.
//
// Each element is one chain of fma(a, b, sum) over k in ascending order, so that the bits of a row
// depend neither on m nor on its neighbours. Rows of a may overlap (a_stride < k). `packed` points
// to the first panel wanted, n counts the columns from there, `bias` and `c` begin at its first
// column.
void elmond_gemm(
    elmond_path path, int64_t m, int64_t n, int64_t k, const float *a, int64_t a_stride,
    const float *packed, elmond_start start, const float *bias, float *c, int64_t c_stride);

// ---- Activations, in place ----

// x = 1 / (1 + exp(-x)). At most 3 ulp from the exact value, denormals included (2.4 were found);
// 0 at -inf, 1 at +inf, NaN at NaN.
void elmond_sigmoid(elmond_path path, int64_t n, float *x);

// x = tanh(x). At most 3 ulp from the exact value (1.5 were found); -0 stays -0, ±1 at ±inf, NaN
// at NaN.
void elmond_tanh(elmond_path path, int64_t n, float *x);

// x = 0 > x ? 0 : x, so that NaN stays NaN and -0 stays -0.
void elmond_relu(elmond_path path, int64_t n, float *x);

// ---- Long short-term memory ----

// One step of the cell for some rows. `gates` [rows, 4 * size] holds i, j, f, o with the bias in;
// `cell` [rows, size] is read and written; `output` [rows, size] is written.
//   c = clip(fma(σ(f + 1), c, σ(i) * tanh(j)), ±limit);  m = σ(o) * tanh(c)
// A limit of +inf means no clip.
void elmond_lstm_cell(
    elmond_path path, int64_t rows, int64_t size, const float *gates, int64_t gates_stride,
    float *cell, int64_t cell_stride, float *output, int64_t output_stride, float limit);

// ---- Vectors ----

// y = y + x.
void elmond_add(elmond_path path, int64_t n, const float *x, float *y);

// y = y * x.
void elmond_multiply(elmond_path path, int64_t n, const float *x, float *y);

// y = y * factor.
void elmond_scale(elmond_path path, int64_t n, float factor, float *y);

// y = fma(factor, x, y).
void elmond_axpy(elmond_path path, int64_t n, float factor, const float *x, float *y);

// y = min(limit, max(-limit, y)); NaN stays NaN.
void elmond_clip(elmond_path path, int64_t n, float limit, float *y);

// h = fma(gate, transformed, (1 - gate) * h).
void elmond_highway(
    elmond_path path, int64_t n, const float *gate, const float *transformed, float *h);

// The sum of fma(x, y, lane) over sixteen lanes, lane = index mod 16, folded by halves:
// lanes 8 … 15 on 0 … 7, then 4 … 7 on 0 … 3, then 2 and 3 on 0 and 1, then 1 on 0.
float elmond_dot(elmond_path path, int64_t n, const float *x, const float *y);

// y[column] = y[column] + x[0, column] + x[1, column] + …, in this order.
void elmond_add_rows(
    elmond_path path, int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y);

// y[column] = the greatest x[row, column], NaN when there is one; of equal zeros the first.
// There is at least one row.
void elmond_maximum_of_rows(
    elmond_path path, int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y);

#ifdef __cplusplus
}
#endif

#include "Int8Products.h"
#include "Products.h"
#include "TrainingKernels.h"
