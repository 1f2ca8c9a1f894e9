/// The probability of `positive` from which a model of two labels answers so, chosen on validation
/// rows.
package struct ThresholdChoice: Sendable, Equatable {
  /// What the threshold is to make large.
  package enum Aim: String, Sendable, Equatable, Codable, CaseIterable {
    /// The share of rows that are right.
    case accuracy
    /// The mean recall of both labels.
    case balancedAccuracy = "balanced_accuracy"
    /// The mean F1 of both labels.
    case macroF1 = "macro_f1"
  }

  /// A probability of `positive` at or above this is answered `positive`.
  package let threshold: Float
  /// What was made large.
  package let aim: Aim
  /// Its value on the validation rows, at the threshold.
  package let value: Double
  /// Its value at 0.5.
  package let valueAtHalf: Double
  /// The rows that it was chosen on, for the model card: such as `validation, 2146 rows`.
  package let origin: String

  /// Tries every threshold that makes a difference; of equally good ones the nearest to 0.5 is
  /// taken, midway between the two scores that it parts. 0.5 where it is among the best, and without
  /// rows.
  ///
  /// `scores` are probabilities of `positive`, `truths` tell whether the row is.
  package init(scores: [Double], truths: [Bool], aim: Aim, origin: String) {
    precondition(
      scores.count == truths.count, "\(scores.count) scores for \(truths.count) truths")
    let ordered = scores.indices.sorted { scores[$0] < scores[$1] }
    let positives = truths.count { $0 }
    // What lies below the threshold so far.
    var below = (positives: 0, negatives: 0)
    func value() -> Double {
      ThresholdChoice.value(
        aim, truePositives: positives - below.positives,
        falsePositives: truths.count - positives - below.negatives,
        falseNegatives: below.positives, trueNegatives: below.negatives)
    }
    var best: (value: Double, threshold: Float) = (-1, 0.5)
    var atHalf = 0.0
    var lower = -Double.infinity
    var place = 0
    while place <= ordered.count {
      let upper = place < ordered.count ? scores[ordered[place]] : .infinity
      // Thresholds of lower < t ≤ upper all decide alike.
      if let threshold = ThresholdChoice.between(lower, upper) {
        let found = value()
        if lower < 0.5, 0.5 <= upper { atHalf = found }
        let isNearer = abs(threshold - 0.5) < abs(best.threshold - 0.5)
        if found > best.value || (found == best.value && isNearer) { best = (found, threshold) }
      }
      lower = upper
      if place == ordered.count { break }
      while place < ordered.count, scores[ordered[place]] == upper {
        if truths[ordered[place]] { below.positives += 1 } else { below.negatives += 1 }
        place += 1
      }
    }
    threshold = best.threshold
    self.aim = aim
    self.value = best.value
    valueAtHalf = atHalf
    self.origin = "\(origin), \(scores.count) rows"
  }

  // A number that a bundle can hold and that parts the two scores; 0.5 where it does.
  private static func between(_ lower: Double, _ upper: Double) -> Float? {
    if lower < 0.5, 0.5 <= upper { return 0.5 }
    let middle = Float((max(0, lower) + min(1, upper)) / 2)
    return Double(middle) > lower && Double(middle) <= upper && (0...1).contains(middle)
      ? middle : nil
  }

  private static func value(
    _ aim: Aim, truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int
  ) -> Double {
    func share(_ part: Int, of whole: Int) -> Double? {
      whole == 0 ? nil : Double(part) / Double(whole)
    }
    let wrong = falsePositives + falseNegatives
    let parts: [Double?]
    switch aim {
    case .accuracy:
      parts = [share(truePositives + trueNegatives, of: truePositives + trueNegatives + wrong)]
    case .balancedAccuracy:
      parts = [
        share(truePositives, of: truePositives + falseNegatives),
        share(trueNegatives, of: trueNegatives + falsePositives),
      ]
    case .macroF1:
      parts = [
        share(2 * truePositives, of: 2 * truePositives + wrong),
        share(2 * trueNegatives, of: 2 * trueNegatives + wrong),
      ]
    }
    let known = parts.compactMap { $0 }
    return known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
  }
}
