private import CKernels

/// Rows of activations in eight bits, each with a scale of its own: room that is allocated once.
package struct QuantisedRows: ~Copyable, Sendable {
  /// How many rows there are room for.
  package let capacity: Int
  /// How many rows it holds.
  package private(set) var count = 0
  /// Numbers of a row: the k of a product.
  package private(set) var columns = 0
  /// The path that the rows are for.
  package private(set) var path = Int8Path.scalar

  private var words: AlignedBuffer  // bytes, as those of `Int8Matrix`
  private var scales: AlignedBuffer

  /// Room for rows of `columns` numbers at most.
  package init(rows: Int, columns: Int) {
    capacity = rows
    words = AlignedBuffer(count: rows * Int(elmond_int8_row_size(Int64(columns))) / 4)
    scales = AlignedBuffer(count: rows)
  }

  /// Quantises rows of a [rows, columns], whose rows are `stride` floats apart.
  ///
  /// A row's scale is its largest magnitude / 127; a NaN counts as 0.
  package mutating func quantise(
    _ a: Span<Float>, stride: Int, rows: Int, columns: Int, on path: Int8Path = .best
  ) {
    checkBlock("a", holds: a.count, rows: rows, columns: columns, stride: stride)
    let size = Int(elmond_int8_row_size(Int64(columns)))
    precondition(
      rows <= scales.count && rows * size <= 4 * words.count,
      "\(rows) rows of \(columns) numbers, there is room for \(scales.count) and \(4 * words.count) bytes"
    )
    (count, self.columns, self.path) = (rows, columns, path)
    unsafe a.withUnsafeBufferPointer { a in
      guard let a = a.baseAddress else { return }
      let bytes = unsafe UnsafeMutableRawPointer(words.mutableStart)
        .assumingMemoryBound(to: UInt8.self)
      unsafe elmond_int8_quantise(
        path.path, Int64(rows), Int64(columns), a, Int64(stride), bytes, scales.mutableStart)
    }
  }

  /// c[m, n] = start + a · b with the rows as a, k = `b.rows` and n = `b.columns`.
  ///
  /// The start is 0, or `bias` [n] for every row, or what `c` holds when `accumulate` is true, not both.
  /// Sums over k are exact; an element is fma(sum, row scale · column scale, start).
  package func multiply(
    by b: Int8Matrix, bias: [Float]? = nil, accumulate: Bool = false,
    into c: inout MutableSpan<Float>, cStride: Int
  ) {
    multiply(
      by: b, panels: 0..<b.panels, bias: bias, accumulate: accumulate, into: &c, cStride: cStride)
  }

  /// The columns of some panels only.
  ///
  /// `c`'s first column is the first column of the range; `bias` is the whole one, [n].
  package func multiply(
    by b: Int8Matrix, panels: Range<Int>, bias: [Float]? = nil, accumulate: Bool = false,
    into c: inout MutableSpan<Float>, cStride: Int
  ) {
    precondition(columns == b.rows, "rows of \(columns) numbers by a matrix of \(b.rows) rows")
    precondition(
      panels.lowerBound >= 0 && panels.upperBound <= b.panels,
      "panels \(panels) of a matrix of \(b.panels)")
    let start = productStart(bias: bias?.count, columns: b.columns, accumulate: accumulate)
    let first = panels.lowerBound * PackedMatrix.panelColumns
    let n = max(0, min(b.columns, panels.upperBound * PackedMatrix.panelColumns) - first)
    checkBlock("c", holds: c.count, rows: count, columns: n, stride: cStride)
    checkStride("c", cStride, columns: n)
    guard count > 0, n > 0 else { return }
    let firstBias = bias == nil ? 0 : first
    unsafe b.storage.withPanels(from: first, depth: Int(elmond_int8_row_size(Int64(b.rows)))) {
      packed, columnScales, sums in
      unsafe (bias ?? []).withUnsafeBufferPointer { bias in
        unsafe c.withUnsafeMutableBufferPointer { c in
          let bytes = unsafe UnsafeRawPointer(words.start).assumingMemoryBound(to: UInt8.self)
          unsafe elmond_int8_product(
            path.path, Int64(count), Int64(n), Int64(columns), bytes, scales.start, packed,
            columnScales, sums, start, bias.baseAddress.map { unsafe $0 + firstBias },
            c.baseAddress, Int64(cStride))
        }
      }
    }
  }
}
