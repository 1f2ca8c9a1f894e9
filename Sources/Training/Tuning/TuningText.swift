package import Classifier

/// A labelled text of a tuning, cleaned and split as the model will read it.
package struct TuningText: Sendable {
  /// The cleaned text and its tokens.
  package var prepared: PreparedText
  /// The index of its label.
  package var truth: Int
  /// What it counts for, beside its label.
  package var weight: Float
  /// The key of the texts that count as the same.
  package var group: String

  /// A text from its parts.
  package init(prepared: PreparedText, truth: Int, weight: Float, group: String) {
    self.prepared = prepared
    self.truth = truth
    self.weight = weight
    self.group = group
  }

  var row: TuningRow { TuningRow(tokens: prepared.tokens, truth: truth, weight: weight) }
}
