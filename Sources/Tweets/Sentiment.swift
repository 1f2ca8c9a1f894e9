/// The labels that a model can give.
package enum Label: String, Sendable, Hashable, CaseIterable {
  case negative, neutral, positive
}

/// What the classifier says of one tweet.
///
/// Score and probabilities are the numbers that are printed and counted: whole millionths.
package struct Sentiment: Sendable, Equatable {
  /// The label; nil where the text was not scored, for the reason in `noLabel`.
  package var label: Label?
  /// Expected polarity in 0 … 1: p(positive) + p(neutral) / 2; nil without a label.
  package var score: Double?
  /// One probability a label, in the order of the model's labels; empty without a label.
  package var probabilities: [Double]
  /// True when the text had more tokens than the model's cap and was cut.
  package var truncated: Bool
  /// Why there is no label; nil with one.
  package var noLabel: NoLabel?

  /// A sentiment from its parts.
  package init(label: Label, score: Double, probabilities: [Double], truncated: Bool = false) {
    self.label = label
    self.score = score
    self.probabilities = probabilities
    self.truncated = truncated
  }

  private init(_ reason: NoLabel) {
    probabilities = []
    truncated = false
    noLabel = reason
  }

  /// The answer for a text that is not scored.
  package static func unlabelled(_ reason: NoLabel) -> Sentiment { Sentiment(reason) }

  /// The probabilities of negative, neutral and positive in whole millionths that sum to 1; nil without a label. A
  /// model of two labels gives `neutral` none.
  package var probabilityParts: [Int64]? {
    guard label != nil, (2...3).contains(probabilities.count) else { return nil }
    let parts = Millionths.apportioned(probabilities)
    return parts.count == 3 ? parts : [parts[0], 0, parts[1]]
  }

  /// The label as outputs show it; `none` without one.
  package var labelName: String { label?.rawValue ?? "none" }
}
