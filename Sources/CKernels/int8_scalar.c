// The plain path: what every other path must equal bit for bit. It is kept simple for ever.
#include <math.h>

#include "int8.h"

static float quantise(int64_t k, const float *a, uint8_t *row) {
  float most = 0;
  for (int64_t i = 0; i < k; i++) most = fabsf(a[i]) > most ? fabsf(a[i]) : most;
  const float factor = most > INT8_LEAST ? 127.0f / most : 0.0f;
  for (int64_t i = 0; i < elmond_int8_row_size(k); i++) {
    const float x = i < k ? a[i] * factor : 0.0f;
    const float whole = rintf(x != x ? 0.0f : x);
    row[i] = (uint8_t)(int8_t)(whole > 127 ? 127 : whole < -127 ? -127 : whole);
  }
  return most / 127.0f;
}

static void multiply(const int8_product *p) {
  const int64_t depth = p->depth;
  for (int64_t row = 0; row < p->m; row++) {
    const int8_t *a = (const int8_t *)p->rows + row * depth;
    for (int64_t column = 0; column < p->n; column++) {
      const int8_t *b = p->packed + (column / int8_width) * int8_width * depth;
      int32_t sum = 0;
      for (int64_t i = 0; i < p->k; i++)
        sum += (int32_t)a[i] * b[i / 4 * int8_width * 4 + column % int8_width * 4 + i % 4];
      float start = 0, *c = p->c + row * p->c_stride + column;
      if (p->start == elmond_start_bias) start = p->bias[column];
      if (p->start == elmond_start_accumulate) start = *c;
      *c = fmaf((float)sum, p->row_scales[row] * p->column_scales[column], start);
    }
  }
}

const int8_kernels int8_scalar_kernels = {quantise, multiply};
