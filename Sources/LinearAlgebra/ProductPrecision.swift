/// What the factors of a training product are rounded to; sums are always in single precision.
package enum ProductPrecision: String, CaseIterable, Sendable {
  /// Single precision: the factors as they are.
  case fp32
  /// bfloat16, nearest, ties to even, denormals to zero: about twice as fast where the processor
  /// multiplies it, correct but no faster elsewhere.
  case bf16
}
