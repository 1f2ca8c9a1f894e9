private import CKernels

/// Products with packed weights whose bits depend on nothing but their own row.
///
/// Every element is one chain of fused multiply-adds over k in ascending order, on every instruction
/// set. So a row's bits depend neither on the number of rows, nor on its neighbours, nor on the
/// processor.
package enum MatrixProduct {
  /// c[m, n] = start + a[m, k] · b, with k = `b.rows` and n = `b.columns`.
  ///
  /// The start is 0, or `bias` [n] for every row, or what `c` holds when `accumulate` is true, not
  /// both. Strides count floats between rows. Rows of `a` may overlap (`aStride` < k); those of `c`
  /// may not.
  package static func multiply(
    _ a: Span<Float>, aStride: Int, rows m: Int, by b: PackedMatrix, bias: [Float]? = nil,
    accumulate: Bool = false, into c: inout MutableSpan<Float>, cStride: Int,
    on set: InstructionSet = .best
  ) {
    multiply(
      a, aStride: aStride, rows: m, by: b, panels: 0..<b.panels, bias: bias,
      accumulate: accumulate, into: &c, cStride: cStride, on: set)
  }

  /// The columns of some panels only, so that threads can share a product.
  ///
  /// `c`'s first column is the first column of the range; `bias` is the whole one, [n].
  package static func multiply(
    _ a: Span<Float>, aStride: Int, rows m: Int, by b: PackedMatrix, panels: Range<Int>,
    bias: [Float]? = nil, accumulate: Bool = false, into c: inout MutableSpan<Float>, cStride: Int,
    on set: InstructionSet = .best
  ) {
    let width = PackedMatrix.panelColumns
    precondition(
      panels.lowerBound >= 0 && panels.upperBound <= b.panels,
      "panels \(panels) of a matrix of \(b.panels)")
    let start = productStart(bias: bias?.count, columns: b.columns, accumulate: accumulate)
    let first = panels.lowerBound * width
    let n = max(0, min(b.columns, panels.upperBound * width) - first)
    checkBlock("a", holds: a.count, rows: m, columns: b.rows, stride: aStride)
    checkBlock("c", holds: c.count, rows: m, columns: n, stride: cStride)
    checkStride("c", cStride, columns: n)
    guard m > 0, n > 0 else { return }

    let firstBias = bias == nil ? 0 : first
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.storage.withPanels { packed in
        unsafe (bias ?? []).withUnsafeBufferPointer { bias in
          unsafe c.withUnsafeMutableBufferPointer { c in
            unsafe elmond_gemm(
              set.path, Int64(m), Int64(n), Int64(b.rows), a.baseAddress, Int64(aStride),
              packed + first * b.rows, start, bias.baseAddress.map { unsafe $0 + firstBias },
              c.baseAddress, Int64(cStride))
          }
        }
      }
    }
  }
}
