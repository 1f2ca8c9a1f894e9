private import CKernels

extension Vector {
  /// The sum of squares in double precision, in sixteen lanes that are folded by halves.
  package static func sumOfSquares(_ x: Span<Float>, on set: InstructionSet = .best) -> Double {
    unsafe x.withUnsafeBufferPointer {
      unsafe elmond_sum_of_squares(set.path, Int64($0.count), $0.baseAddress)
    }
  }

  /// dy = dy where y > 0, else 0: the way back through relu, which gave `y`.
  package static func reluBackward(
    _ y: Span<Float>, into dy: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    checkEqual("y", y.count, dy.count)
    unsafe y.withUnsafeBufferPointer { y in
      unsafe dy.withUnsafeMutableBufferPointer { dy in
        unsafe elmond_relu_backward(set.path, Int64(dy.count), y.baseAddress, dy.baseAddress)
      }
    }
  }

  /// The way back through `highway`, whose `gate` was a sigmoid, `transformed` a relu, `h` its input.
  ///
  /// `gate` and `transformed` receive the gradients of the arguments of sigmoid and relu. `dy`, the
  /// gradient of the output, receives that of `h` beside what flows through those two.
  package static func highwayBackward(
    h: Span<Float>, gate: inout MutableSpan<Float>, transformed: inout MutableSpan<Float>,
    dy: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    checkEqual("h", h.count, dy.count)
    checkEqual("gate", gate.count, dy.count)
    checkEqual("transformed", transformed.count, dy.count)
    unsafe h.withUnsafeBufferPointer { h in
      unsafe gate.withUnsafeMutableBufferPointer { gate in
        unsafe transformed.withUnsafeMutableBufferPointer { transformed in
          unsafe dy.withUnsafeMutableBufferPointer { dy in
            unsafe elmond_highway_backward(
              set.path, Int64(dy.count), h.baseAddress, gate.baseAddress,
              transformed.baseAddress, dy.baseAddress)
          }
        }
      }
    }
  }

  /// y[row] = x[indices[row]], rows of `columns` floats; `x` has `xRows` rows.
  package static func gatherRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Float>, xRows: Int, xStride: Int,
    into y: inout MutableSpan<Float>, yStride: Int
  ) {
    checkIndices(indices, below: xRows)
    checkBlock("x", holds: x.count, rows: xRows, columns: columns, stride: xStride)
    checkBlock("y", holds: y.count, rows: indices.count, columns: columns, stride: yStride)
    checkStride("y", yStride, columns: columns)
    guard indices.count > 0, columns > 0 else { return }
    unsafe indices.withUnsafeBufferPointer { indices in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          unsafe elmond_gather_rows(
            Int64(indices.count), Int64(columns), indices.baseAddress, x.baseAddress,
            Int64(xStride), y.baseAddress, Int64(yStride))
        }
      }
    }
  }

  /// y[indices[row]] = y[indices[row]] + x[row], row after row; `y` has `yRows` rows.
  package static func scatterAddRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Float>, xStride: Int,
    into y: inout MutableSpan<Float>, yRows: Int, yStride: Int, on set: InstructionSet = .best
  ) {
    checkIndices(indices, below: yRows)
    checkBlock("x", holds: x.count, rows: indices.count, columns: columns, stride: xStride)
    checkBlock("y", holds: y.count, rows: yRows, columns: columns, stride: yStride)
    checkStride("y", yStride, columns: columns)
    guard indices.count > 0, columns > 0 else { return }
    unsafe indices.withUnsafeBufferPointer { indices in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          unsafe elmond_scatter_add_rows(
            set.path, Int64(indices.count), Int64(columns), indices.baseAddress, x.baseAddress,
            Int64(xStride), y.baseAddress, Int64(yStride))
        }
      }
    }
  }

  /// Stops when an index is none of the rows 0 ..< count.
  private static func checkIndices(_ indices: Span<Int32>, below count: Int) {
    for position in indices.indices {
      let index = Int(indices[position])
      precondition(index >= 0 && index < count, "row \(index) of \(count)")
    }
  }
}
