/// How long what a source delivers waits until it is stored; a value, time passed in.
///
/// A quiet source keeps the delay of its last batch. While a batch waits, for example for a locked database, the delay
/// grows with it.
struct SourceDelays: Sendable {
  private var underWay: [Int: (sources: Set<String>, arrived: ContinuousClock.Instant)] = [:]
  private var last: [String: Duration] = [:]
  private var count = 0

  /// A batch of these sources goes to the classifier; its first item arrived then. Returns the batch's number.
  mutating func begin(_ sources: Set<String>, arrived: ContinuousClock.Instant) -> Int {
    count += 1
    underWay[count] = (sources, arrived)
    return count
  }

  /// The batch is stored.
  mutating func end(_ batch: Int, at now: ContinuousClock.Instant) {
    guard let (sources, arrived) = underWay.removeValue(forKey: batch) else { return }
    for source in sources { last[source] = now - arrived }
  }

  /// The delay of a source: that of its oldest batch under way, or else of its last one; nil before the first.
  func delay(of source: String, at now: ContinuousClock.Instant) -> Duration? {
    let waiting = underWay.values.filter { $0.sources.contains(source) }.map(\.arrived).min()
    return waiting.map { max(now - $0, last[source] ?? .zero) } ?? last[source]
  }
}
