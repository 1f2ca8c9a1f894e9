extension AggregateValue {
  /// Mean score of the decided tweets in 0 … 1; nil without any.
  package var scoreMean: Double? {
    guard decided > 0 else { return nil }
    return Double(scoreSum) / Double(decided) / Double(AggregateValue.scoreUnit)
  }

  /// Standard deviation of the scores of the decided tweets (of the population); nil without any.
  package var scoreDeviation: Double? {
    guard let mean = scoreMean else { return nil }
    let squares = Double(scoreSquareSum) / Double(decided) / Double(AggregateValue.scoreUnit)
    return max(squares - mean * mean, 0).squareRoot()
  }

  /// Share of positive tweets among the decided ones; nil without any.
  package var positiveShare: Double? {
    decided > 0 ? Double(positive) / Double(decided) : nil
  }

  /// Share of negative tweets among the decided ones; nil without any.
  package var negativeShare: Double? {
    decided > 0 ? Double(negative) / Double(decided) : nil
  }

  /// The 95 % interval of the positive share; nil without decided tweets.
  package var positiveInterval: WilsonInterval? { WilsonInterval(successes: positive, of: decided) }

  /// The 95 % interval of the negative share; nil without decided tweets.
  package var negativeInterval: WilsonInterval? { WilsonInterval(successes: negative, of: decided) }
}
