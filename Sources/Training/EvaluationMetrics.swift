package import Classifier

/// Everything that ELMO.md 10.2 wants printed of one test.
///
/// A row without a decision counts as wrong; its probabilities count as equal ones.
package struct EvaluationMetrics: Sendable, Equatable {
  /// The labels, in the order of all arrays.
  package let labels: LabelSet
  /// Rows.
  package let rows: Int
  /// Groups of equal texts among them.
  package let groups: Int
  /// Rows of each true label.
  package let support: [Int]
  /// The index of each row's answered label, in row order; nil where the model made no decision.
  package let answers: [Int?]
  /// Rows that the model made no decision on.
  package let undecided: Int
  /// What always answering the most frequent label reaches.
  package let majorityAccuracy: Double
  /// The share of rows that are right.
  package let accuracy: Double
  /// The 95 % bootstrap interval of the accuracy over groups; nil without rows.
  package let interval: BootstrapInterval?
  /// The mean recall of the labels that occur; macro recall is the same number.
  package let balancedAccuracy: Double
  /// The mean F1 of the labels that occur or were answered.
  package let macroF1: Double
  /// Recall of each label; nil for one that does not occur.
  package let recall: [Double?]
  /// Each label's share of the rows.
  package let shares: [Double]
  /// Each label's share of the answers.
  package let answeredShares: [Double]
  /// Each label's mean probability over the rows that were answered: its expected share.
  package let expectedShares: [Double]
  /// Area under the ROC curve: of the positive label for two labels, the mean of one against the
  /// rest for three; nil when it is not defined.
  package let areaUnderROC: Double?
  /// The index of the rarest label that occurs, the first of equals.
  package let rarest: Int
  /// Average precision of that label; nil without rows.
  package let averagePrecision: Double?
  /// Mean squared distance of the probabilities from the truth.
  package let brier: Double
  /// Expected calibration error in 15 bins.
  package let expectedCalibrationError: Double
  /// Rows by true label (first index) and answered label (second index), without the undecided.
  package let confusion: [[Int]]
  /// The threshold of the positive label; nil for three labels.
  package let threshold: Double?
  /// Where the threshold was chosen, such as `default`, `model` or `validation`.
  package let thresholdOrigin: String

  /// Measures a model's answers; threshold and label offsets must not have been chosen on these rows.
  package init(
    _ given: [EvaluatedRow], labels: LabelSet, threshold: Double = 0.5,
    thresholdOrigin: String = "default", labelOffsets: [Double]? = nil, seed: UInt64 = 1
  ) {
    self.init(
      given,
      answers: given.map { row in
        row.probabilities.isEmpty
          ? nil : labels.decide(row.probabilities, threshold: threshold, offsets: labelOffsets)
      }, labels: labels, threshold: threshold, thresholdOrigin: thresholdOrigin, seed: seed)
  }

  /// Measures answers that were decided row by row, such as by several models; a nil `threshold` means
  /// that there was not one for all.
  package init(
    _ given: [EvaluatedRow], answers: [Int?], labels: LabelSet, threshold: Double?,
    thresholdOrigin: String, seed: UInt64 = 1
  ) {
    let count = labels.count
    let even = [Double](repeating: 1 / Double(count), count: count)
    let rows = given.map { row in
      precondition(
        (0..<count).contains(row.truth)
          && (row.probabilities.isEmpty || row.probabilities.count == count),
        "a row with truth \(row.truth) and \(row.probabilities.count) probabilities, \(count) labels"
      )
      return row.probabilities.isEmpty
        ? EvaluatedRow(truth: row.truth, probabilities: even, group: row.group) : row
    }
    precondition(
      answers.count == rows.count, "\(answers.count) answers to \(rows.count) rows")
    var confusion = [[Int]](repeating: Array(repeating: 0, count: count), count: count)
    for (row, answer) in zip(rows, answers) {
      if let answer { confusion[row.truth][answer] += 1 }
    }
    let support = (0..<count).map { label in rows.count { $0.truth == label } }
    let correct = zip(rows, answers).map { $0.truth == $1 }
    let right = correct.count { $0 }

    self.labels = labels
    self.rows = rows.count
    self.support = support
    groups = Set(rows.map(\.group)).count
    self.answers = answers
    undecided = answers.count { $0 == nil }
    majorityAccuracy = rows.isEmpty ? 0 : Double(support.max() ?? 0) / Double(rows.count)
    accuracy = rows.isEmpty ? 0 : Double(right) / Double(rows.count)
    interval = BootstrapInterval(correct: correct, groups: rows.map(\.group), seed: seed)
    let recall = (0..<count).map { label in
      support[label] == 0 ? nil : Double(confusion[label][label]) / Double(support[label])
    }
    self.recall = recall
    let answered = answers.count { $0 != nil }
    shares = support.map { rows.isEmpty ? 0 : Double($0) / Double(rows.count) }
    answeredShares = (0..<count).map { label in
      answered == 0 ? 0 : Double(answers.count { $0 == label }) / Double(answered)
    }
    expectedShares = (0..<count).map { label in
      let sum = zip(rows, answers).reduce(0) {
        $0 + ($1.1 == nil ? 0 : $1.0.probabilities[label])
      }
      return answered == 0 ? 0 : sum / Double(answered)
    }
    balancedAccuracy = EvaluationMetrics.mean(recall)
    macroF1 = EvaluationMetrics.mean(
      (0..<count).map { label in
        let answered = confusion.reduce(0) { $0 + $1[label] }
        guard support[label] + answered > 0 else { return nil }
        return 2 * Double(confusion[label][label]) / Double(support[label] + answered)
      })
    areaUnderROC = EvaluationMetrics.areaUnderROC(rows, labels: count)
    let present = support.filter { $0 > 0 }.min() ?? 0
    let rarest = support.firstIndex(of: present) ?? 0
    self.rarest = rarest
    averagePrecision = RankingMetrics.averagePrecision(
      scores: rows.map { $0.probabilities[rarest] }, positives: rows.map { $0.truth == rarest })
    brier = CalibrationMetrics.brier(rows)
    expectedCalibrationError = CalibrationMetrics.expectedError(rows)
    self.confusion = confusion
    self.threshold = count == 2 ? threshold : nil
    self.thresholdOrigin = thresholdOrigin
  }

  private static func areaUnderROC(_ rows: [EvaluatedRow], labels: Int) -> Double? {
    let areas = (labels == 2 ? [1] : Array(0..<labels)).map { label in
      RankingMetrics.areaUnderROC(
        scores: rows.map { $0.probabilities[label] }, positives: rows.map { $0.truth == label })
    }
    return areas.contains { $0 != nil } ? mean(areas) : nil
  }

  private static func mean(_ values: [Double?]) -> Double {
    let present = values.compactMap { $0 }
    return present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
  }
}
