private import CKernels

/// The cell of a long short-term memory, without its matrix products.
package enum LSTMCell {
  /// One time step of `rows` sequences: c = clip(σ(f + 1) c + σ(i) tanh(j)), m = σ(o) tanh(c).
  ///
  /// `gates` is [rows, 4 * cellSize] in the order i, j, f, o with the bias in; the forget bias of 1
  /// is added here. `cell` [rows, cellSize] is read and written, `output` [rows, cellSize] receives
  /// m. A `cellClip` of nil means none.
  package static func update(
    gates: Span<Float>, gatesStride: Int, cell: inout MutableSpan<Float>, cellStride: Int,
    output: inout MutableSpan<Float>, outputStride: Int, rows: Int, cellSize: Int,
    cellClip: Float?, on set: InstructionSet = .best
  ) {
    checkBlock("gates", holds: gates.count, rows: rows, columns: 4 * cellSize, stride: gatesStride)
    checkBlock("cell", holds: cell.count, rows: rows, columns: cellSize, stride: cellStride)
    checkBlock("output", holds: output.count, rows: rows, columns: cellSize, stride: outputStride)
    checkStride("cell", cellStride, columns: cellSize)
    checkStride("output", outputStride, columns: cellSize)
    let limit = cellClip ?? .infinity
    precondition(limit > 0, "a cell clip of \(limit), want more than 0")
    guard rows > 0, cellSize > 0 else { return }
    unsafe gates.withUnsafeBufferPointer { gates in
      unsafe cell.withUnsafeMutableBufferPointer { cell in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe elmond_lstm_cell(
            set.path, Int64(rows), Int64(cellSize), gates.baseAddress, Int64(gatesStride),
            cell.baseAddress, Int64(cellStride), output.baseAddress, Int64(outputStride), limit)
        }
      }
    }
  }
}
