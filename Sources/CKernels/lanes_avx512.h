// What the AVX-512 paths share. The file that includes this defines TARGET and INLINE, the attributes of
// its functions, before.
#pragma once

#include <immintrin.h>
#include <stdint.h>

// The lanes that hold something when `left` elements are left.
INLINE __mmask16 lanes(int64_t left) {
  return left >= 16 ? 0xffff : left <= 0 ? 0 : (__mmask16)((1u << left) - 1);
}
