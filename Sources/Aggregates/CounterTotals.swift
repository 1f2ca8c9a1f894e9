/// Counters summed over the sources, and the sums that hold between them.
package struct CounterTotals: Sendable, Equatable {
  /// What becomes of a decoded tweet: each is counted under exactly one of these.
  package static let outcomes = [
    "tweets", "corrected", "duplicates", "late_dropped", "untimed", "language_dropped", "dropped",
  ]
  /// What takes counted tweets out of the aggregates again.
  package static let removals = ["deleted", "forgotten", "pruned"]

  /// The value of each counter.
  package let values: [String: Int64]

  /// The totals of the counters of all sources.
  package init(_ counters: [CounterKey: Int64]) {
    var values: [String: Int64] = [:]
    for (key, value) in counters { values[key.name, default: 0] += value }
    self.values = values
  }

  /// A counter's value; 0 when nothing was counted under the name.
  package subscript(name: String) -> Int64 { values[name] ?? 0 }

  /// How the decoded tweets were used.
  package var decoded: CounterSum {
    sum("decoded", self["decoded"], adding: CounterTotals.outcomes, taking: [])
  }

  /// Why the aggregates hold `counted` tweets; without that number it is what the counters amount to.
  package func countedNow(_ counted: Int64? = nil) -> CounterSum {
    var sum = sum("counted now", 0, adding: ["tweets"], taking: CounterTotals.removals)
    sum.value = counted ?? sum.total
    return sum
  }

  /// What does not add up, a sentence each; `counted` is the number of tweets in the aggregates.
  package func faults(counted: Int64) -> [String] {
    var faults = [decoded, countedNow(counted)].filter { !$0.holds }.map { $0.text() }
    // A page is one record that gives many tweets, so that this is no equation.
    let items = self["decoded"] + self["notices"] + self["undecodable"]
    if self["records"] - self["blank"] > items {
      faults.append(
        "records \(self["records"]) − blank \(self["blank"]) > \(items) = decoded + notices + undecodable"
      )
    }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) where value < 0 {
      faults.append("\(name) \(value) < 0")
    }
    return faults
  }

  private func sum(
    _ name: String, _ value: Int64, adding added: [String], taking taken: [String]
  ) -> CounterSum {
    let terms =
      added.map { CounterSum.Term(name: $0, value: self[$0], isSubtracted: false) }
      + taken.map { CounterSum.Term(name: $0, value: self[$0], isSubtracted: true) }
    return CounterSum(
      name: name, value: value,
      terms: terms.enumerated().filter { $0.offset == 0 || $0.element.value != 0 }.map(\.element))
  }
}
