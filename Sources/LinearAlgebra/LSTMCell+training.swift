private import CKernels

extension LSTMCell {
  /// One time step as `update` makes it, bit for bit, that keeps what the way back needs.
  ///
  /// `gates` [rows, 4 * cellSize] holds i, j, f, o with the bias in, and afterwards σ(i), tanh(j),
  /// σ(f + 1), σ(o). `cellBefore` is read; `cell`, `tanhCell` and `output` are written; these four
  /// are [rows, cellSize] with the same stride. A `cellClip` of nil means none.
  package static func forward(
    gates: inout MutableSpan<Float>, gatesStride: Int, cellBefore: Span<Float>,
    cell: inout MutableSpan<Float>, tanhCell: inout MutableSpan<Float>,
    output: inout MutableSpan<Float>, stride: Int, rows: Int, cellSize: Int, cellClip: Float?,
    on set: InstructionSet = .best
  ) {
    let limit = limit(cellClip)
    checkBlock("gates", holds: gates.count, rows: rows, columns: 4 * cellSize, stride: gatesStride)
    checkStride("gates", gatesStride, columns: 4 * cellSize)
    checkStride("cell", stride, columns: cellSize)
    for (name, count) in [
      ("cell before", cellBefore.count), ("cell", cell.count), ("tanh of cell", tanhCell.count),
      ("output", output.count),
    ] as [(StaticString, Int)] {
      checkBlock(name, holds: count, rows: rows, columns: cellSize, stride: stride)
    }
    guard rows > 0, cellSize > 0 else { return }
    unsafe gates.withUnsafeMutableBufferPointer { gates in
      unsafe cellBefore.withUnsafeBufferPointer { cellBefore in
        unsafe cell.withUnsafeMutableBufferPointer { cell in
          unsafe tanhCell.withUnsafeMutableBufferPointer { tanhCell in
            unsafe output.withUnsafeMutableBufferPointer { output in
              unsafe elmond_lstm_forward(
                set.path, Int64(rows), Int64(cellSize), gates.baseAddress, Int64(gatesStride),
                cellBefore.baseAddress, cell.baseAddress, tanhCell.baseAddress,
                output.baseAddress, Int64(stride), limit)
            }
          }
        }
      }
    }
  }

  /// The way back through one time step.
  ///
  /// `gates` holds what `forward` left there and receives the gradient of what it was given, which
  /// is added to `dBias` [4 * cellSize] too; `dCell` holds the gradient of `cell` that the next step
  /// gave (0 after the last step) and receives that of `cellBefore`. Where the clip cut,
  /// |cell| >= `cellClip`, nothing flows back through the cell. The others are [rows, cellSize] with
  /// the same stride.
  package static func backward(
    gates: inout MutableSpan<Float>, gatesStride: Int, cellBefore: Span<Float>, cell: Span<Float>,
    tanhCell: Span<Float>, dOutput: Span<Float>, dCell: inout MutableSpan<Float>, stride: Int,
    dBias: inout MutableSpan<Float>, rows: Int, cellSize: Int, cellClip: Float?,
    on set: InstructionSet = .best
  ) {
    let limit = limit(cellClip)
    checkBlock("gates", holds: gates.count, rows: rows, columns: 4 * cellSize, stride: gatesStride)
    checkStride("gates", gatesStride, columns: 4 * cellSize)
    checkStride("cell", stride, columns: cellSize)
    checkEqual("gradient of bias", dBias.count, 4 * cellSize)
    for (name, count) in [
      ("cell before", cellBefore.count), ("cell", cell.count), ("tanh of cell", tanhCell.count),
      ("gradient of output", dOutput.count), ("gradient of cell", dCell.count),
    ] as [(StaticString, Int)] {
      checkBlock(name, holds: count, rows: rows, columns: cellSize, stride: stride)
    }
    guard rows > 0, cellSize > 0 else { return }
    unsafe gates.withUnsafeMutableBufferPointer { gates in
      unsafe cellBefore.withUnsafeBufferPointer { cellBefore in
        unsafe cell.withUnsafeBufferPointer { cell in
          unsafe tanhCell.withUnsafeBufferPointer { tanhCell in
            unsafe dOutput.withUnsafeBufferPointer { dOutput in
              unsafe dCell.withUnsafeMutableBufferPointer { dCell in
                unsafe dBias.withUnsafeMutableBufferPointer { dBias in
                  unsafe elmond_lstm_backward(
                    set.path, Int64(rows), Int64(cellSize), gates.baseAddress,
                    Int64(gatesStride), cellBefore.baseAddress, cell.baseAddress,
                    tanhCell.baseAddress, dOutput.baseAddress, dCell.baseAddress, Int64(stride),
                    dBias.baseAddress, limit)
                }
              }
            }
          }
        }
      }
    }
  }

  private static func limit(_ cellClip: Float?) -> Float {
    let limit = cellClip ?? .infinity
    precondition(limit > 0, "a cell clip of \(limit), want more than 0")
    return limit
  }
}
