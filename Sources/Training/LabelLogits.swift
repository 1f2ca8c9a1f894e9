import Classifier

/// The logits of labelled rows: what calibration looks at.
///
/// One logit a label; the single logit of two labels becomes the pair 0, z, which stands for the same
/// probabilities.
package struct LabelLogits: Sendable, Equatable {
  /// Labels.
  package let labels: Int
  /// Logits, [rows, labels].
  package let values: [Double]
  /// The index of each row's true label.
  package let truths: [Int]

  /// Rows.
  package var rows: Int { truths.count }

  /// Logits as they stand, [rows, labels].
  package init(values: [Double], labels: Int, truths: [Int]) {
    precondition(labels >= 2, "rows are told apart by 2 labels or more, not \(labels)")
    precondition(
      values.count == truths.count * labels,
      "\(truths.count) rows of \(labels) labels have \(truths.count * labels) logits, not \(values.count)"
    )
    precondition(
      truths.allSatisfy { (0..<labels).contains($0) }, "a true label lies in 0 ..< \(labels)")
    self.labels = labels
    self.values = values
    self.truths = truths
  }

  /// Logits as a head gives them, [rows, outputs]: one output for two labels, else one a label.
  package init(_ logits: [Float], outputs: Int, truths: [Int]) {
    precondition(
      logits.count == truths.count * outputs,
      "\(truths.count) rows of \(outputs) outputs have \(truths.count * outputs) logits, not \(logits.count)"
    )
    let values: [Double] =
      outputs == 1 ? logits.flatMap { [0, Double($0)] } : logits.map { Double($0) }
    self.init(values: values, labels: max(2, outputs), truths: truths)
  }

  /// The logits of one row.
  package subscript(row: Int) -> [Double] {
    Array(values[(row * labels)..<((row + 1) * labels)])
  }

  /// Each row's probabilities, in label order.
  package var probabilities: [[Double]] { (0..<rows).map { Logistic.softmax(self[$0]) } }

  /// The mean negative logarithm of the truth's probability; 0 without rows.
  package var nll: Double {
    guard rows > 0 else { return 0 }
    let sum = (0..<rows).reduce(0) {
      $0 + Logistic.crossEntropy(self[$1], truth: truths[$1])
    }
    return sum / Double(rows)
  }

  /// All logits times a factor.
  package func scaled(by factor: Double) -> LabelLogits {
    LabelLogits(values: values.map { $0 * factor }, labels: labels, truths: truths)
  }

  /// All logits plus their label's number.
  package func biased(by biases: [Double]) -> LabelLogits {
    precondition(
      biases.count == labels, "\(labels) labels have as many biases, not \(biases.count)")
    return LabelLogits(
      values: values.indices.map { values[$0] + biases[$0 % labels] }, labels: labels,
      truths: truths)
  }

  /// The sum of two systems' logits on the same rows, each times its factor.
  package func mixed(
    _ weight: Double, with other: LabelLogits, _ otherWeight: Double
  ) -> LabelLogits {
    requireSameRows(other)
    return LabelLogits(
      values: zip(values, other.values).map { weight * $0 + otherWeight * $1 }, labels: labels,
      truths: truths)
  }

  func requireSameRows(_ other: LabelLogits) {
    precondition(
      labels == other.labels && truths == other.truths,
      "two systems answer the same rows: \(rows) of \(labels) labels, \(other.rows) of \(other.labels)"
    )
  }
}
