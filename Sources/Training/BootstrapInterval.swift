/// The range of an accuracy under resampling of whole groups.
package struct BootstrapInterval: Sendable, Equatable {
  /// The lower end.
  package let low: Double
  /// The upper end.
  package let high: Double

  /// The central 95 % of the accuracies of `resamples` drawings of groups with replacement; nil
  /// without rows.
  package init?(
    correct: [Bool], groups: [String], resamples: Int = 1000, seed: UInt64 = 1
  ) {
    precondition(
      correct.count == groups.count, "\(correct.count) outcomes for \(groups.count) groups")
    precondition(resamples > 0, "an interval needs at least 1 resample, not \(resamples)")
    guard !correct.isEmpty else { return nil }
    var places: [String: Int] = [:]
    var sizes: [Int] = []
    var hits: [Int] = []
    for (isCorrect, group) in zip(correct, groups) {
      let place = places[group] ?? sizes.count
      if place == sizes.count {
        places[group] = place
        sizes.append(0)
        hits.append(0)
      }
      sizes[place] += 1
      hits[place] += isCorrect ? 1 : 0
    }
    var generator = SeededGenerator(seed: seed)
    var accuracies: [Double] = []
    for _ in 0..<resamples {
      var rows = 0
      var right = 0
      for _ in sizes.indices {
        let place = generator.draw(below: sizes.count)
        rows += sizes[place]
        right += hits[place]
      }
      accuracies.append(Double(right) / Double(rows))
    }
    accuracies.sort()
    low = BootstrapInterval.quantile(accuracies, 0.025)
    high = BootstrapInterval.quantile(accuracies, 0.975)
  }

  // Between the two nearest of the sorted values, in proportion.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }
}
