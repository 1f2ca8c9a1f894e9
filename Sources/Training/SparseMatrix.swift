/// The training rows with their columns numbered anew by falling frequency, kept by row and by
/// column.
///
/// Both orders are kept, so that scores (by row) and gradients (by column) are sums that one thread
/// makes in a fixed order; the frequent columns stand together, so that their weights stay in the
/// caches.
struct SparseMatrix: Sendable {
  /// One number, and the column or row it stands in.
  struct Entry: Sendable {
    var index: Int32
    var value: Float
  }

  /// Rows.
  let rows: Int
  /// The bucket of each column, the most frequent first.
  let buckets: [Int32]
  private let rowStarts: [Int]
  private let byRow: [Entry]
  private let columnStarts: [Int]
  private let byColumn: [Entry]
  private let rowBlocks: [Range<Int>]
  private let columnBlocks: [Range<Int>]

  /// Columns.
  var columns: Int { buckets.count }

  /// Keeps the buckets that `minimumRows` rows or more hold.
  init(_ source: SparseRows, minimumRows: Int) {
    rows = source.rows
    let size = Int(source.buckets.max() ?? -1) + 1
    var counts = [Int32](repeating: 0, count: size)
    for bucket in source.buckets { counts[Int(bucket)] += 1 }
    let kept = counts.indices.filter { counts[$0] > 0 && Int(counts[$0]) >= minimumRows }
      .sorted { (counts[$1], $0) < (counts[$0], $1) }
    buckets = kept.map(Int32.init)
    var columnOf = [Int32](repeating: -1, count: size)
    for (column, bucket) in kept.enumerated() { columnOf[bucket] = Int32(column) }

    var columnStarts = [0]
    for bucket in kept {
      columnStarts.append(columnStarts[columnStarts.count - 1] + Int(counts[bucket]))
    }
    var rowStarts = [0]
    var byRow: [Entry] = []
    byRow.reserveCapacity(columnStarts[kept.count])
    var byColumn = [Entry](
      repeating: Entry(index: 0, value: 0), count: columnStarts[kept.count])
    var filled = columnStarts
    for row in 0..<source.rows {
      for place in source.entries(of: row) {
        let column = columnOf[Int(source.buckets[place])]
        guard column >= 0 else { continue }
        byRow.append(Entry(index: column, value: source.values[place]))
        byColumn[filled[Int(column)]] = Entry(index: Int32(row), value: source.values[place])
        filled[Int(column)] += 1
      }
      rowStarts.append(byRow.count)
    }
    self.rowStarts = rowStarts
    self.byRow = byRow
    self.columnStarts = columnStarts
    self.byColumn = byColumn
    rowBlocks = ParallelBlocks.weighed(rowStarts, size: 1 << 17)
    columnBlocks = ParallelBlocks.weighed(columnStarts, size: 1 << 17)
  }

  /// X·w: for each row the sum of its numbers times the weights of their columns.
  func scores(_ weights: [SIMD4<Float>], threads: Int) -> [SIMD4<Float>] {
    precondition(
      weights.count == columns, "\(columns) columns have as many weights, not \(weights.count)")
    return SparseMatrix.sums(
      rowStarts, byRow, times: weights, blocks: rowBlocks, threads: threads)
  }

  /// Xᵀ·r: for each column the sum of its numbers times what their rows have.
  func columnSums(_ residuals: [SIMD4<Float>], threads: Int) -> [SIMD4<Float>] {
    precondition(
      residuals.count == rows, "\(rows) rows have as many residuals, not \(residuals.count)")
    return SparseMatrix.sums(
      columnStarts, byColumn, times: residuals, blocks: columnBlocks, threads: threads)
  }

  /// For each column the sum of its numbers' squares times its rows' weights.
  func squareSums(_ rowWeights: [Float]) -> [Float] {
    (0..<columns).map { column in
      Float(
        byColumn[columnStarts[column]..<columnStarts[column + 1]].reduce(0.0) {
          $0 + Double($1.value * $1.value * rowWeights[Int($1.index)])
        })
    }
  }

  private static func sums(
    _ starts: [Int], _ entries: [Entry], times factors: [SIMD4<Float>], blocks: [Range<Int>],
    threads: Int
  ) -> [SIMD4<Float>] {
    let parts = ParallelBlocks.map(blocks, threads: threads) { block in
      let entries = entries.span
      let factors = factors.span
      var sums: [SIMD4<Float>] = []
      sums.reserveCapacity(block.count)
      for number in block {
        var sum = SIMD4<Double>()
        for place in starts[number]..<starts[number + 1] {
          let entry = entries[place]
          sum += SIMD4<Double>(entry.value * factors[Int(entry.index)])
        }
        sums.append(SIMD4<Float>(sum))
      }
      return sums
    }
    return parts.flatMap { $0 }
  }
}
