private import CKernels

/// The exponentials of rows of logits, from which a softmax and its loss are made.
package enum Softmax {
  /// x = exp(x - greatest of its row), with each row's sum of these and its greatest.
  ///
  /// `x` is [rows, columns], `sums` and `greatest` are [rows]. An element's probability is then
  /// x / sum, and the logarithm of a row's partition ln(sum) + greatest. Exponentials are at most
  /// 2 ulp off for the rounded difference; -inf becomes 0; a NaN makes its row's sum one.
  package static func exponentials(
    _ x: inout MutableSpan<Float>, rows: Int, columns: Int, stride: Int,
    sums: inout MutableSpan<Float>, greatest: inout MutableSpan<Float>,
    on set: InstructionSet = .best
  ) {
    precondition(columns >= 1, "a softmax over \(columns) columns, want 1 or more")
    checkBlock("x", holds: x.count, rows: rows, columns: columns, stride: stride)
    checkStride("x", stride, columns: columns)
    checkEqual("sums", sums.count, rows)
    checkEqual("greatest", greatest.count, rows)
    unsafe x.withUnsafeMutableBufferPointer { x in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe greatest.withUnsafeMutableBufferPointer { greatest in
          unsafe elmond_softmax_rows(
            set.path, Int64(rows), Int64(columns), x.baseAddress, Int64(stride), sums.baseAddress,
            greatest.baseAddress)
        }
      }
    }
  }
}
