private import CKernels

/// Products for training, whose right factor changes from call to call, in two precisions.
///
/// Every element is one chain of fused multiply-adds over k in ascending order, in single
/// precision, of factors rounded to the precision: the bits depend neither on the path, nor on the
/// number of rows, nor on how threads share the product.
package enum TrainingProduct {
  /// c[m, n] = start + a[m, k] · b, with k = `b.rows` and n = `b.columns`.
  ///
  /// `a` is row-major, or its transpose [k, m] when `transposeA`. The start is 0, or `bias` [n] for
  /// every row, or what `c` holds when `accumulate`, not both. Strides count floats between rows.
  package static func multiply(
    _ a: Span<Float>, aStride: Int, transposeA: Bool = false, rows m: Int,
    by b: borrowing RightFactor, bias: Span<Float>? = nil, accumulate: Bool = false,
    into c: inout MutableSpan<Float>, cStride: Int, scratch: inout ProductScratch
  ) {
    multiply(
      a, aStride: aStride, transposeA: transposeA, rows: m, by: b, panels: 0..<b.panels,
      bias: bias, accumulate: accumulate, into: &c, cStride: cStride, scratch: &scratch)
  }

  /// The columns of some panels only, so that threads can share a product.
  ///
  /// `c`'s first column is the first column of the range; `bias` is the whole one, [n].
  package static func multiply(
    _ a: Span<Float>, aStride: Int, transposeA: Bool = false, rows m: Int,
    by b: borrowing RightFactor, panels: Range<Int>, bias: Span<Float>? = nil,
    accumulate: Bool = false, into c: inout MutableSpan<Float>, cStride: Int,
    scratch: inout ProductScratch
  ) {
    precondition(
      panels.lowerBound >= 0 && panels.upperBound <= b.panels,
      "panels \(panels) of a factor of \(b.panels)")
    let first = panels.lowerBound * RightFactor.panelColumns
    let n = max(0, min(b.columns, panels.upperBound * RightFactor.panelColumns) - first)
    checkFactor(
      "a", holds: a.count, rows: m, columns: b.rows, stride: aStride, transposed: transposeA)
    let start = productStart(bias: bias?.count, columns: b.columns, accumulate: accumulate)
    checkBlock("c", holds: c.count, rows: m, columns: n, stride: cStride)
    checkStride("c", cStride, columns: n)
    guard m > 0, n > 0 else { return }

    let (path, precision, k, columns) = (b.path.path, b.precision.code, b.rows, b.columns)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe withBias(bias) { bias in
        unsafe c.withUnsafeMutableBufferPointer { c in
          unsafe b.withWords { words in
            unsafe scratch.withLeft(rows: m) { left in
              let factor = unsafe elmond_factor(
                values: a.baseAddress, stride: Int64(aStride), transposed: transposeA)
              unsafe elmond_product(
                path, precision, Int64(m), Int64(n), Int64(k), factor, words, Int64(columns),
                Int64(panels.lowerBound), start, bias.map { unsafe $0 + first }, c.baseAddress,
                Int64(cStride), left)
            }
          }
        }
      }
    }
  }

  /// c[m, n] = start + a[m, k] · b[k, n] for a b that is used once, packed block by block on the way.
  ///
  /// Either factor may be given as its transpose, `a` as [k, m] and `b` as [n, k]. The bits are those
  /// of a product with a packed `b`. Meant for long k, as in the gradient of weights.
  package static func multiply(
    _ a: Span<Float>, aStride: Int, transposeA: Bool = false, rows m: Int, by b: Span<Float>,
    bStride: Int, transposeB: Bool = false, columns n: Int, depth k: Int,
    precision: ProductPrecision, bias: Span<Float>? = nil, accumulate: Bool = false,
    into c: inout MutableSpan<Float>, cStride: Int, scratch: inout ProductScratch,
    on path: ProductPath? = nil
  ) {
    checkFactor("a", holds: a.count, rows: m, columns: k, stride: aStride, transposed: transposeA)
    checkFactor("b", holds: b.count, rows: k, columns: n, stride: bStride, transposed: transposeB)
    let start = productStart(bias: bias?.count, columns: n, accumulate: accumulate)
    checkBlock("c", holds: c.count, rows: m, columns: n, stride: cStride)
    checkStride("c", cStride, columns: n)
    guard m > 0, n > 0 else { return }

    let path = path ?? .best(for: precision)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe withBias(bias) { bias in
          unsafe c.withUnsafeMutableBufferPointer { c in
            unsafe scratch.withBoth(rows: m, columns: n) { left, right in
              let a = unsafe elmond_factor(
                values: a.baseAddress, stride: Int64(aStride), transposed: transposeA)
              let b = unsafe elmond_factor(
                values: b.baseAddress, stride: Int64(bStride), transposed: transposeB)
              unsafe elmond_fresh_product(
                path.path, precision.code, Int64(m), Int64(n), Int64(k), a, b, start, bias,
                c.baseAddress, Int64(cStride), left, right)
            }
          }
        }
      }
    }
  }

  private static func withBias(_ bias: Span<Float>?, _ body: (UnsafePointer<Float>?) -> Void) {
    guard let bias else { return body(nil) }
    unsafe bias.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}
