package import Tweets

/// The labels of a model, in the order of its probabilities: two or three, from negative to
/// positive.
package struct LabelSet: Sendable, Equatable {
  /// The labels in order.
  package let labels: [Label]

  /// `negative`, `positive`.
  package static let two = LabelSet(labels: [.negative, .positive])
  /// `negative`, `neutral`, `positive`.
  package static let three = LabelSet(labels: [.negative, .neutral, .positive])

  private init(labels: [Label]) { self.labels = labels }

  /// The set with these names in this order; nil for any other names.
  package init?(names: [String]) {
    guard
      let set = [LabelSet.two, .three].first(where: { $0.names == names })
    else { return nil }
    self = set
  }

  /// The names as files and messages show them.
  package var names: [String] { labels.map(\.rawValue) }

  /// How many labels there are.
  package var count: Int { labels.count }

  /// The place of a label among the probabilities; nil when the set lacks it.
  package func index(of label: Label) -> Int? { labels.firstIndex(of: label) }

  /// What the probabilities say, in whole millionths that sum to 1: the label is the largest of them, the first of
  /// equals, and the score is p(positive) + p(neutral)/2.
  package func sentiment(_ probabilities: [Double], truncated: Bool) -> Sentiment {
    precondition(
      probabilities.count == count,
      "\(count) labels need as many probabilities, not \(probabilities.count)")
    let parts = Millionths.apportioned(probabilities)
    return Sentiment(
      label: labels[Millionths.largest(parts)], score: Millionths.number(Millionths.score(parts)),
      probabilities: parts.map(Millionths.number), truncated: truncated)
  }

  /// The index of the label that printed probabilities give: the largest, the first of equals; nil without any.
  package func answer(_ probabilities: [Double]) -> Int? {
    probabilities.isEmpty ? nil : Millionths.largest(Millionths.apportioned(probabilities))
  }

  /// The index of the label that the training's own decision gives: by threshold for two labels (a score
  /// at the threshold is positive), by the largest probability for three (the first of equals).
  ///
  /// With `offsets`, one a label, by the largest ln p + offset; for three labels only.
  package func decide(
    _ probabilities: [Double], threshold: Double, offsets: [Double]? = nil
  ) -> Int {
    if count == 2 { return probabilities[1] >= threshold ? 1 : 0 }
    var values = probabilities
    if let offsets {
      precondition(
        offsets.count == count, "\(count) labels have as many offsets, not \(offsets.count)")
      values = zip(probabilities, offsets).map { Logistic.log($0) + $1 }
    }
    var best = 0
    for index in 1..<count where values[index] > values[best] { best = index }
    return best
  }
}
