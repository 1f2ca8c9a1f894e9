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
  /// What the database told at the start of the session: a reload goes on from there.
  private let baseline: StatusInputs
  private let lastInputs: Guarded<StatusInputs>
  private let readingsTrouble = Guarded<String?>(nil)
  private let history = Guarded<[Moment]>([])
  private let clockJump = Guarded<Int64?>(nil)
  private let told = Guarded<Set<String>>([])
  /// What the checks after the start found to be wrong.
  let troubles = Guarded(SoundnessService.Troubles())

  /// What was counted at a moment of both clocks.
  private struct Moment: Sendable {
    var instant: ContinuousClock.Instant
    var time: Timestamp
    var tweets: [String: Int]
  }

  init(
    settings: Settings, store: AggregateStore, monitor: PipelineMonitor, model: LoadedModel,
    started: Timestamp, baseline: StatusInputs
  ) {
    self.settings = settings
    self.store = store
    self.monitor = monitor
    self.model = model
    self.started = started
    self.baseline = baseline
    lastInputs = Guarded(baseline)
  }

  /// Replaces the report's file as a whole, and stores the readings of the view `health`.
  ///
  /// `stopped` tells why the daemon stops. Only a report that cannot be written is an error: trouble with the
  /// database stands in the report.
  func write(stopped: String? = nil) async throws {
    let (inputs, trouble) = await read()
    var report = await report(inputs, trouble: trouble)
    if let stopped { report.stop(because: stopped) }
    let text = report.text
    let path = settings.report.path
    try await BlockingWork.run { try AtomicFile.write(text, to: path) }
    guard trouble == nil else { return }
    let unstored = await storeReadings(inputs)
    readingsTrouble.withLock { $0 = unstored }
  }

  /// What the database tells; what it told last, and why, when it cannot be read.
  private func read() async -> (StatusInputs, trouble: String?) {
    do {
      let inputs = try await store.statusInputs()
      lastInputs.withLock { $0 = inputs }
      return (inputs, nil)
    } catch {
      return (
        lastInputs.withLock { $0 }, "\(error.cause); the figures are those that were read last"
      )
    }
  }

  /// Stores the readings; returns what keeps them from being stored.
  private func storeReadings(_ inputs: StatusInputs) async -> String? {
    do {
      try await store.record(health: await readings(inputs), at: WallClock.now)
      return nil
    } catch {
      return "the readings of the view health are not stored: \(error.cause)"
    }
  }

  /// The readings of the view `health`, in base units.
  private func readings(_ inputs: StatusInputs) async -> [String: Double] {
    let snapshot = monitor.snapshot
    let cache = await model.classifier.cacheFigures
    var readings: [String: Double] = [
      "uptime_seconds": Double(WallClock.now.milliseconds - started.milliseconds) / 1000,
      "database_bytes": Double(inputs.databaseBytes), "wal_bytes": Double(inputs.walBytes),
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

  /// True the first time that it is asked about a subject.
  func isFirst(_ subject: String) -> Bool { told.withLock { $0.insert(subject).inserted } }

  /// By how many seconds the wall clock jumped since the last report; nil when it did not.
  func takeClockJump() -> Int64? { clockJump.withLock { $0.take() } }

  /// One line for people: what is stored, sources with rate and delay, gaps, last commit; no text of tweets.
  var statusLine: String {
    let snapshot = monitor.snapshot
    if let reason = snapshot.pausedReason { return "paused: \(reason)" }
    let troubles = troubles.withLock { $0 }
    if troubles.model != nil { return "the model is damaged or was changed: see the log" }
    let now = WallClock.now
    let rates = history.withLock { StatusReporter.rates(of: snapshot, since: $0.first) }
    let states = zip(settings.sources, snapshot.sources).map { source, status in
      var words = "\(status.name) \(status.state)"
      if let rate = rates[status.name] { words += " \(Int(rate.rounded()))/s" }
      if let delay = status.delay { words += " delay \(Figures.span(seconds: delay.inSeconds))" }
      if let age = newestAge(of: source, status, now: now) {
        words += " newest tweet \(Figures.span(seconds: age)) ago"
      }
      return words
    }
    let commit = (snapshot.lastCommit ?? baseline.lastCommit).map {
      "last commit \(Timestamp(seconds: $0.seconds))"
    }
    let tweets = CounterTotals(baseline.counters)["tweets"] + Int64(snapshot.tweets)
    let gaps = baseline.gapCount + Int64(snapshot.gaps)
    return "\(tweets) tweets; \(states.joined(separator: ", ")); "
      + "\(gaps) gap\(gaps == 1 ? "" : "s"); " + (commit ?? "nothing committed yet")
  }

  /// The counters of this run alone: what was added since the start of the session.
  func countersOfRun(_ counters: [CounterKey: Int64]) -> [CounterKey: Int64] {
    var difference = counters
    for (key, value) in baseline.counters { difference[key, default: 0] -= value }
    return difference.filter { $0.value != 0 }
  }

  private func report(_ inputs: StatusInputs, trouble: String?) async -> StatusReport {
    let snapshot = monitor.snapshot
    let moment = note(snapshot)
    let now = WallClock.now
    let cache = await model.classifier.cacheFigures
    var report = StatusReport(version: Version.current, started: started, now: now)
    report.fill(from: inputs, path: store.path)
    report.interval = settings.report.every.inSeconds
    let rates = StatusReporter.rates(of: snapshot, since: moment)
    report.sources = zip(settings.sources, snapshot.sources).map { source, status in
      StatusReport.Source(
        name: source.name, kind: source.kind.name, state: status.state, rate: rates[source.name],
        detail: source.kind.isLive && status.state != "reading" ? status.detail : nil,
        delay: status.delay?.inSeconds, newestAge: newestAge(of: source, status, now: now),
        tweets: report.counters[CounterKey(source: source.name, name: "tweets")] ?? 0)
    }
    report.model = StatusReport.Model(
      name: model.name, engine: model.engine,
      batchMean: snapshot.batches > 0 ? Double(snapshot.decoded) / Double(snapshot.batches) : nil,
      latency: [0.5, 0.95, 0.99].compactMap { percentile($0, of: snapshot.latencies) },
      tokenCacheRate: StatusReporter.share(cache.tokenHits, cache.tokenMisses),
      textCacheRate: StatusReporter.share(cache.textHits, cache.textMisses))
    let troubles = troubles.withLock { $0 }
    report.model?.trouble = troubles.model
    if let found =
      snapshot.pausedReason ?? trouble ?? readingsTrouble.withLock({ $0 }) ?? troubles.database
    {
      report.database?.trouble = found
    }
    return report
  }

  /// The share of hits; nil before the first question.
  private static func share(_ hits: Int, _ misses: Int) -> Double? {
    hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil
  }

  /// Notes this moment; the one that lies a minute back, or the first, is kept for the rates.
  private func note(_ snapshot: PipelineMonitor.Snapshot) -> Moment? {
    // Both clocks are read together: work between the two would look like a jump of one.
    let (instant, now) = (ContinuousClock.now, WallClock.now)
    let moment = Moment(
      instant: instant, time: now,
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

  /// The age of a source's newest tweet; that of a file that is read once tells nothing.
  private func newestAge(
    of source: Settings.Source, _ status: PipelineMonitor.SourceStatus, now: Timestamp
  ) -> Double? {
    if case .file(_, follow: false) = source.kind { return nil }
    if case .replay = source.kind { return nil }
    return (status.newest ?? baseline.newest[source.name]).map {
      max(0, Double(now.milliseconds - $0.milliseconds) / 1000)
    }
  }

  /// A percentile in seconds of ascending milliseconds.
  private func percentile(_ share: Double, of latencies: [Double]) -> Double? {
    guard !latencies.isEmpty else { return nil }
    let index = Int((share * Double(latencies.count)).rounded(.up)) - 1
    return latencies[min(max(index, 0), latencies.count - 1)] / 1000
  }
}

extension StatusReport {
  /// Makes it the last report of a run: what was still at work has stopped.
  mutating func stop(because reason: String) {
    stopped = reason
    for index in sources.indices where !["finished", "failed"].contains(sources[index].state) {
      sources[index].state = "stopped"
      sources[index].detail = nil
      sources[index].rate = nil
    }
  }

  /// Takes over what the database tells.
  mutating func fill(from inputs: StatusInputs, path: String) {
    topics = inputs.topics
    newestBucket = inputs.newestBucket
    oldestHour = inputs.oldestHour
    counted = inputs.counted
    counters = inputs.counters
    gaps = inputs.gaps
    gapCount = inputs.gapCount
    database = StatusReport.Database(
      path: path, bytes: inputs.databaseBytes, walBytes: inputs.walBytes,
      lastCommit: inputs.lastCommit,
      trouble: inputs.wrongDays > 0
        ? "the figures of \(inputs.wrongDays) day(s) differ from their checksum" : nil)
  }
}
