private import CKernels

/// A weight matrix [rows, columns] in eight bits with one scale a column, packed once; copies share it.
package struct Int8Matrix: Sendable {
  /// The most rows: sums of that many products fit 32 bits.
  package static let mostRows = Int(elmond_int8_longest)

  /// How many rows it has: the k of a product.
  package let rows: Int
  /// How many columns it has: the n of a product.
  package let columns: Int

  let storage: Storage

  /// What the kernels read, shared by the copies of a matrix and never written again.
  final class Storage: Sendable {
    // Bytes in a buffer of floats, for its alignment: they are written and read by C alone, as
    // bytes, which may lie in memory of any type.
    private let words: AlignedBuffer
    private let scales: [Float]  // [columns, padded to panels]
    private let sums: [Int32]  // [columns, padded]

    init(_ words: consuming AlignedBuffer, scales: [Float], sums: [Int32]) {
      self.words = words
      self.scales = scales
      self.sums = sums
    }

    /// Lends packed weights, scales and sums, from a panel's first column on, to a call to C; `depth` is a column's
    /// bytes.
    func withPanels(
      from column: Int, depth: Int,
      _ body: (UnsafePointer<Int8>, UnsafePointer<Float>?, UnsafePointer<Int32>?) -> Void
    ) {
      unsafe scales.withUnsafeBufferPointer { scales in
        unsafe sums.withUnsafeBufferPointer { sums in
          let bytes = unsafe UnsafeRawPointer(words.start).assumingMemoryBound(to: Int8.self)
          unsafe body(
            bytes + column * depth, scales.baseAddress.map { unsafe $0 + column },
            sums.baseAddress.map { unsafe $0 + column })
        }
      }
    }
  }

  /// How many panels of 32 columns there are.
  package var panels: Int {
    (columns + PackedMatrix.panelColumns - 1) / PackedMatrix.panelColumns
  }

  /// Quantises row-major weights [rows, columns]; a column's scale is its largest magnitude / 127, unless
  /// `scales` [columns] gives them.
  package init(_ weights: Span<Float>, rows: Int, columns: Int, scales given: [Float]? = nil) {
    checkBlock("weights", holds: weights.count, rows: rows, columns: columns, stride: columns)
    precondition(
      rows <= Self.mostRows, "\(rows) rows of eight-bit weights, at most \(Self.mostRows)")
    if let given { checkEqual("scales", given.count, columns) }
    self.rows = rows
    self.columns = columns
    let bytes = Int(elmond_int8_packed_size(Int64(rows), Int64(columns)))
    let width = PackedMatrix.panelColumns
    let padded = (columns + width - 1) / width * width
    var words = AlignedBuffer(count: (bytes + 3) / 4)
    var scales = (given ?? []) + [Float](repeating: 0, count: padded - (given?.count ?? 0))
    var sums = [Int32](repeating: 0, count: padded)
    unsafe weights.withUnsafeBufferPointer { weights in
      unsafe scales.withUnsafeMutableBufferPointer { scales in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let weights = weights.baseAddress, let scales = scales.baseAddress,
            let sums = sums.baseAddress
          else { return }
          let packed = unsafe UnsafeMutableRawPointer(words.mutableStart)
            .assumingMemoryBound(to: Int8.self)
          unsafe elmond_int8_pack(
            Int64(rows), Int64(columns), weights, Int64(columns), given != nil, scales, sums, packed
          )
        }
      }
    }
    storage = Storage(words, scales: scales, sums: sums)
  }
}
