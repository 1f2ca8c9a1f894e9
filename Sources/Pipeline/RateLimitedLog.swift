/// Bounds the lines that the log gets of something that may happen to every record; a value, time passed in.
///
/// Of each source the first few are told, then one summary a minute with the count by reason and the newest example.
/// A source of which nothing came for a whole minute begins anew.
package struct RateLimitedLog: Sendable {
  /// What was not told of a source since its last line.
  package struct Summary: Sendable, Equatable {
    /// The source's name.
    package var source: String
    /// How many there were.
    package var count: Int
    /// How many of each reason, the most frequent first: `syntax 19990, cut 5`.
    package var reasons: String
    /// The fields of the newest one.
    package var newest: [String: String]
  }

  private struct Source: Sendable {
    var told = 0
    var begin: ContinuousClock.Instant
    var reasons: [String: Int] = [:]
    var newest: [String: String] = [:]
  }

  /// Reasons of a source that are counted apart; more are `other`.
  private static let mostReasons = 8

  private let first: Int
  private let interval: Duration
  private var sources: [String: Source] = [:]

  /// A log that tells the `first` ones of each source, and a summary after each interval.
  package init(first: Int = 5, interval: Duration = .seconds(60)) {
    self.first = first
    self.interval = interval
  }

  /// Notes that something happened `count` times to a source; true when the newest of them is to be told now.
  ///
  /// `reason` is a word to count by, `fields` what a line or a summary shows.
  package mutating func admits(
    source name: String, reason: String, count: Int = 1, fields: [String: String],
    at now: ContinuousClock.Instant
  ) -> Bool {
    var source = sources[name] ?? Source(begin: now)
    defer { sources[name] = source }
    let isTold = source.told < first
    if isTold { source.told += 1 }
    let left = isTold ? count - 1 : count
    guard left > 0 else { return isTold }
    let isKnown =
      source.reasons[reason] != nil || source.reasons.count < RateLimitedLog.mostReasons
    source.reasons[isKnown ? reason : "other", default: 0] += left
    source.newest = fields
    return isTold
  }

  /// The summaries that are due; with `isLast` all that is left.
  package mutating func takeSummaries(
    at now: ContinuousClock.Instant, isLast: Bool = false
  ) -> [Summary] {
    var summaries: [Summary] = []
    for (name, source) in sources.sorted(by: { $0.key < $1.key })
    where isLast || now - source.begin >= interval {
      guard !source.reasons.isEmpty else {
        sources[name] = nil
        continue
      }
      let ranked = source.reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      summaries.append(
        Summary(
          source: name, count: ranked.reduce(0) { $0 + $1.value },
          reasons: ranked.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
          newest: source.newest))
      sources[name] = Source(told: first, begin: now)
    }
    return summaries
  }
}
