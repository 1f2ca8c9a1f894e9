import ELMo

/// Factors on probabilities, by which an explicit decision favours labels.
package struct ProbabilityShift: Sendable, Equatable {
  /// One factor a label, none below 0.
  package let factors: [Double]

  /// Offsets of log-probabilities as factors.
  package init(offsets: [Double]) {
    let peak = offsets.max() ?? 0
    factors = offsets.map { Logistic.exp($0 - peak) }
  }

  /// A threshold of p(positive), of two labels: what lies at it becomes 0.5.
  package init(threshold: Double) { factors = [threshold, 1 - threshold] }

  /// What a decision needs of a bundle's numbers; nil for the largest probability, which needs nothing.
  init?(_ decision: Decision, of manifest: ModelManifest?, directory: String) throws {
    switch (decision, manifest?.labelOffsets, manifest?.threshold) {
    case (.largest, _, _): return nil
    case (.macroRecall, let offsets?, _): self.init(offsets: offsets.map(Double.init))
    case (.threshold, _, let threshold?): self.init(threshold: Double(threshold))
    default: throw ClassifierError.decision(decision, directory: directory)
    }
  }

  /// The probabilities times their factors, divided by their sum; unchanged where nothing would be left.
  package func applied(to probabilities: [Double]) -> [Double] {
    precondition(
      probabilities.count == factors.count,
      "\(factors.count) factors for \(probabilities.count) probabilities")
    let products = zip(probabilities, factors).map { $0 * $1 }
    let sum = products.reduce(0, +)
    return sum > 0 ? products.map { $0 / sum } : probabilities
  }
}
