package import Tweets

/// What the pipeline is doing, for the report, the service manager and the watchdog.
package final class PipelineMonitor: Sendable {
  /// The stages that must make progress while they have work; reading is watched by source beside them.
  package enum Stage: Sendable, CaseIterable {
    case decoder, classifier, aggregator, committer, logger
  }

  /// A copy of everything at one moment.
  package struct Snapshot: Sendable {
    /// Each source's state, in the order of the settings.
    package var sources: [SourceStatus]
    /// Tweets of the last committed batch.
    package var lastBatch: Int
    /// Milliseconds from a tweet's arrival to its commit, of the last 1,024 batches, ascending.
    package var latencies: [Double]
    /// When the last batch was committed.
    package var lastCommit: Timestamp?
    /// Batches committed since the start.
    package var batches: Int
    /// Decoded tweets since the start, as the counter `decoded` has them.
    package var decoded: Int
    /// New tweets since the start, as the counter `tweets` has them.
    package var tweets: Int
    /// Rows of the gap ledger committed since the start.
    package var gaps: Int
    /// Why the pipeline stands still, such as a full disk; nil when it does not.
    package var pausedReason: String?
  }

  /// One source as the report shows it.
  package struct SourceStatus: Sendable {
    /// The source's name.
    package var name: String
    /// `starting`, `reading`, `waiting`, `finished`, `failed`.
    package var state: String
    /// The file or reason behind the state.
    package var detail: String
    /// New tweets since the start, as the counter `tweets` has them.
    package var tweets: Int
    /// How long the source's records wait until they are stored, or how long the last ones did; nil before the first.
    package var delay: Duration?
    /// The newest event time that was committed.
    package var newest: Timestamp?
    /// Files since the start that could not be read further.
    package var faults: Int
  }

  private struct State: Sendable {
    var sources: [SourceStatus]
    var lastBatch = 0
    var latencies: [Double] = []
    var nextLatency = 0
    var lastCommit: Timestamp?
    var batches = 0
    var decoded = 0
    var tweets = 0
    var gaps = 0
    var delays = SourceDelays()
    var pausedReason: String?
    var working: [Work: ContinuousClock.Instant] = [:]
    var started = 0
    var readingSince: [String: ContinuousClock.Instant] = [:]
  }

  /// A piece of work that a stage has begun; a stage may be at several.
  package struct Work: Sendable, Hashable {
    /// The stage.
    package let stage: Stage
    private let number: Int

    fileprivate init(_ stage: Stage, number: Int) {
      self.stage = stage
      self.number = number
    }
  }

  private static let latencyCapacity = 1024
  private let state: Guarded<State>

  /// A monitor for the named sources.
  package init(sources: [String]) {
    state = Guarded(
      State(
        sources: sources.map {
          SourceStatus(
            name: $0, state: "starting", detail: "", tweets: 0, delay: nil, newest: nil, faults: 0)
        }))
  }

  /// A copy of everything now.
  package var snapshot: Snapshot { snapshot(at: .now) }

  /// A copy of everything, with the delays as they are at that moment.
  package func snapshot(at now: ContinuousClock.Instant) -> Snapshot {
    state.withLock { state in
      let sources = state.sources.map { source in
        var source = source
        source.delay = state.delays.delay(of: source.name, at: now)
        return source
      }
      return Snapshot(
        sources: sources, lastBatch: state.lastBatch, latencies: state.latencies.sorted(),
        lastCommit: state.lastCommit, batches: state.batches, decoded: state.decoded,
        tweets: state.tweets, gaps: state.gaps, pausedReason: state.pausedReason)
    }
  }

  /// Marks a batch as under way; its first item arrived then. Returns its number, for `committed`.
  package func beginBatch(
    of sources: Set<String>, arrived: ContinuousClock.Instant
  ) -> Int {
    state.withLock { $0.delays.begin(sources, arrived: arrived) }
  }

  /// Marks a stage as at work, until `end` is told so.
  package func begin(_ stage: Stage, at instant: ContinuousClock.Instant) -> Work {
    state.withLock { state in
      state.started += 1
      let work = Work(stage, number: state.started)
      state.working[work] = instant
      return work
    }
  }

  /// Marks a piece of work as done.
  package func end(_ work: Work) {
    state.withLock { $0.working[work] = nil }
  }

  /// The stages that are at work.
  package var atWork: Set<Stage> { state.withLock { Set($0.working.keys.map(\.stage)) } }

  /// Marks a source as being pulled, or as done with the pull; waiting for room in the queue is no reading.
  package func markReading(_ source: String, busy: Bool, at instant: ContinuousClock.Instant) {
    state.withLock { $0.readingSince[source] = busy ? instant : nil }
  }

  /// False when a stage or a pull of a source has been at the same piece of work for longer than `limit`.
  ///
  /// An idle stage is healthy however long it is idle: a quiet stream is no fault.
  package func isAlive(at instant: ContinuousClock.Instant, limit: Duration) -> Bool {
    state.withLock { state in
      state.working.values.allSatisfy { instant - $0 < limit }
        && state.readingSince.values.allSatisfy { instant - $0 < limit }
    }
  }

  /// Sets what a source is doing; returns whether it did something else before, or the same of something else.
  @discardableResult
  package func setState(
    of source: String, to name: String, detail: String
  ) -> (state: Bool, detail: Bool) {
    state.withLock { state in
      guard let index = state.sources.firstIndex(where: { $0.name == source }) else {
        return (false, false)
      }
      let old = state.sources[index]
      state.sources[index].state = name
      state.sources[index].detail = detail
      return (old.state != name, old.detail != detail)
    }
  }

  /// Remembers that a file of a source could not be read further.
  package func addFault(of source: String) {
    state.withLock { state in
      guard let index = state.sources.firstIndex(where: { $0.name == source }) else { return }
      state.sources[index].faults += 1
    }
  }

  /// Says why the pipeline stands still, or that it goes on.
  package func pause(_ reason: String?) {
    state.withLock { $0.pausedReason = reason }
  }

  /// Records a committed batch; `batch` is the number that `beginBatch` gave it.
  package func committed(
    tweets: [String: Int], newest: [String: Timestamp], gaps: Int = 0, latency: Duration,
    at now: Timestamp, decoded: Int = 0, batch: Int? = nil
  ) {
    let (seconds, attoseconds) = latency.components
    let milliseconds = Double(seconds) * 1e3 + Double(attoseconds) / 1e15
    let total = tweets.values.reduce(0, +)
    state.withLock { state in
      state.lastBatch = total
      state.batches += 1
      state.decoded += decoded
      state.tweets += total
      state.gaps += gaps
      if let batch { state.delays.end(batch, at: .now) }
      state.lastCommit = now
      if state.latencies.count < PipelineMonitor.latencyCapacity {
        state.latencies.append(milliseconds)
      } else {
        state.latencies[state.nextLatency] = milliseconds
        state.nextLatency = (state.nextLatency + 1) % PipelineMonitor.latencyCapacity
      }
      for index in state.sources.indices {
        let name = state.sources[index].name
        state.sources[index].tweets += tweets[name] ?? 0
        if let time = newest[name], time > state.sources[index].newest ?? time {
          state.sources[index].newest = time
        } else if state.sources[index].newest == nil {
          state.sources[index].newest = newest[name]
        }
      }
    }
  }
}
