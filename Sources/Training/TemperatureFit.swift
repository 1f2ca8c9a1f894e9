/// The one temperature that makes a model's probabilities most likely on validation rows.
package struct TemperatureFit: Sendable, Equatable {
  /// What the logits are divided by: 0.05 … 20.
  package let temperature: Double
  /// The mean negative log-likelihood of the logits as they were.
  package let nllBefore: Double
  /// The same after division.
  package let nllAfter: Double
  /// The rows that it was fitted on, for the model card: such as `validation, 2000 rows`.
  package let origin: String

  /// Fits on the logits of validation rows, by Newton's method on 1 / T, in which the likelihood is
  /// convex; without rows the temperature is 1.
  package init(_ logits: LabelLogits, origin: String) {
    let factor = LogitScale.best(of: logits, addedTo: nil, in: 0.05...20, from: 1)
    temperature = 1 / factor
    nllBefore = logits.nll
    nllAfter = logits.scaled(by: factor).nll
    self.origin = "\(origin), \(logits.rows) rows"
  }
}
