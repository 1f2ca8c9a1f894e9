import Classifier
import Testing
import Tweets

struct LabelSetTests {
  @Test(arguments: [
    ([0.9, 0.1], 0.5, Label.negative, 0.1),
    ([0.5, 0.5], 0.5, Label.positive, 0.5),
    ([0.65, 0.35], 0.3, Label.positive, 0.35),
    ([0.25, 0.75], 0.8, Label.negative, 0.75),
    ([0.5, 0.25, 0.25], 0.5, Label.negative, 0.375),
    ([0.25, 0.5, 0.25], 0.9, Label.neutral, 0.5),
    ([0.125, 0.25, 0.625], 0.9, Label.positive, 0.75),
    ([0.4, 0.4, 0.2], 0.5, Label.negative, 0.4),
  ])
  func `probabilities become a label and a score`(
    probabilities: [Double], threshold: Double, label: Label, score: Double
  ) {
    let labels: LabelSet = probabilities.count == 2 ? .two : .three
    let sentiment = labels.sentiment(probabilities, threshold: threshold, truncated: false)
    #expect(sentiment.label == label)
    #expect(abs(sentiment.score - score) < 1e-15)
    #expect(sentiment.probabilities == probabilities)
  }

  @Test(arguments: [
    ([0.0, 0, 0], Label.negative), ([0, 0, 0.7], .positive), ([0, 0.8, 0.7], .neutral),
    ([-0.8, 0, 0], .neutral),
  ])
  func `offsets are added to the log-probabilities before the largest decides`(
    offsets: [Double], label: Label
  ) {
    let probabilities = [0.5, 0.25, 0.25]
    let sentiment = LabelSet.three.sentiment(
      probabilities, threshold: 0.5, offsets: offsets, truncated: false)
    #expect(sentiment.label == label)
    #expect(sentiment.probabilities == probabilities)
    #expect(sentiment.score == 0.375)
    #expect(
      LabelSet.three.decide([0, 0, 1], threshold: 0.5, offsets: [9, 9, -9]) == 2,
      "what is impossible stays so")
  }

  @Test(arguments: [
    ["positive", "negative"], ["negative"], [], ["bad", "good"], ["negative", "neutral"],
  ])
  func `other label lists are no set`(names: [String]) {
    #expect(LabelSet(names: names) == nil)
  }
}
