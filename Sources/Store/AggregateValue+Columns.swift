import Aggregates

extension AggregateValue {
  /// The figures in the order of `Schema.figures`.
  var columns: [Int64] {
    [tweets, negative, neutral, positive, undecided, scoreSum, scoreSquareSum] + histogram
      + [scoreSquareRest, negativeSum, neutralSum, positiveSum]
  }
}

extension AggregateKey {
  /// The start of the quarter of an hour that the minute belongs to.
  ///
  /// Every zone's hours and days begin on a quarter, so that old minutes may be kept as quarters.
  static func quarter(_ bucketStart: Int64) -> Int64 { bucketStart - bucketStart % 900 }
}
