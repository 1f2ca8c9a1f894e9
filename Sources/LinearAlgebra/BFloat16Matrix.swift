/// A weight matrix [rows, columns] rounded to bfloat16, packed once; copies share it.
package struct BFloat16Matrix: Sendable {
  /// How many rows it has: the k of a product.
  package let rows: Int
  /// How many columns it has: the n of a product.
  package let columns: Int

  private let storage: Storage

  private final class Storage: Sendable {
    let factor: RightFactor

    init(_ factor: consuming RightFactor) { self.factor = factor }
  }

  /// Packs a copy of row-major weights [rows, columns]; a path of nil is the fastest one.
  package init(_ weights: Span<Float>, rows: Int, columns: Int, on path: ProductPath? = nil) {
    self.rows = rows
    self.columns = columns
    var factor = RightFactor(rows: rows, columns: columns)
    factor.pack(
      weights, rows: rows, columns: columns, stride: columns, precision: .bf16, on: path)
    storage = Storage(factor)
  }

  /// c[m, n] = start + a[m, k] · b, a rounded to bfloat16 on the way, sums in single precision.
  ///
  /// The start is 0, or `bias` [n] for every row, or what `c` holds when `accumulate`, not both. An
  /// element is one chain of fused multiply-adds over k, so that its bits depend on its row alone.
  package func multiply(
    _ a: Span<Float>, aStride: Int, rows m: Int, bias: [Float]? = nil, accumulate: Bool = false,
    into c: inout MutableSpan<Float>, cStride: Int, scratch: inout ProductScratch
  ) {
    multiply(
      a, aStride: aStride, rows: m, panels: 0..<storage.factor.panels, bias: bias,
      accumulate: accumulate, into: &c, cStride: cStride, scratch: &scratch)
  }

  /// The columns of some panels only.
  ///
  /// `c`'s first column is the first column of the range; `bias` is the whole one, [n].
  package func multiply(
    _ a: Span<Float>, aStride: Int, rows m: Int, panels: Range<Int>, bias: [Float]? = nil,
    accumulate: Bool = false, into c: inout MutableSpan<Float>, cStride: Int,
    scratch: inout ProductScratch
  ) {
    TrainingProduct.multiply(
      a, aStride: aStride, rows: m, by: storage.factor, panels: panels, bias: bias?.span,
      accumulate: accumulate, into: &c, cStride: cStride, scratch: &scratch)
  }
}
