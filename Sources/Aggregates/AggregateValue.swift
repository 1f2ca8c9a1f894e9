package import Tweets

/// The figures of one bucket: integers only, so that sums in any order agree to the last bit.
///
/// A value may also be a difference that is added to a stored row; then counts may be negative.
package struct AggregateValue: Sendable, Equatable {
  /// How many millionths make a score of 1.
  package static let scoreUnit = Millionths.one
  /// How many bins the histogram has.
  package static let binCount = 10

  /// All tweets, the undecided ones included.
  package var tweets: Int64 = 0
  /// Tweets labelled negative.
  package var negative: Int64 = 0
  /// Tweets labelled neutral.
  package var neutral: Int64 = 0
  /// Tweets labelled positive.
  package var positive: Int64 = 0
  /// Tweets without a decision: nothing was left of their text.
  package var undecided: Int64 = 0
  /// Sum of the scores of the decided tweets, in millionths.
  package var scoreSum: Int64 = 0
  /// Sum of the squared scores of the decided tweets, in whole millionths; the rest of each square is in
  /// `scoreSquareRest`.
  ///
  /// A tweet adds at most 1,000,000 to either, so that 10^12 tweets stay below 10^18: no overflow.
  package var scoreSquareSum: Int64 = 0
  /// Sum of what the squares exceed whole millionths by, in 10^-12: with it the sum of squares is exact.
  package var scoreSquareRest: Int64 = 0
  /// Sum of p(negative) over the decided tweets, in millionths.
  ///
  /// A tweet's three probabilities sum to 1. Tweets that were counted by a database of version 1 or 2 are missing in
  /// these sums: their probabilities are not known.
  package var negativeSum: Int64 = 0
  /// Sum of p(neutral), likewise.
  package var neutralSum: Int64 = 0
  /// Sum of p(positive), likewise.
  package var positiveSum: Int64 = 0
  /// Decided tweets by score: bin i counts scores of i/10 up to, not including, (i+1)/10; 1.0 is in the last.
  package var histogram = [Int64](repeating: 0, count: AggregateValue.binCount)

  /// A value that counts nothing.
  package init() {}

  /// The value of one tweet: its label, its score and its probabilities of negative, neutral and positive in
  /// millionths.
  ///
  /// Without probabilities the tweet is one of a database of version 1 or 2, which rounded squares to millionths: so
  /// does this, because a tweet is taken back by the numbers that it was counted with.
  package init(label: Label?, score: Int64, probabilities: [Int64]? = nil) {
    tweets = 1
    switch label {
    case .negative: negative = 1
    case .neutral: neutral = 1
    case .positive: positive = 1
    case nil:
      undecided = 1
      return
    }
    let score = min(max(score, 0), AggregateValue.scoreUnit)
    scoreSum = score
    let square = score * score
    if let probabilities {
      precondition(probabilities.count == 3, "\(probabilities.count) probabilities, not 3")
      (negativeSum, neutralSum, positiveSum) = (
        probabilities[0], probabilities[1], probabilities[2]
      )
      scoreSquareSum = square / AggregateValue.scoreUnit
      scoreSquareRest = square % AggregateValue.scoreUnit
    } else {
      scoreSquareSum = (square + AggregateValue.scoreUnit / 2) / AggregateValue.scoreUnit
    }
    histogram[min(Int(score * 10 / AggregateValue.scoreUnit), AggregateValue.binCount - 1)] = 1
  }

  /// A score of 0 … 1 in millionths, rounded half up; NaN and infinity count as 0.5.
  package static func millionths(_ score: Double) -> Int64 { Millionths.rounded(score) }

  /// Tweets with a decision; shares and means are over these.
  package var decided: Int64 { negative + neutral + positive }

  /// True when adding the value changes nothing.
  package var isZero: Bool { self == AggregateValue() }

  /// Adds the figures of another value.
  package mutating func merge(_ other: AggregateValue) { combine(other, sign: 1) }

  /// Takes the figures of another value away.
  package mutating func subtract(_ other: AggregateValue) { combine(other, sign: -1) }

  private mutating func combine(_ other: AggregateValue, sign: Int64) {
    tweets &+= sign &* other.tweets
    negative &+= sign &* other.negative
    neutral &+= sign &* other.neutral
    positive &+= sign &* other.positive
    undecided &+= sign &* other.undecided
    scoreSum &+= sign &* other.scoreSum
    scoreSquareSum &+= sign &* other.scoreSquareSum
    scoreSquareRest &+= sign &* other.scoreSquareRest
    negativeSum &+= sign &* other.negativeSum
    neutralSum &+= sign &* other.neutralSum
    positiveSum &+= sign &* other.positiveSum
    for bin in 0..<AggregateValue.binCount { histogram[bin] &+= sign &* other.histogram[bin] }
  }
}
