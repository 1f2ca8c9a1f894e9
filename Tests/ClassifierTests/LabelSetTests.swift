import Classifier
import Testing
import Tweets

struct LabelSetTests {
  @Test(arguments: [
    ([0.9, 0.1], Label.negative, 0.1), ([0.5, 0.5], .negative, 0.5),
    ([0.25, 0.75], .positive, 0.75),
    ([0.5, 0.25, 0.25], .negative, 0.375), ([0.25, 0.5, 0.25], .neutral, 0.5),
    ([0.125, 0.25, 0.625], .positive, 0.75), ([0.4, 0.4, 0.2], .negative, 0.4),
    // Equal once they are printed: the first of them.
    ([0.3999999, 0.4000001, 0.2], .negative, 0.4),
  ])
  func `probabilities become a label and a score`(
    probabilities: [Double], label: Label, score: Double
  ) {
    let labels: LabelSet = probabilities.count == 2 ? .two : .three
    let sentiment = labels.sentiment(probabilities, truncated: false)
    #expect(sentiment.label == label)
    #expect(sentiment.score == score)
    #expect(labels.answer(probabilities) == labels.index(of: label))
  }

  @Test func `label, score and printed probabilities agree`() throws {
    var generator = SplitMix(seed: 11)
    for round in 0..<20_000 {
      let count = round % 2 + 2
      // Ties and near ties are frequent.
      let weights = (0..<count).map { _ in
        Double(generator.next() % 5) + 1e-7 * Double(generator.next() % 3)
      }
      let sum = weights.reduce(0, +)
      let probabilities = weights.map { sum > 0 ? $0 / sum : 1 / Double(count) }
      let labels: LabelSet = count == 2 ? .two : .three
      let sentiment = labels.sentiment(probabilities, truncated: false)
      let printed = sentiment.probabilities.map { Int64(($0 * 1e6).rounded()) }
      #expect(printed.reduce(0, +) == 1_000_000)
      #expect(sentiment.probabilities == printed.map { Double($0) / 1e6 })
      let label = try #require(sentiment.label.flatMap(labels.index))
      #expect(
        printed[label] == printed.max() && printed[..<label].allSatisfy { $0 < printed[label] })
      let score = count == 2 ? printed[1] : printed[2] + (printed[1] + 1) / 2
      #expect(sentiment.score == Double(score) / 1e6)
      for (shown, exact) in zip(sentiment.probabilities, probabilities) {
        #expect(abs(shown - exact) < 1e-6, "round \(round)")
      }
    }
  }

  @Test(arguments: [
    ([0.0, 0, 0], Label.negative), ([0, 0, 0.7], .positive), ([0, 0.8, 0.7], .neutral),
    ([-0.8, 0, 0], .neutral),
  ])
  func `offsets shift the probabilities, and the largest of these decides`(
    offsets: [Double], label: Label
  ) throws {
    let shifted = ProbabilityShift(offsets: offsets).applied(to: [0.5, 0.25, 0.25])
    #expect(abs(shifted.reduce(0, +) - 1) < 1e-12)
    #expect(LabelSet.three.sentiment(shifted, truncated: false).label == label)
    #expect(
      abs(Logistic.log(shifted[0] / shifted[1]) - Logistic.log(2) - offsets[0] + offsets[1]) < 1e-12
    )
    let certain = ProbabilityShift(offsets: [9, 9, -9]).applied(to: [0, 0, 1])
    #expect(certain == [0, 0, 1], "what is impossible stays so")
  }

  @Test(arguments: [
    (0.35, 0.3, Label.positive), (0.75, 0.8, .negative), (0.2, 0, .positive), (0.9, 1, .negative),
  ])
  func `a threshold shifts two probabilities so that it becomes a half`(
    positive: Double, threshold: Double, label: Label
  ) {
    let shift = ProbabilityShift(threshold: threshold)
    let shifted = shift.applied(to: [1 - positive, positive])
    #expect(LabelSet.two.sentiment(shifted, truncated: false).label == label)
    let even = shift.applied(to: [1 - threshold, threshold])
    #expect(abs(even[1] - (threshold == 0 ? 0 : threshold == 1 ? 1 : 0.5)) < 1e-12)
  }

  @Test(arguments: [
    ["positive", "negative"], ["negative"], [], ["bad", "good"], ["negative", "neutral"],
  ])
  func `other label lists are no set`(names: [String]) {
    #expect(LabelSet(names: names) == nil)
  }
}

/// SplitMix64: the same numbers for the same seed.
private struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
