/// How far probabilities can be taken at their word.
package enum CalibrationMetrics {
  /// The mean squared distance of the probabilities from the truth: (p - y)² of the second of two
  /// labels, Σ (p_j - y_j)² of more.
  package static func brier(_ rows: [EvaluatedRow]) -> Double {
    mean(rows) { row in
      if row.probabilities.count == 2 {
        let distance = row.probabilities[1] - (row.truth == 1 ? 1 : 0)
        return distance * distance
      }
      return row.probabilities.enumerated().reduce(0) { sum, entry in
        let distance = entry.element - (entry.offset == row.truth ? 1 : 0)
        return sum + distance * distance
      }
    }
  }

  /// Expected calibration error: over equal-width bins of the largest probability, the distance
  /// between its mean and the share of rows it is right on, weighted by rows.
  package static func expectedError(_ rows: [EvaluatedRow], bins: Int = 15) -> Double {
    var confidence = [Double](repeating: 0, count: bins)
    var correct = [Double](repeating: 0, count: bins)
    for row in rows {
      var best = 0
      for index in row.probabilities.indices
      where row.probabilities[index] >= row.probabilities[best] {
        best = index
      }
      let top = row.probabilities[best]
      // Bins are open on the left: (i/bins, (i+1)/bins].
      let bin = min(bins - 1, max(0, Int((top * Double(bins)).rounded(.up)) - 1))
      confidence[bin] += top
      correct[bin] += best == row.truth ? 1 : 0
    }
    guard !rows.isEmpty else { return 0 }
    return zip(confidence, correct).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(rows.count)
  }

  private static func mean(_ rows: [EvaluatedRow], _ value: (EvaluatedRow) -> Double) -> Double {
    rows.isEmpty ? 0 : rows.reduce(0) { $0 + value($1) } / Double(rows.count)
  }
}
