package import Classifier

/// A labelled text of a tuning, cleaned and split as the model will read it.
package struct TuningText: Sendable {
  /// The cleaned text and its tokens.
  package var prepared: PreparedText
  /// The index of its label.
  package var truth: Int
  /// What it counts for in the network's training, beside its label.
  package var weight: Float
  /// What it counts for in the co-head's, which gains nothing by how sure the annotators were.
  package var coHeadWeight: Float
  /// The key of the texts that count as the same.
  package var group: String

  /// A text from its parts; without a weight of its own the co-head takes the network's.
  package init(
    prepared: PreparedText, truth: Int, weight: Float, coHeadWeight: Float? = nil, group: String
  ) {
    self.prepared = prepared
    self.truth = truth
    self.weight = weight
    self.coHeadWeight = coHeadWeight ?? weight
    self.group = group
  }

  var row: TuningRow { TuningRow(tokens: prepared.tokens, truth: truth, weight: weight) }
}
