import Classifier

/// What is added to each label's log-probability before the largest decides, chosen on validation
/// rows for macro-averaged recall.
package struct LabelOffsets: Sendable, Equatable {
  /// One number a label, in label order.
  package let offsets: [Double]
  /// Macro-averaged recall of the validation rows with the offsets.
  package let macroRecall: Double
  /// The same without them.
  package let macroRecallBefore: Double
  /// The rows that they were chosen on, for the model card: such as `validation, 2000 rows`.
  package let origin: String

  /// Moves one label's offset after the other to the place where recall is largest, of equally good
  /// places the nearest to 0, until none moves.
  ///
  /// With the other offsets fixed, each row turns to the label at one value of its offset, so all
  /// places that differ are tried. An offset stays within ±`limit`; one that gains less than
  /// `leastGain` is left alone.
  package init(
    _ logits: LabelLogits, origin: String, limit: Double = 3, leastGain: Double = 1e-9
  ) {
    precondition(limit > 0, "a limit of offsets is above 0, not \(limit)")
    let count = logits.labels
    let scores = logits.values
    var support = [Double](repeating: 0, count: count)
    for truth in logits.truths { support[truth] += 1 }
    let present = Double(support.count { $0 > 0 })
    let credit = support.map { $0 > 0 ? 1 / ($0 * present) : 0 }
    var offsets = [Double](repeating: 0, count: count)
    var recall = LabelOffsets.recall(logits, offsets: offsets, credit: credit)
    macroRecallBefore = recall
    for _ in 0..<50 {
      var moved = false
      for label in 0..<count {
        // Where each row turns to the label, and what that gains or loses.
        var turns: [(at: Double, change: Double)] = []
        var value = 0.0  // The recall when no row turns to the label.
        for row in 0..<logits.rows {
          var rival = label == 0 ? 1 : 0
          for other in 0..<count
          where other != label
            && scores[row * count + other] + offsets[other]
              > scores[row * count + rival] + offsets[rival]
          { rival = other }
          let truth = logits.truths[row]
          if rival == truth { value += credit[truth] }
          turns.append(
            (
              scores[row * count + rival] + offsets[rival] - scores[row * count + label],
              (label == truth ? credit[truth] : 0) - (rival == truth ? credit[truth] : 0)
            ))
        }
        turns.sort { $0.at < $1.at }
        let found = LabelOffsets.best(turns, from: value, limit: limit)
        guard found.value > recall + leastGain else { continue }
        var tried = offsets
        tried[label] = found.offset
        // Counted again as a model decides, so that what is reported is what is reached.
        let reached = LabelOffsets.recall(logits, offsets: tried, credit: credit)
        guard reached > recall + leastGain else { continue }
        (offsets, recall, moved) = (tried, reached, true)
      }
      if !moved { break }
    }
    self.offsets = offsets
    macroRecall = recall
    self.origin = "\(origin), \(logits.rows) rows"
  }

  /// The index of the label that a row's log-probabilities or logits decide for.
  package func decide(_ logProbabilities: [Double]) -> Int {
    LabelOffsets.decide(logProbabilities[...], offsets)
  }

  private static func recall(
    _ logits: LabelLogits, offsets: [Double], credit: [Double]
  ) -> Double {
    (0..<logits.rows).reduce(0) { sum, row in
      let own = logits.values[(row * logits.labels)..<((row + 1) * logits.labels)]
      let truth = logits.truths[row]
      return sum + (decide(own, offsets) == truth ? credit[truth] : 0)
    }
  }

  private static func decide(_ scores: ArraySlice<Double>, _ offsets: [Double]) -> Int {
    var best = 0
    for label in offsets.indices.dropFirst()
    where scores[scores.startIndex + label] + offsets[label]
      > scores[scores.startIndex + best] + offsets[best]
    { best = label }
    return best
  }

  // The best place between the turns, nearest to 0; `value` is the recall below the first turn.
  private static func best(
    _ turns: [(at: Double, change: Double)], from value: Double, limit: Double
  ) -> (value: Double, offset: Double) {
    var value = value
    var best: (value: Double, offset: Double) = (-1, 0)
    var lower = -Double.infinity
    var place = 0
    while true {
      let upper = place < turns.count ? turns[place].at : .infinity
      let low = max(lower, -limit)
      let high = min(upper, limit)
      if low < high {
        // A little inside, so that rounding turns no row back.
        let margin = min((high - low) / 2, 0.005)
        let offset = min(max(0, low + margin), high - margin)
        let isNearer = value > best.value - 1e-12 && abs(offset) < abs(best.offset)
        if value > best.value + 1e-12 || isNearer { best = (value, offset) }
      }
      guard place < turns.count else { return best }
      lower = upper
      while place < turns.count, turns[place].at == upper {
        value += turns[place].change
        place += 1
      }
    }
  }
}
