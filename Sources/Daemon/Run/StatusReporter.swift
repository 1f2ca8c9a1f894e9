import Aggregates
import Foundation
import Pipeline
import Report
import Store
import Tweets

/// Makes the status report and the one line for the service manager from the database and the monitor.
final class StatusReporter: Sendable {
  private let settings: Settings
  private let store: AggregateStore
  private let monitor: PipelineMonitor
  private let model: LoadedModel
  private let started: Timestamp
  private let history = Guarded<[Moment]>([])
  private let clockJump = Guarded<Int64?>(nil)

  /// What was counted at a moment of both clocks.
  private struct Moment: Sendable {
    var instant: ContinuousClock.Instant
    var time: Timestamp
    var tweets: [String: Int]
  }

  init(
    settings: Settings, store: AggregateStore, monitor: PipelineMonitor, model: LoadedModel,
    started: Timestamp
  ) {
    self.settings = settings
    self.store = store
    self.monitor = monitor
    self.model = model
    self.started = started
  }

  /// Replaces the report's file as a whole, and stores the readings of the view `health`.
  func write() async throws {
    let text = try await report().text
    let path = settings.report.path
    try await BlockingWork.run { try AtomicFile.write(text, to: path) }
    try await store.record(health: try await readings(), at: WallClock.now)
  }

  /// The readings of the view `health`, in base units.
  private func readings() async throws -> [String: Double] {
    let snapshot = monitor.snapshot
    let cache = await model.classifier.cacheFigures
    var readings: [String: Double] = [
      "uptime_seconds": Double(WallClock.now.milliseconds - started.milliseconds) / 1000,
      "database_bytes": Double(store.databaseBytes), "wal_bytes": Double(store.walBytes),
      "token_cache_hits_total": Double(cache.tokenHits),
      "token_cache_misses_total": Double(cache.tokenMisses),
      "text_cache_hits_total": Double(cache.textHits),
      "text_cache_misses_total": Double(cache.textMisses),
      "peak_memory_bytes": Double(ProcessMemory.peakKiB) * 1024,
      "batches_total": Double(snapshot.batches), "paused": snapshot.pausedReason == nil ? 0 : 1,
    ]
    for (source, status) in zip(settings.sources, snapshot.sources) where source.kind.isLive {
      readings["source_connected:\(source.name)"] =
        ["reading", "shedding"].contains(status.state) ? 1 : 0
    }
    for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
      readings["latency_\(name)_seconds"] = percentile(share, of: snapshot.latencies)
    }
    return readings
  }

  /// By how many seconds the wall clock jumped since the last report; nil when it did not.
  func takeClockJump() -> Int64? { clockJump.withLock { $0.take() } }

  /// One line for people: sources with rate and lag, gaps, last commit; no text of tweets.
  var statusLine: String {
    let snapshot = monitor.snapshot
    if let reason = snapshot.pausedReason { return "paused: \(reason)" }
    let now = WallClock.now
    let rates = history.withLock { StatusReporter.rates(of: snapshot, since: $0.first) }
    let states = zip(settings.sources, snapshot.sources).map { source, status in
      var words = "\(status.name) \(status.state)"
      if let rate = rates[status.name] { words += " \(Int(rate.rounded()))/s" }
      if let lag = lag(of: source, status, now: now) { words += " lag \(Int(lag.rounded())) s" }
      return words
    }
    let commit = snapshot.lastCommit.map { "last commit \(Timestamp(seconds: $0.seconds))" }
    return "\(snapshot.tweets) tweets; \(states.joined(separator: ", ")); "
      + "\(snapshot.gaps) gap\(snapshot.gaps == 1 ? "" : "s"); "
      + (commit ?? "nothing committed yet")
  }

  private func report() async throws -> StatusReport {
    let now = WallClock.now
    let snapshot = monitor.snapshot
    let inputs = try await store.statusInputs()
    let cache = await model.classifier.cacheFigures
    var report = StatusReport(version: Version.current, started: started, now: now)
    report.fill(from: inputs, path: store.path)
    let rates = StatusReporter.rates(of: snapshot, since: note(snapshot, now: now))
    report.sources = zip(settings.sources, snapshot.sources).map { source, status in
      StatusReport.Source(
        name: source.name, kind: source.kind.name, state: status.state, rate: rates[source.name],
        detail: source.kind.isLive && status.state != "reading" ? status.detail : nil,
        lag: lag(of: source, status, now: now),
        tweets: report.counters[CounterKey(source: source.name, name: "tweets")] ?? 0)
    }
    report.model = StatusReport.Model(
      name: model.name, engine: model.engine,
      batchMean: snapshot.batches > 0 ? Double(snapshot.tweets) / Double(snapshot.batches) : nil,
      latency: [0.5, 0.95, 0.99].compactMap { percentile($0, of: snapshot.latencies) },
      tokenCacheRate: StatusReporter.share(cache.tokenHits, cache.tokenMisses),
      textCacheRate: StatusReporter.share(cache.textHits, cache.textMisses))
    report.database?.trouble = snapshot.pausedReason
    return report
  }

  /// The share of hits; nil before the first question.
  private static func share(_ hits: Int, _ misses: Int) -> Double? {
    hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil
  }

  /// Notes this moment; the one that lies a minute back, or the first, is kept for the rates.
  private func note(_ snapshot: PipelineMonitor.Snapshot, now: Timestamp) -> Moment? {
    let moment = Moment(
      instant: .now, time: now,
      tweets: Dictionary(uniqueKeysWithValues: snapshot.sources.map { ($0.name, $0.tweets) }))
    return history.withLock { history in
      if let last = history.last {
        let (seconds, attoseconds) = (moment.instant - last.instant).components
        let drift =
          now.milliseconds - last.time.milliseconds - seconds * 1000
          - attoseconds / 1_000_000_000_000_000
        if abs(drift) > 2000 { clockJump.withLock { $0 = drift / 1000 } }
      }
      history.append(moment)
      while history.count > 2, moment.instant - history[1].instant >= .seconds(60) {
        history.removeFirst()
      }
      return history.first
    }
  }

  /// Tweets a second by source since a moment; empty right after it.
  private static func rates(
    of snapshot: PipelineMonitor.Snapshot, since moment: Moment?
  ) -> [String: Double] {
    guard let moment else { return [:] }
    let elapsed = (ContinuousClock.now - moment.instant).inSeconds
    guard elapsed > 0.1 else { return [:] }
    return snapshot.sources.reduce(into: [:]) { rates, source in
      rates[source.name] = Double(source.tweets - (moment.tweets[source.name] ?? 0)) / elapsed
    }
  }

  /// How far a live source lies behind; a file that is read once has no lag.
  private func lag(
    of source: Settings.Source, _ status: PipelineMonitor.SourceStatus, now: Timestamp
  ) -> Double? {
    if case .file(_, follow: false) = source.kind { return nil }
    if case .replay = source.kind { return nil }
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
