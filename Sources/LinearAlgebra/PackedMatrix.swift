private import CKernels

/// A weight matrix [rows, columns] packed once into panels of 32 columns; copies share the floats.
package struct PackedMatrix: Sendable {
  /// Columns of one panel; the last panel is padded with zeros.
  package static let panelColumns = 32

  /// How many rows it has: the k of a product.
  package let rows: Int
  /// How many columns it has, without the padding.
  package let columns: Int

  let storage: Storage

  /// The panels' floats, [panel][row][32], shared by the copies of a matrix and never written again.
  final class Storage: Sendable {
    let floats: AlignedBuffer

    init(_ floats: consuming AlignedBuffer) { self.floats = floats }

    /// Lends the panels to a call to C.
    func withPanels(_ body: (UnsafePointer<Float>) -> Void) { unsafe body(floats.start) }
  }

  /// How many panels there are.
  package var panels: Int { (columns + Self.panelColumns - 1) / Self.panelColumns }

  /// Packs a copy of row-major weights [rows, columns].
  package init(_ weights: Span<Float>, rows: Int, columns: Int) {
    self.init(weights, rows: rows, columns: columns, stride: columns)
  }

  /// Packs a copy of the first columns of a wider matrix, whose rows are `stride` floats apart.
  package init(_ weights: Span<Float>, rows: Int, columns: Int, stride: Int) {
    checkBlock("weights", holds: weights.count, rows: rows, columns: columns, stride: stride)
    precondition(stride >= columns, "weights: a stride of \(stride) for \(columns) columns")
    self.rows = rows
    self.columns = columns
    var floats = AlignedBuffer(
      count: Int(elmond_packed_size(Int64(rows), Int64(columns))))
    var target = floats.mutableSpan
    unsafe weights.withUnsafeBufferPointer { from in
      unsafe target.withUnsafeMutableBufferPointer { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        unsafe elmond_pack(Int64(rows), Int64(columns), from, Int64(stride), to)
      }
    }
    storage = Storage(floats)
  }
}
