import Classifier

/// The search that temperature and mixture weights share: one factor on a set of logits.
enum LogitScale {
  /// The factor s in a range that minimises the mean negative log-likelihood of `rest` + s ·
  /// `logits`; `rest` nil counts as zeros. The likelihood is convex in s.
  ///
  /// Newton's steps, kept inside a bracket that halves where a step would leave it.
  static func best(
    of logits: LabelLogits, addedTo rest: LabelLogits?, in range: ClosedRange<Double>,
    from start: Double
  ) -> Double {
    rest?.requireSameRows(logits)
    guard logits.rows > 0 else { return start }
    var low = range.lowerBound
    var high = range.upperBound
    if slope(logits, rest, low).first >= 0 { return low }
    if slope(logits, rest, high).first <= 0 { return high }
    var factor = min(max(start, low), high)
    for _ in 0..<200 {
      let (first, second) = slope(logits, rest, factor)
      if first == 0 { return factor }
      if first < 0 { low = factor } else { high = factor }
      var next = second > 0 ? factor - first / second : .nan
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - factor) <= 1e-12 * max(1, abs(next)) { return next }
      factor = next
    }
    return factor
  }

  /// First and second derivative of the mean loss by the factor: the mean over rows of E[z] - z of
  /// the truth, and of the variance of z, under the row's probabilities.
  private static func slope(
    _ logits: LabelLogits, _ rest: LabelLogits?, _ factor: Double
  ) -> (first: Double, second: Double) {
    var first = 0.0
    var second = 0.0
    for row in 0..<logits.rows {
      let own = logits[row]
      let other = rest?[row]
      let probabilities = Logistic.softmax(
        own.indices.map { (other?[$0] ?? 0) + factor * own[$0] })
      let mean = zip(probabilities, own).reduce(0) { $0 + $1.0 * $1.1 }
      first += mean - own[logits.truths[row]]
      second += zip(probabilities, own).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    }
    return (first / Double(logits.rows), second / Double(logits.rows))
  }
}
