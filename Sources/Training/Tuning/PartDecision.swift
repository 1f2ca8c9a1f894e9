/// How one part of a system decides when it answers alone: its own temperature, and its own threshold or
/// offsets, chosen on validation rows as the whole system's are.
package struct PartDecision: Sendable {
  /// What the part's logits are divided by.
  package let temperature: Double
  /// From which score two labels are answered `positive`.
  package let threshold: Double
  /// What is added to each of three labels' log-probability before the largest decides.
  package let offsets: [Double]?
  /// The rows that chose, or `fixed`.
  package let origin: String
  /// What was won by it on those rows, in words; nil where nothing was chosen.
  package let fact: (key: String, words: String)?

  /// Chooses on the part's logits of validation rows; without rows the logits stand as they are.
  package init(_ validation: LabelLogits, metric: StoppingMetric, origin: String = "validation") {
    guard validation.rows > 0 else {
      (temperature, threshold, offsets, self.origin, fact) = (1, 0.5, nil, "fixed", nil)
      return
    }
    self.origin = origin
    temperature = TemperatureFit(validation, origin: origin).temperature
    let choice = DecisionChoice(
      validation.scaled(by: 1 / temperature), metric: metric, origin: origin)
    threshold = Double(choice.threshold ?? 0.5)
    offsets = choice.offsets
    fact = choice.fact
  }
}
