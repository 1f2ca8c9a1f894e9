// The plain path of the products: what every other path must equal. It is kept simple for ever.
#include <math.h>
#include <string.h>

#include "products.h"

// A float rounded to bfloat16: nearest, ties to even; denormals become a zero of their sign.
static float rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t size = bits & 0x7fffffff;
  if (size > 0x7f800000)
    bits |= 0x00400000;  // NaN stays NaN when its lower half goes
  else if (size < 0x00800000)
    bits &= 0x80000000;
  else
    bits += 0x7fff + ((bits >> 16) & 1);
  bits &= 0xffff0000;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline float element(elmond_factor x, int64_t row, int64_t column) {
  return x.values[x.transposed ? column * x.stride + row : row * x.stride + column];
}

void product_pack_left_fp32(int64_t rows, int64_t k, elmond_factor a, float *words) {
  for (int64_t row = 0; row < rows; row++)
    for (int64_t i = 0; i < k; i++) words[row * product_steps + i] = element(a, row, i);
}

void product_pack_left_bf16(int64_t rows, int64_t k, elmond_factor a, float *words) {
  for (int64_t row = 0; row < rows; row++)
    for (int64_t i = 0; i < k; i++) words[row * product_steps + i] = rounded(element(a, row, i));
}

void product_pack_right_fp32(int64_t k, int64_t columns, elmond_factor b, float *words) {
  for (int64_t panel = 0; panel < columns; panel += product_width)
    for (int64_t i = 0; i < k; i++)
      for (int64_t column = panel; column < panel + product_width; column++)
        *words++ = column < columns ? element(b, i, column) : 0;
}

void product_pack_right_bf16(int64_t k, int64_t columns, elmond_factor b, float *words) {
  for (int64_t panel = 0; panel < columns; panel += product_width)
    for (int64_t i = 0; i < k; i++)
      for (int64_t column = panel; column < panel + product_width; column++)
        *words++ = column < columns ? rounded(element(b, i, column)) : 0;
}

static void multiply(const product_tile *t) {
  for (int64_t row = 0; row < t->rows; row++) {
    for (int64_t column = 0; column < t->columns; column++) {
      float *to = t->c + row * t->c_stride + column;
      float sum = 0;
      if (t->start == elmond_start_bias) sum = t->bias[column];
      if (t->start == elmond_start_accumulate) sum = *to;
      for (int64_t i = 0; i < t->steps; i++)
        sum = fmaf(t->left[row * product_steps + i], t->right[i * product_width + column], sum);
      *to = sum;
    }
  }
}

const product_kernels product_scalar_kernels[2] = {
    {1, 8, product_pack_left_fp32, product_pack_right_fp32, multiply},
    {1, 8, product_pack_left_bf16, product_pack_right_bf16, multiply},
};
