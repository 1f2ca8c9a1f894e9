// The table that each path of the products fills and `products.c` chooses from.
//
// Packed factors consist of words of 4 bytes. A word holds one float, or on the avx512_bf16 path
// two neighbours in k: the processor multiplies the upper half first, so that one has the lower k.
// A step is what one word holds of k.
#pragma once

#include <stdint.h>

#include "include/Products.h"

// Steps of one block: a panel of 32 KiB, a row of the left factor of 1 KiB.
enum { product_steps = 256, product_width = elmond_product_panel };

// Some rows of the left factor by one panel.
typedef struct {
  int64_t rows, columns;  // that exist: 1 … most_rows, 1 … 32
  int64_t steps;
  const float *left;   // [rows][product_steps]
  const float *right;  // [steps][32]
  elmond_start start;
  const float *bias;
  float *c;
  int64_t c_stride;
  const float *next_c;  // of the tile after this one, to be fetched meanwhile
} product_tile;

typedef struct {
  int64_t step;       // elements of k in a word: 1 or 2
  int64_t most_rows;  // of a tile
  // Packs a [rows, k], k being at most a block, into [rows][product_steps].
  void (*pack_left)(int64_t rows, int64_t k, elmond_factor a, float *words);
  // Packs b [k, columns], k being at most a block, into [panel][steps][32], padded with zeros.
  void (*pack_right)(int64_t k, int64_t columns, elmond_factor b, float *words);
  void (*multiply)(const product_tile *tile);
} product_kernels;

// Per precision.
extern const product_kernels product_scalar_kernels[2];
#if defined(__x86_64__)
extern const product_kernels product_avx2_kernels[2];
extern const product_kernels product_avx512_kernels[2];
extern const product_kernels product_avx512_bf16_kernels;
#endif

// The packing of the plain path, for those that have none of their own.
void product_pack_left_fp32(int64_t rows, int64_t k, elmond_factor a, float *words);
void product_pack_left_bf16(int64_t rows, int64_t k, elmond_factor a, float *words);
void product_pack_right_fp32(int64_t k, int64_t columns, elmond_factor b, float *words);
void product_pack_right_bf16(int64_t k, int64_t columns, elmond_factor b, float *words);
