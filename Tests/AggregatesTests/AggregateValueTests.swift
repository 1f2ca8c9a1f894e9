import Aggregates
import Testing
import Tweets

struct AggregateValueTests {
  @Test func `merging in any order and taking back gives the same integers`() {
    var generator = SeededGenerator(seed: 7)
    let values = (0..<500).map { _ in
      let score = Int64.random(in: 0...1_000_000, using: &generator)
      return AggregateValue(
        label: [Label.negative, .neutral, .positive, nil].randomElement(using: &generator) ?? nil,
        score: score, probabilities: [1_000_000 - score, 0, score])
    }
    var forward = AggregateValue()
    var backward = AggregateValue()
    for value in values { forward.merge(value) }
    for value in values.reversed() { backward.merge(value) }
    #expect(forward == backward)
    #expect(forward.tweets == 500)
    #expect(forward.histogram.reduce(0, +) == forward.decided)
    #expect(
      forward.negativeSum + forward.neutralSum + forward.positiveSum == forward.decided * 1_000_000)
    #expect(forward.positiveSum == forward.scoreSum)
    for value in values { forward.subtract(value) }
    #expect(forward.isZero)
  }

  @Test(
    arguments: [
      (0.0, 0), (1.0, 1_000_000), (0.0000005, 1), (0.0000004, 0), (0.5, 500_000), (2.0, 1_000_000),
      (-1.0, 0), (Double.nan, 500_000),
    ] as [(Double, Int64)])
  func `a score becomes millionths, rounded half up`(_ score: Double, _ wanted: Int64) {
    #expect(AggregateValue.millionths(score) == wanted)
  }

  @Test(arguments: [(0, 0), (99_999, 0), (100_000, 1), (500_000, 5), (999_999, 9), (1_000_000, 9)])
  func `a score falls into its bin`(_ score: Int64, _ bin: Int) {
    let value = AggregateValue(label: .positive, score: score)
    #expect(value.histogram.firstIndex(of: 1) == bin)
  }

  @Test func `an undecided tweet counts as a tweet and in no mean`() {
    var value = AggregateValue(label: .positive, score: 900_000)
    value.merge(AggregateValue(label: nil, score: 500_000))
    #expect(value.tweets == 2 && value.undecided == 1 && value.decided == 1)
    #expect(value.scoreMean == 0.9)
    #expect(AggregateValue(label: nil, score: 0).scoreMean == nil)
  }

  @Test func `sums of a million million tweets do not overflow`() {
    let one = AggregateValue(label: .positive, score: 1_000_000)
    #expect(one.scoreSquareSum.multipliedReportingOverflow(by: 1_000_000_000_000).overflow == false)
    #expect(one.scoreSum.multipliedReportingOverflow(by: 1_000_000_000_000).overflow == false)
  }

  @Test func `mean and deviation follow from the sums`() throws {
    var value = AggregateValue()
    #expect(value.negativeExpected == nil && value.scoreDeviation == nil)
    for score in [100_000, 300_000, 500_000, 700_000] as [Int64] {
      value.merge(
        AggregateValue(
          label: .neutral, score: score,
          probabilities: [600_000 - score / 2, 400_000 - score / 2, score]))
    }
    #expect(value.scoreMean == 0.4)
    #expect(abs(try #require(value.scoreDeviation) - 0.223606797749979) < 1e-12)
    #expect(value.positiveExpected == 0.4)
    #expect(value.negativeExpected == 0.4 && value.neutralExpected == 0.2)
  }

  @Test func `the deviation of equal scores is exactly 0, whatever they are`() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let score = Int64.random(in: 0...1_000_000, using: &generator)
      var value = AggregateValue()
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        value.merge(
          AggregateValue(label: .neutral, score: score, probabilities: [0, 1_000_000, 0]))
      }
      #expect(value.scoreDeviation == 0, "\(score)")
    }
  }

  @Test func `sums that cannot be end no process`() {
    var value = AggregateValue()
    value.neutral = 1 << 50
    value.negative = 1 << 50
    for path in [
      \AggregateValue.scoreSum, \.scoreSquareSum, \.scoreSquareRest, \.negativeSum, \.neutralSum,
      \.positiveSum,
    ] {
      value[keyPath: path] = .max
    }
    #expect(value.scoreDeviation?.isFinite == true)
    #expect(value.negativeExpected?.isFinite == true)
  }

  @Test(arguments: [
    (0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (50, 100, 0.404, 0.596),
    (5000, 10_000, 0.490, 0.510),
  ])
  func `the interval is Wilson's`(_ k: Int64, _ n: Int64, _ low: Double, _ high: Double) throws {
    let interval = try #require(WilsonInterval(successes: k, of: n))
    #expect(abs(interval.low - low) < 0.0005)
    #expect(abs(interval.high - high) < 0.0005)
  }

  @Test func `there is no interval of nothing`() {
    #expect(WilsonInterval(successes: 0, of: 0) == nil)
    #expect(WilsonInterval(successes: 3, of: 2) == nil)
  }

  @Test func `a neutral band relabels two-label models only`() throws {
    let band = try #require(NeutralBand(low: 0.4, high: 0.6))
    let two = Sentiment(label: .positive, score: 0.6, probabilities: [0.4, 0.6])
    let sure = Sentiment(label: .positive, score: 0.61, probabilities: [0.39, 0.61])
    let three = Sentiment(label: .positive, score: 0.5, probabilities: [0.3, 0.3, 0.4])
    #expect(band.applied(to: two).label == .neutral)
    #expect(band.applied(to: sure).label == .positive)
    #expect(band.applied(to: three).label == .positive)
    #expect(band.applied(to: .unlabelled(.noWords)).label == nil)
    #expect(NeutralBand(low: 0.6, high: 0.4) == nil)
  }

  @Test(arguments: [
    ("en", "en"), ("zh-TW", "zh-tw"), (nil, "und"), ("", "und"), ("e", "und"), ("en\n", "und"),
    ("a-language-that-is-none", "und"),
  ])
  func `a language is a short lower-case tag`(_ given: String?, _ wanted: String) {
    #expect(AggregateKey.lang(given) == wanted)
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
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
