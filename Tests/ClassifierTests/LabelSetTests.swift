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
    ["positive", "negative"], ["negative"], [], ["bad", "good"], ["negative", "neutral"],
  ])
  func `other label lists are no set`(names: [String]) {
    #expect(LabelSet(names: names) == nil)
  }
}
