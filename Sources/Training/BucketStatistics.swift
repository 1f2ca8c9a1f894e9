import Foundation

/// In how many rows each bucket occurs: what rarity weights are made of.
package struct BucketStatistics: Sendable, Equatable {
  /// Rows counted.
  package private(set) var rows = 0
  /// Rows that hold each bucket, [buckets].
  package private(set) var rowsOfBucket: [Int32]

  /// Nothing counted yet.
  package init(buckets: Int) {
    precondition(buckets > 0, "statistics need 1 bucket or more, not \(buckets)")
    rowsOfBucket = Array(repeating: 0, count: buckets)
  }

  /// Counts one row; each of its buckets is given once.
  package mutating func add(_ buckets: some Sequence<Int32>) {
    rows += 1
    for bucket in buckets { rowsOfBucket[Int(bucket)] += 1 }
  }

  /// Counts all rows.
  package mutating func add(_ rows: SparseRows) {
    for row in 0..<rows.rows { add(rows.buckets[rows.entries(of: row)]) }
  }

  /// Adds what another set of rows was counted to be.
  package mutating func add(_ other: BucketStatistics) {
    precondition(
      rowsOfBucket.count == other.rowsOfBucket.count,
      "statistics of \(rowsOfBucket.count) and of \(other.rowsOfBucket.count) buckets")
    rows += other.rows
    for bucket in rowsOfBucket.indices { rowsOfBucket[bucket] += other.rowsOfBucket[bucket] }
  }

  /// Buckets that `minimumRows` rows or more hold.
  package func kept(minimumRows: Int) -> Int {
    rowsOfBucket.count { $0 > 0 && Int($0) >= minimumRows }
  }

  /// What an entry of each bucket counts for, [buckets]: ln((1 + n) / (1 + rows of the bucket)) + 1,
  /// as in scikit-learn; 0 where fewer than `minimumRows` rows hold the bucket.
  ///
  /// Without `rarity` 1 takes the logarithm's place.
  package func weights(minimumRows: Int, rarity: Bool = true) -> [Float] {
    let all = Double(1 + rows)
    return rowsOfBucket.map { count in
      guard count > 0, Int(count) >= minimumRows else { return 0 }
      return rarity ? Float(log(all / Double(1 + count)) + 1) : 1
    }
  }
}
