import Aggregates
import Pipeline
import Synchronization
import Tweets

/// Everything that a database would keep.
struct Kept: Equatable {
  var aggregates: [AggregateKey: AggregateValue] = [:]
  var positions: [MicroBatch.FileKey: FilePosition] = [:]
  var seen: [DedupKey: SeenTweet] = [:]
  var gaps: [Gap] = []
  var counters: [CounterKey: Int64] = [:]
  var newest: [String: Timestamp] = [:]
  var finished: Set<String> = []

  mutating func apply(_ commit: BatchCommit) {
    for (key, value) in commit.aggregates {
      aggregates[key, default: AggregateValue()].merge(value)
      if aggregates[key]?.isZero == true { aggregates[key] = nil }
    }
    for key in commit.forgotten.keys { positions[key] = nil }
    positions.merge(commit.positions) { $1 }
    for tweet in commit.seen { seen[tweet.key] = tweet }
    gaps += commit.gaps
    counters.merge(commit.counters, uniquingKeysWith: +)
    newest.merge(commit.newest) { max($0, $1) }
    finished.formUnion(commit.finished)
  }

  /// A counter, summed over the sources.
  func counter(_ name: String) -> Int64 {
    counters.filter { $0.key.name == name }.values.reduce(0, +)
  }

  /// What does not add up.
  var faultsOfSums: [String] { CounterTotals(counters).faults(counted: tweets) }

  /// Tweets of the topic that counts each once.
  var tweets: Int64 {
    aggregates.filter { $0.key.topic == Topic.all }.values.reduce(0) { $0 + $1.tweets }
  }
}

/// A store in memory that fails on demand; a transaction is applied as a whole or not at all.
final class FakeStore: BatchStore {
  /// What a call of the store does instead of its work.
  enum Failure: Error, Equatable {
    /// Passes by itself.
    case busy
    /// Does not.
    case broken
  }

  private struct State {
    var kept: Kept
    var commits = 0
    var attempts = 0
    var batches: [Int64] = []
    var times: [ContinuousClock.Instant] = []
  }

  private let state: Mutex<State>
  private let crash: Int
  private let failure: @Sendable (_ attempt: Int) -> Failure?

  /// A store with what another one kept; `failure` is asked with the number of each call, from 0.
  ///
  /// It breaks for good at the commit after the first `crash` ones.
  init(
    _ kept: Kept = Kept(), crashAfter crash: Int = .max,
    failure: @escaping @Sendable (Int) -> Failure? = { _ in nil }
  ) {
    state = Mutex(State(kept: kept))
    self.crash = crash
    self.failure = failure
  }

  var kept: Kept { state.withLock { $0.kept } }
  var commits: Int { state.withLock { $0.commits } }
  /// Calls of `seen` and `commit`, failed ones too.
  var attempts: Int { state.withLock { $0.attempts } }
  /// Records of each commit.
  var batches: [Int64] { state.withLock { $0.batches } }
  /// When each commit was made.
  var times: [ContinuousClock.Instant] { state.withLock { $0.times } }

  func seen(_ keys: [DedupKey]) throws -> [DedupKey: SeenTweet] {
    try attempt()
    return state.withLock { state in
      var found: [DedupKey: SeenTweet] = [:]
      for key in keys {
        found[key] = state.kept.seen[key]
        if let target = found[key]?.pointsTo { found[target] = state.kept.seen[target] }
      }
      return found
    }
  }

  func commit(_ commit: BatchCommit) throws {
    try attempt()
    try state.withLock { state in
      guard state.commits < crash else { throw Failure.broken }
      state.kept.apply(commit)
      state.commits += 1
      state.batches.append(
        commit.counters.filter { $0.key.name == "records" }.values.reduce(0, +))
      state.times.append(.now)
    }
  }

  func isTemporary(_ error: any Error) -> Bool { error as? Failure == .busy }

  private func attempt() throws {
    let number = state.withLock { state in
      defer { state.attempts += 1 }
      return state.attempts
    }
    if let failure = failure(number) { throw failure }
  }
}

/// Counts up from 0, from any thread.
final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func next() -> Int { count.add(1, ordering: .relaxed).oldValue }
}
