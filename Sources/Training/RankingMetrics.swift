/// How well a score puts the rows of a class before the others.
package enum RankingMetrics {
  /// The probability that a random row of the class scores above a random other row, ties counted
  /// half; nil when either kind is missing.
  package static func areaUnderROC(scores: [Double], positives: [Bool]) -> Double? {
    let runs = runs(scores: scores, positives: positives)
    let positiveCount = runs.reduce(0) { $0 + $1.positives }
    let negativeCount = runs.reduce(0) { $0 + $1.negatives }
    guard positiveCount > 0, negativeCount > 0 else { return nil }
    // Counted in halves, so that the sum is a whole number.
    var halves = 0
    var negativesAbove = 0
    for run in runs {
      halves +=
        run.positives * (2 * (negativeCount - negativesAbove - run.negatives) + run.negatives)
      negativesAbove += run.negatives
    }
    return Double(halves) / (2 * Double(positiveCount) * Double(negativeCount))
  }

  /// Σ (recall step) · precision over falling thresholds, equal scores taken together; nil without
  /// rows of the class.
  package static func averagePrecision(scores: [Double], positives: [Bool]) -> Double? {
    let runs = runs(scores: scores, positives: positives)
    let total = runs.reduce(0) { $0 + $1.positives }
    guard total > 0 else { return nil }
    var found = 0
    var taken = 0
    var sum = 0.0
    for run in runs {
      found += run.positives
      taken += run.positives + run.negatives
      sum += Double(run.positives) / Double(total) * Double(found) / Double(taken)
    }
    return sum
  }

  // Rows of equal score, the highest score first.
  private static func runs(
    scores: [Double], positives: [Bool]
  ) -> [(positives: Int, negatives: Int)] {
    precondition(
      scores.count == positives.count, "\(scores.count) scores for \(positives.count) rows")
    var runs: [(positives: Int, negatives: Int)] = []
    var last: Double?
    for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
      if scores[index] != last { runs.append((0, 0)) }
      last = scores[index]
      if positives[index] {
        runs[runs.count - 1].positives += 1
      } else {
        runs[runs.count - 1].negatives += 1
      }
    }
    return runs
  }
}
