extension AggregateValue {
  /// Mean score of the decided tweets in 0 … 1; nil without any.
  package var scoreMean: Double? {
    guard decided > 0 else { return nil }
    return Double(scoreSum) / Double(decided) / Double(AggregateValue.scoreUnit)
  }

  /// Standard deviation of the scores of the decided tweets (of the population); nil without any.
  ///
  /// The sums are exact integers, so that it is exactly 0 for one tweet and for equal ones.
  package var scoreDeviation: Double? {
    guard decided > 0 else { return nil }
    guard decided > 1 else { return 0 }
    let squares =
      Int128(scoreSquareSum) * Int128(AggregateValue.scoreUnit) + Int128(scoreSquareRest)
    // Sums that no sound database holds may wrap around; they end no process.
    let spread = Int128(decided) &* squares &- Int128(scoreSum) &* Int128(scoreSum)
    return Double(max(spread, 0)).squareRoot() / Double(decided)
      / Double(AggregateValue.scoreUnit)
  }

  /// Share of positive tweets among the decided ones; nil without any.
  package var positiveShare: Double? {
    decided > 0 ? Double(positive) / Double(decided) : nil
  }

  /// Share of negative tweets among the decided ones; nil without any.
  package var negativeShare: Double? {
    decided > 0 ? Double(negative) / Double(decided) : nil
  }

  /// Expected share of negative tweets: the mean p(negative) of the decided tweets whose probabilities are known;
  /// nil without any.
  package var negativeExpected: Double? { expected(negativeSum) }

  /// Expected share of neutral tweets, likewise.
  package var neutralExpected: Double? { expected(neutralSum) }

  /// Expected share of positive tweets, likewise.
  package var positiveExpected: Double? { expected(positiveSum) }

  private func expected(_ sum: Int64) -> Double? {
    let all = Double(negativeSum) + Double(neutralSum) + Double(positiveSum)
    return all > 0 ? Double(sum) / all : nil
  }

  /// The 95 % interval of the positive share; nil without decided tweets.
  package var positiveInterval: WilsonInterval? { WilsonInterval(successes: positive, of: decided) }

  /// The 95 % interval of the negative share; nil without decided tweets.
  package var negativeInterval: WilsonInterval? { WilsonInterval(successes: negative, of: decided) }
}
