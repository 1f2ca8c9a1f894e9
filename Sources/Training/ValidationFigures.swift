import Classifier

/// The figures of validation rows that an epoch is judged by; cheap, without interval or areas.
package struct ValidationFigures: Sendable, Equatable {
  /// The share of rows that are right.
  package let accuracy: Double
  /// The mean recall of the labels that occur.
  package let macroRecall: Double
  /// The mean F1 of the labels that occur or were answered.
  package let macroF1: Double
  /// The mean negative logarithm of the truth's probability.
  package let nll: Double

  /// Figures of rows whose largest logit decides, the first of equals; the second of two labels
  /// wins a tie, as a threshold of 0.5 has it. All are 0 without rows.
  package init(_ logits: LabelLogits) {
    let count = logits.labels
    var confusion = [[Int]](repeating: Array(repeating: 0, count: count), count: count)
    for row in 0..<logits.rows {
      let own = logits[row]
      var best = 0
      for label in 1..<count
      where own[label] > own[best] || (count == 2 && own[label] == own[best]) { best = label }
      confusion[logits.truths[row]][best] += 1
    }
    var recalls: [Double] = []
    var scores: [Double] = []
    for label in 0..<count {
      let support = confusion[label].reduce(0, +)
      let answered = confusion.reduce(0) { $0 + $1[label] }
      let right = Double(confusion[label][label])
      if support > 0 { recalls.append(right / Double(support)) }
      if support + answered > 0 { scores.append(2 * right / Double(support + answered)) }
    }
    func mean(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
    let right = (0..<count).reduce(0) { $0 + confusion[$1][$1] }
    accuracy = logits.rows == 0 ? 0 : Double(right) / Double(logits.rows)
    macroRecall = mean(recalls)
    macroF1 = mean(scores)
    nll = logits.nll
  }

  /// The figure that a metric means.
  package subscript(metric: StoppingMetric) -> Double {
    switch metric {
    case .accuracy: accuracy
    case .macroRecall: macroRecall
    case .macroF1: macroF1
    case .nll: nll
    }
  }
}
