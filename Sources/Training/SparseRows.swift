/// Rows of a few numbers each among very many columns: what a linear head is trained on.
package struct SparseRows: Sendable, Equatable {
  /// Where each row begins among the entries, and the end of the last one, [rows + 1].
  package private(set) var starts: [Int] = [0]
  /// The bucket of every entry.
  package private(set) var buckets: [Int32] = []
  /// The number of every entry.
  package private(set) var values: [Float] = []

  /// No rows yet.
  package init() {}

  /// Rows.
  package var rows: Int { starts.count - 1 }

  /// The places of a row's entries.
  package func entries(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

  /// Adds a row with these entries; a bucket occurs at most once in it.
  package mutating func append(_ entries: [(bucket: Int32, value: Float)]) {
    for entry in entries {
      precondition(entry.bucket >= 0, "a bucket is 0 or more, not \(entry.bucket)")
      buckets.append(entry.bucket)
      values.append(entry.value)
    }
    starts.append(buckets.count)
  }

  /// Adds the rows of another set behind the own ones.
  package mutating func append(contentsOf other: SparseRows) {
    let entries = buckets.count
    buckets.append(contentsOf: other.buckets)
    values.append(contentsOf: other.values)
    starts.append(contentsOf: other.starts.dropFirst().map { $0 + entries })
  }

  /// The rows with these numbers, in this order.
  package func picking(_ rows: [Int]) -> SparseRows {
    var picked = SparseRows()
    for row in rows {
      let places = entries(of: row)
      picked.buckets.append(contentsOf: buckets[places])
      picked.values.append(contentsOf: values[places])
      picked.starts.append(picked.buckets.count)
    }
    return picked
  }
}
