// Cuts a product into blocks that fit the caches, and chooses the path of each call.
//
// A block of the left factor (at most 448 rows, 448 KiB) stays in the second cache while the panels
// of the right one pass; sums go through c from one block of k to the next.
#include "products.h"

enum {
  block_rows = 448,
  block_columns = 512,
  steps_together = 4 * product_steps,  // of panels that each tile of rows meets in turn: 128 KiB
};

static int64_t smaller(int64_t x, int64_t y) { return x < y ? x : y; }

// How many parts of at most `most` something is cut into; an empty thing is one part.
static int64_t parts(int64_t size, int64_t most) {
  return size <= most ? 1 : (size + most - 1) / most;
}

static int64_t padded(int64_t columns) {
  return (columns + product_width - 1) / product_width * product_width;
}

bool elmond_product_path_runs_here(elmond_product_path path, elmond_precision precision) {
  (void)precision;  // elsewhere than on x86-64
  switch (path) {
    case elmond_product_scalar:
      return true;
    case elmond_product_avx2:
      return elmond_path_runs_here(elmond_avx2);
    case elmond_product_avx512:
      return elmond_path_runs_here(elmond_avx512);
#if defined(__x86_64__)
    case elmond_product_avx512_bf16:
      return precision == elmond_bf16 && elmond_path_runs_here(elmond_avx512) &&
             __builtin_cpu_supports("avx512bf16");
#endif
    default:
      return false;
  }
}

static const product_kernels *kernels(elmond_product_path path, elmond_precision precision) {
#if defined(__x86_64__)
  if (path == elmond_product_avx512_bf16) return &product_avx512_bf16_kernels;
  if (path == elmond_product_avx512) return &product_avx512_kernels[precision];
  if (path == elmond_product_avx2) return &product_avx2_kernels[precision];
#else
  (void)path;
#endif
  return &product_scalar_kernels[precision];
}

int64_t elmond_right_factor_size(int64_t k, int64_t n) { return k * padded(n); }

int64_t elmond_left_scratch_size(int64_t m) { return smaller(m, block_rows) * product_steps; }

int64_t elmond_right_scratch_size(int64_t n) {
  return padded(smaller(n, block_columns)) * product_steps;
}

// The part of a factor from a row and a column on.
static elmond_factor part(elmond_factor x, int64_t row, int64_t column) {
  x.values += x.transposed ? column * x.stride + row : row * x.stride + column;
  return x;
}

void elmond_pack_right(
    elmond_product_path path, elmond_precision precision, int64_t k, int64_t n, elmond_factor b,
    float *packed) {
  const product_kernels *use = kernels(path, precision);
  const int64_t block = product_steps * use->step;
  for (int64_t first = 0; first < k; first += block) {
    use->pack_right(smaller(block, k - first), n, part(b, first, 0), packed);
    packed += product_steps * padded(n);
  }
}

// The panels of one block of k by all rows of a block of the left factor. What `tile` says of the
// right factor, the bias and c is that of the first panel and row.
static void multiply_block(
    const product_kernels *use, int64_t rows, int64_t columns, const product_tile *block) {
  product_tile tile = *block;
  const int64_t tiles = parts(rows, use->most_rows);
  // Some panels together, so that c is read and written in pieces longer than two cache lines.
  const int64_t together = product_width * parts(steps_together, block->steps + 1);
  for (int64_t first_column = 0; first_column < columns; first_column += together) {
    const int64_t last_column = smaller(columns, first_column + together);
    for (int64_t i = 0; i < tiles; i++) {
      // Tiles of nearly equal height.
      const int64_t first = rows * i / tiles, last = rows * (i + 1) / tiles;
      tile.rows = last - first;
      tile.left = block->left + first * product_steps;
      for (int64_t column = first_column; column < last_column; column += product_width) {
        tile.columns = smaller(product_width, columns - column);
        tile.right = block->right + column * tile.steps;
        tile.bias = tile.start == elmond_start_bias ? block->bias + column : 0;
        tile.c = block->c + first * block->c_stride + column;
        tile.next_c = tile.c + (column + product_width < last_column ? product_width : 0);
        use->multiply(&tile);
      }
    }
  }
}

typedef struct {
  elmond_factor fresh;   // packed on the way …
  const float *packed;   // … unless there is this
  int64_t columns;       // of the whole packed factor, padded
  int64_t first_column;  // wanted of the packed factor
} right_factor;

static void multiply(
    const product_kernels *use, int64_t m, int64_t n, int64_t k, elmond_factor a, right_factor b,
    elmond_start start, const float *bias, float *c, int64_t c_stride, float *left_scratch,
    float *right_scratch) {
  const int64_t most = product_steps * use->step;
  const int64_t row_parts = parts(m, block_rows);
  const int64_t column_step = b.packed ? n : block_columns;
  for (int64_t first = 0; first == 0 || first < k; first += most) {
    const int64_t depth = smaller(most, k - first);
    const int64_t steps = (depth + use->step - 1) / use->step;
    for (int64_t column = 0; column < n; column += column_step) {
      const int64_t columns = smaller(column_step, n - column);
      const float *right = right_scratch;
      if (b.packed)
        right = b.packed + first / use->step * b.columns + b.first_column * steps;
      else
        use->pack_right(depth, columns, part(b.fresh, first, column), right_scratch);
      for (int64_t i = 0; i < row_parts; i++) {
        const int64_t row = m * i / row_parts, rows = m * (i + 1) / row_parts - row;
        if (row_parts > 1 || column == 0)
          use->pack_left(rows, depth, part(a, row, first), left_scratch);
        const product_tile block = {
            .steps = steps,
            .left = left_scratch,
            .right = right,
            .start = first > 0 ? elmond_start_accumulate : start,
            .bias = start == elmond_start_bias ? bias + column : 0,
            .c = c + row * c_stride + column,
            .c_stride = c_stride,
        };
        multiply_block(use, rows, columns, &block);
      }
    }
  }
}

void elmond_product(
    elmond_product_path path, elmond_precision precision, int64_t m, int64_t n, int64_t k,
    elmond_factor a, const float *packed, int64_t columns, int64_t first_panel, elmond_start start,
    const float *bias, float *c, int64_t c_stride, float *left_scratch) {
  const right_factor b = {
      .packed = packed,
      .columns = padded(columns),
      .first_column = first_panel * product_width,
  };
  multiply(
      kernels(path, precision), m, n, k, a, b, start, bias, c, c_stride, left_scratch, 0);
}

void elmond_fresh_product(
    elmond_product_path path, elmond_precision precision, int64_t m, int64_t n, int64_t k,
    elmond_factor a, elmond_factor b, elmond_start start, const float *bias, float *c,
    int64_t c_stride, float *left_scratch, float *right_scratch) {
  const right_factor fresh = {.fresh = b};
  multiply(
      kernels(path, precision), m, n, k, a, fresh, start, bias, c, c_stride, left_scratch,
      right_scratch);
}
