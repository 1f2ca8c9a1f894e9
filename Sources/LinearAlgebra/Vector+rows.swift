private import CKernels

extension Vector {
  /// y = y + row 0 + row 1 + …, in this order; `x` is [rows, y.count].
  package static func addRows(
    of x: Span<Float>, rows: Int, stride: Int, into y: inout MutableSpan<Float>,
    on set: InstructionSet = .best
  ) {
    checkBlock("x", holds: x.count, rows: rows, columns: y.count, stride: stride)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe elmond_add_rows(
          set.path, Int64(rows), Int64(y.count), x.baseAddress, Int64(stride), y.baseAddress)
      }
    }
  }

  /// y = the greatest of each column of `x` [rows, y.count], rows >= 1; NaN where a column has one.
  package static func maximum(
    overRowsOf x: Span<Float>, rows: Int, stride: Int, into y: inout MutableSpan<Float>,
    on set: InstructionSet = .best
  ) {
    precondition(rows >= 1, "the maximum of \(rows) rows, want 1 or more")
    checkBlock("x", holds: x.count, rows: rows, columns: y.count, stride: stride)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe elmond_maximum_of_rows(
          set.path, Int64(rows), Int64(y.count), x.baseAddress, Int64(stride), y.baseAddress)
      }
    }
  }
}
