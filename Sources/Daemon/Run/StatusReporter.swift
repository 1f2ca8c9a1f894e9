import Aggregates
import Foundation
import Pipeline
import Report
import Store
import Synchronization
import Tweets

/// Makes the status report and the one line for the service manager from the database and the monitor.
final class StatusReporter: Sendable {
  private let settings: Settings
  private let store: AggregateStore
  private let monitor: PipelineMonitor
  private let worker: ClassifierWorker
  private let model: String
  private let started: Timestamp
  private let history = Mutex<[(time: Timestamp, tweets: [String: Int])]>([])

  init(
    settings: Settings, store: AggregateStore, monitor: PipelineMonitor, worker: ClassifierWorker,
    model: String, started: Timestamp
  ) {
    self.settings = settings
    self.store = store
    self.monitor = monitor
    self.worker = worker
    self.model = model
    self.started = started
  }

  /// Replaces the report's file as a whole.
  func write() async throws {
    let text = try await report().text
    try AtomicFile.write(text, to: settings.report.path)
  }

  /// One line for people: sources, rate, last commit; no text of tweets.
  var statusLine: String {
    let snapshot = monitor.snapshot
    if let reason = snapshot.pausedReason { return "paused: \(reason)" }
    let states = snapshot.sources.map { "\($0.name) \($0.state)" }.joined(separator: ", ")
    let commit = snapshot.lastCommit.map { "last commit \(Timestamp(seconds: $0.seconds))" }
    return "\(snapshot.tweets) tweets; \(states.isEmpty ? "no source" : states); "
      + (commit ?? "nothing committed yet")
  }

  private func report() async throws -> StatusReport {
    let now = WallClock.now
    let snapshot = monitor.snapshot
    let inputs = try await store.statusInputs()
    let cache = await worker.cacheFigures
    var report = StatusReport(version: Version.current, started: started, now: now)
    report.fill(from: inputs, path: store.path)
    let rates = rates(of: snapshot, now: now)
    report.sources = zip(settings.sources, snapshot.sources).map { source, status in
      StatusReport.Source(
        name: source.name, kind: source.kind.name, state: status.state, rate: rates[source.name],
        lag: lag(of: source, status, now: now),
        tweets: report.counters[CounterKey(source: source.name, name: "tweets")] ?? 0)
    }
    report.model = StatusReport.Model(
      name: model,
      batchMean: snapshot.batches > 0 ? Double(snapshot.tweets) / Double(snapshot.batches) : nil,
      latency: [0.5, 0.95, 0.99].compactMap { percentile($0, of: snapshot.latencies) },
      cacheHitRate: cache.hits + cache.misses > 0
        ? Double(cache.hits) / Double(cache.hits + cache.misses) : nil)
    report.database?.trouble = snapshot.pausedReason
    return report
  }

  /// Tweets a second by source, over the last minute or since the start.
  private func rates(of snapshot: PipelineMonitor.Snapshot, now: Timestamp) -> [String: Double] {
    let tweets = Dictionary(uniqueKeysWithValues: snapshot.sources.map { ($0.name, $0.tweets) })
    let before = history.withLock { history in
      history.append((now, tweets))
      while history.count > 2, now.milliseconds - history[1].time.milliseconds >= 60_000 {
        history.removeFirst()
      }
      return history[0]
    }
    let seconds = Double(now.milliseconds - before.time.milliseconds) / 1000
    guard seconds > 0 else { return [:] }
    return tweets.mapValues { $0 }.reduce(into: [:]) { rates, entry in
      rates[entry.key] = Double(entry.value - (before.tweets[entry.key] ?? 0)) / seconds
    }
  }

  /// How far a live source lies behind; a file that is read once has no lag.
  private func lag(
    of source: Settings.Source, _ status: PipelineMonitor.SourceStatus, now: Timestamp
  ) -> Double? {
    if case .file(_, follow: false) = source.kind { return nil }
    return status.newest.map { Double(now.milliseconds - $0.milliseconds) / 1000 }
  }

  /// A percentile in seconds of ascending milliseconds.
  private func percentile(_ share: Double, of latencies: [Double]) -> Double? {
    guard !latencies.isEmpty else { return nil }
    let index = Int((share * Double(latencies.count)).rounded(.up)) - 1
    return latencies[min(max(index, 0), latencies.count - 1)] / 1000
  }
}

extension StatusReport {
  /// Takes over what the database tells.
  mutating func fill(from inputs: StatusInputs, path: String) {
    topics = inputs.topics
    newestBucket = inputs.newestBucket
    counters = inputs.counters
    gaps = inputs.gaps
    gapCount = inputs.gapCount
    database = StatusReport.Database(
      path: path, bytes: inputs.databaseBytes, walBytes: inputs.walBytes,
      lastCommit: inputs.lastCommit)
  }
}
