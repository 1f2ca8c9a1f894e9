/// Watches a figure from epoch to epoch: which was the best, and whether to go on.
package struct EarlyStopping: Sendable, Equatable {
  /// What the last figure means.
  package enum Verdict: Sendable, Equatable {
    /// The best so far: keep these weights.
    case best
    /// Not the best, but the patience is not used up.
    case goOn
    /// The patience is used up: go back to the best weights.
    case stop
  }

  /// The figure that is watched.
  package let metric: StoppingMetric
  /// Epochs in a row without a better figure that end training; nil for none.
  package let patience: Int?
  /// How much better a figure must be to count as better.
  package let leastGain: Double
  /// The best figure; nil before the first that is a number.
  package private(set) var best: Double?
  /// The epoch of the best figure, from 0; nil before the first.
  package private(set) var bestEpoch: Int?
  /// Epochs heard.
  package private(set) var epochs = 0
  /// Epochs since the best one.
  package private(set) var waited = 0

  /// Begins to watch; a patience below 1 is a programmer's mistake.
  package init(_ metric: StoppingMetric, patience: Int?, leastGain: Double = 0) {
    precondition(patience.map { $0 > 0 } ?? true, "a patience is 1 or more, not \(patience ?? 0)")
    precondition(leastGain >= 0, "a gain is 0 or more, not \(leastGain)")
    self.metric = metric
    self.patience = patience
    self.leastGain = leastGain
  }

  /// Watches as a recipe has it.
  package init(_ recipe: TuningRecipe) {
    self.init(recipe.metric, patience: recipe.patience)
  }

  /// Hears the figure of the next epoch; NaN is worse than any number, a tie is not better.
  package mutating func hear(_ figure: Double) -> Verdict {
    defer { epochs += 1 }
    if isBetter(figure) {
      best = figure
      bestEpoch = epochs
      waited = 0
      return .best
    }
    waited += 1
    return patience.map { waited >= $0 } ?? false ? .stop : .goOn
  }

  /// Hears the figure that the metric takes from an epoch's answers.
  package mutating func hear(_ figures: ValidationFigures) -> Verdict {
    hear(figures[metric])
  }

  private func isBetter(_ figure: Double) -> Bool {
    guard !figure.isNaN else { return false }
    guard let best else { return true }
    return metric.isBetterHigher ? figure > best + leastGain : figure < best - leastGain
  }
}
