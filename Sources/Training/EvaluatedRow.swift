/// One test row: the truth, and what the model said of it.
package struct EvaluatedRow: Sendable, Equatable {
  /// The index of the true label.
  package var truth: Int
  /// One probability a label; empty where the model made no decision.
  package var probabilities: [Double]
  /// The key of the texts that count as the same; resampling moves them together.
  package var group: String

  /// A row from its parts.
  package init(truth: Int, probabilities: [Double], group: String) {
    self.truth = truth
    self.probabilities = probabilities
    self.group = group
  }
}
