/// The labels that a model can give.
package enum Label: String, Sendable, Hashable, CaseIterable {
  case negative, neutral, positive
}

/// What the classifier says of one tweet.
package struct Sentiment: Sendable, Equatable {
  /// The label; nil is "no decision": nothing was left of the text after cleaning.
  package var label: Label?
  /// Expected polarity in 0 … 1: p(positive) + p(neutral) / 2; 0.5 without a decision.
  package var score: Double
  /// One probability a label, in the order of the model's labels; empty without a decision.
  package var probabilities: [Double]
  /// True when the text had more tokens than the model's cap and was cut.
  package var truncated: Bool

  /// A sentiment from its parts.
  package init(label: Label?, score: Double, probabilities: [Double], truncated: Bool = false) {
    self.label = label
    self.score = score
    self.probabilities = probabilities
    self.truncated = truncated
  }

  /// The answer for a text of which cleaning left nothing.
  package static let undecided = Sentiment(label: nil, score: 0.5, probabilities: [])
}
