package import Tweets

/// The scores of a two-label model that are counted as neutral.
package struct NeutralBand: Sendable, Equatable {
  /// The lowest neutral score.
  package var low: Double
  /// The highest neutral score.
  package var high: Double

  /// A band; nil unless 0 <= low <= high <= 1.
  package init?(low: Double, high: Double) {
    guard low >= 0, low <= high, high <= 1 else { return nil }
    self.low = low
    self.high = high
  }

  /// The sentiment, labelled neutral when its score lies in the band.
  ///
  /// Only decisions between two labels are touched: a third label is the model's own say.
  package func applied(to sentiment: Sentiment) -> Sentiment {
    guard let score = sentiment.score, sentiment.probabilities.count == 2,
      (low...high).contains(score)
    else { return sentiment }
    var relabelled = sentiment
    relabelled.label = .neutral
    return relabelled
  }
}
