import Aggregates
import Classifier
import ELMo
import Foundation
import Ingest
import Language
import Logging
import Pipeline
import ServiceLifecycle
import Store
import TweetText
import Tweets

/// The daemon under one set of settings: everything is opened, then told ready, then run, then closed.
struct DaemonSession {
  let settings: Settings
  let untilEnd: Bool
  let log: SentimentLog
  let notifier: ServiceNotifier
  let model: LoadedModel
  /// When the process started.
  let started: Timestamp
  /// Reads the settings again; true when the session must end for new ones.
  let onHangup: @Sendable () async -> Bool
  /// True while the session ends for new settings.
  let isReloading: @Sendable () -> Bool
  /// The name of the signal that stops the daemon; nil while there was none.
  let stopSignal: @Sendable () -> String?
  /// Standard input, which outlives a reload: what was read from it cannot be read again.
  let standardInput: StandardInputKeeper
  /// Live sources, which outlive a reload that does not change their settings.
  let liveSources: LiveKeeper

  /// Troubles that are told of once each.
  private let episodes = Episodes()

  private struct Episodes: Sendable {
    let report = TroubleEpisode()
    let wal = TroubleEpisode()
  }

  /// Everything that is open while a session runs.
  struct Opened {
    let store: AggregateStore
    let pipeline: SentimentPipeline
    let reporter: StatusReporter
    let monitor: PipelineMonitor
    let pruner: Pruner
  }

  /// Opens everything; what was opened before a failure is closed again.
  func open() async throws -> Opened {
    let store = try openStore(at: WallClock.now)
    do {
      if try await store.isRefused(model: model.identity) {
        throw CommandFailure(
          "the model \(model.bundle.directory) is refused: the last run found that its files differ from their "
            + "checksums",
          remedy: "fetch the model again; elmond model verify tells what differs",
          code: .configuration)
      }
      if store.opening.isNew || store.opening.wasUnfinished || store.opening.corruptMovedTo != nil {
        // The retention that a database is made with needs no announcement.
        _ = try await store.planPrune(settings.store.retention, at: MachineClock.reading)
      }
      let monitor = PipelineMonitor(sources: settings.sources.map(\.name))
      let sources = try await SourceFactory(
        settings: settings, store: store, untilEnd: untilEnd, standardInput: standardInput,
        liveSources: liveSources
      ).make()
      for warning in sources.warnings {
        log.state(warning.message, warning.fields, level: .warning)
      }
      let pipeline = try makePipeline(sources, store: store, monitor: monitor)
      let reporter = StatusReporter(
        settings: settings, store: store, monitor: monitor, model: model, started: started,
        baseline: try await store.statusInputs())
      return Opened(
        store: store, pipeline: pipeline, reporter: reporter, monitor: monitor,
        pruner: Pruner(settings.store, store: store, log: log))
    } catch {
      try? await store.close()
      throw error
    }
  }

  /// Runs until the end, a stop or new settings, and closes everything; `register` hears of the services.
  func run(_ opened: Opened, register: (ServiceGroup?) async -> Void) async throws {
    log.announce()
    log.state(
      "elmond started",
      [
        "version": Version.current, "model": model.name, "engine": model.engine,
        "database": opened.store.path,
      ])
    await report(opened)
    await notify { try $0.ready(status: "ready, model \(model.name)") }
    let group = ServiceGroup(
      configuration: .init(
        services: services(opened), gracefulShutdownSignals: [],
        logger: Logger(label: "elmond.lifecycle") { _ in SwiftLogNoOpLogHandler() }))
    await register(group)
    var outcome: (any Error)?
    do { try await group.run() } catch { outcome = error }
    await register(nil)
    try await finish(outcome, opened)
  }

  private func openStore(at now: Timestamp) throws -> AggregateStore {
    do throws(StoreError) {
      var options = StoreOptions(
        durability: settings.store.synchronous == .full ? .full : .normal)
      options.topics = Set(settings.topics.map(\.name))
      let store = try AggregateStore(path: settings.store.database, now: now, options: options)
      if let moved = store.opening.corruptMovedTo {
        log.state(
          "database was damaged and put aside",
          [
            "path": moved, "reason": store.opening.corruption ?? "",
            "next":
              "a new one is begun; files are read again from their start, live sources begin now",
          ], level: .error)
      } else if store.opening.wasUnfinished {
        log.state(
          "the database was empty and is begun anew",
          ["path": store.path, "reason": "its first start did not come to its end"],
          level: .warning)
      } else if store.opening.wasUnclean {
        log.state("the last stop was unclean, the database is sound", [:], level: .warning)
      }
      return store
    } catch {
      throw CommandFailure(store: error)
    }
  }

  private func makePipeline(
    _ sources: SourceFactory.Sources, store: AggregateStore, monitor: PipelineMonitor
  ) throws -> SentimentPipeline {
    var configuration = SentimentPipeline.Configuration()
    configuration.maxTweets = settings.batch.maxTweets
    configuration.maxWait = settings.batch.maxWait
    configuration.retentionSeconds = settings.store.retainHours.map { $0.components.seconds }
    configuration.neutralBand = model.neutralBand
    configuration.topics = try topicMatcher()
    configuration.languages = languageRules()
    configuration.untilEnd = untilEnd
    configuration.decoders = sources.decoders
    configuration.positions = sources.positions
    let events = PipelineEvents(
      tweet: { log.tweet($0, source: $1, topics: $2) },
      state: { log.state($0, Dictionary($1) { $1 }) },
      warning: { log.state($0, Dictionary($1) { $1 }, level: .warning) })
    return SentimentPipeline(
      sources: sources.sources, classifier: model.classifier, store: StoreAdapter(store: store),
      configuration: configuration, monitor: monitor, events: events, clock: { WallClock.now })
  }

  private func languageRules() -> LanguageRules {
    let filters = settings.sources.map { source in
      (
        source.name,
        LanguageRules.Filter(
          kept: source.languages.map { Set($0) }, dropped: Set(source.droppedLanguages))
      )
    }
    return LanguageRules(
      scored: model.languages, filters: Dictionary(filters) { first, _ in first },
      language: TweetLanguage.language)
  }

  private func topicMatcher() throws -> TopicMatcher {
    do {
      return TopicMatcher(
        try settings.topics.map { try Topic(name: $0.name, match: $0.match) },
        tagSources: Set(settings.sources.filter(\.countsTags).map(\.name)))
    } catch {
      throw CommandFailure(
        "the settings' topics are refused: \(error)", code: .configuration)
    }
  }

  private func services(
    _ opened: Opened
  ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
    let monitor = opened.monitor
    let watchdogLimit = notifier.watchdogPeriod ?? .seconds(30)
    return [
      .init(
        service: PeriodicService("report", every: settings.report.every) { await report(opened) }),
      .init(
        service: DatabaseGuard(store: opened.store),
        failureTerminationBehavior: .gracefullyShutdownGroup),
      .init(
        service: PeriodicService("status", every: .seconds(5), atOnce: true) {
          opened.pipeline.tellSummaries()
          let line = opened.reporter.statusLine
          await notify { try $0.status(line) }
        }),
      .init(
        service: PeriodicService("watchdog", every: notifier.watchdogPeriod ?? .seconds(30)) {
          guard monitor.isAlive(at: .now, limit: watchdogLimit) else {
            let stages = monitor.atWork.map { "\($0)" }.sorted().joined(separator: ",")
            log.state("stuck: the watchdog is not told", ["at_work": stages], level: .error)
            return
          }
          await notify { try $0.watchdog() }
        }),
      .init(
        service: PeriodicService("prune", every: .seconds(600), atOnce: true) {
          await opened.pruner.prune()
        }),
      .init(
        service: SoundnessService(
          store: opened.store, model: model, log: log, troubles: opened.reporter.troubles)),
      .init(
        service: ReloadService(onHangup: onHangup),
        successTerminationBehavior: .gracefullyShutdownGroup),
      .init(
        service: PipelineService(pipeline: opened.pipeline, untilEnd: untilEnd) {
          guard !isReloading() else { return }
          log.state("stopping", [:])
          try? notifier.stopping(status: "stopping: draining the queue")
        },
        successTerminationBehavior: .gracefullyShutdownGroup,
        failureTerminationBehavior: .gracefullyShutdownGroup),
    ]
  }

  /// Writes the report and the readings; a report that cannot be written is worth a line, not a stop.
  private func report(_ opened: Opened, stopped: String? = nil) async {
    var trouble: String?
    do { try await opened.reporter.write(stopped: stopped) } catch { trouble = "\(error)" }
    switch episodes.report.note(trouble) {
    case .began(let reason):
      log.state("report not written", ["reason": reason], level: .warning)
    case .ended: log.state("report is written again", [:])
    case .none: break
    }
    let walBytes = opened.store.walBytes
    if case .began = episodes.wal.note(walBytes > 256 << 20 ? "\(walBytes)" : nil) {
      log.state(
        "the write-ahead log grows: a reader keeps it from being merged",
        ["bytes": "\(walBytes)"], level: .warning)
    }
    let dropped = await opened.store.droppedTopicRows
    if dropped > 0, opened.reporter.isFirst("topics") {
      log.state(
        "too many topics: tags of stream rules are left out",
        [
          "rows": "\(dropped)", "limit": "\(AggregateStore.mostTopics)",
          "next":
            "the counter topics_dropped goes on; set tags = false at the source, or use fewer tags",
        ], level: .warning)
    }
    if let jump = opened.reporter.takeClockJump() {
      log.state("the clock jumped", ["seconds": "\(jump)"], level: .warning)
    }
  }

  /// The last report, a clean close, and the exit code.
  private func finish(_ outcome: (any Error)?, _ opened: Opened) async throws {
    let failure = failure(outcome, opened.monitor.snapshot)
    if isReloading(), outcome == nil {
      await report(opened)
    } else {
      let code = failure?.code.rawValue ?? 0
      await report(opened, stopped: "\(stopReason(outcome)), exit code \(code)")
    }
    let figures = await closingFigures(opened)
    try? await opened.store.close()
    if let outcome {
      log.state("stopped", ["reason": "\(outcome)"], level: .error)
    } else {
      log.state("stopped", figures)
    }
    if let failure { throw failure }
  }

  private func stopReason(_ outcome: (any Error)?) -> String {
    if let outcome { return "\(outcome)" }
    return stopSignal() ?? "all sources are read to their end"
  }

  /// What the run counted, for its last line; warns of tweets that it did not count for their age.
  private func closingFigures(_ opened: Opened) async -> [String: String] {
    guard let all = try? await opened.store.counters() else { return [:] }
    let run = opened.reporter.countersOfRun(all)
    for (key, count) in run where key.name == "late_dropped" {
      log.state(
        "tweets older than retain were not counted",
        ["source": key.source, "late_dropped": "\(count)"], level: .warning)
    }
    let totals = CounterTotals(run)
    var figures = ["tweets": "\(totals["tweets"])"]
    guard untilEnd else { return figures }
    figures["sum"] = totals.decoded.text()
    if let counted = try? await opened.store.countedTweets() {
      figures["database"] = CounterTotals(all).countedNow(counted).text()
    }
    return figures
  }

  /// The failure that the run ends with; nil for a good end.
  private func failure(
    _ outcome: (any Error)?, _ snapshot: PipelineMonitor.Snapshot
  ) -> CommandFailure? {
    if let outcome {
      let code =
        (outcome as? StoreError).flatMap { ExitCode(rawValue: $0.exitCode) }
        ?? (outcome as? CommandFailure)?.code
      return CommandFailure("the daemon stopped: \(outcome)", code: code ?? .inputOutput)
    }
    guard untilEnd else { return nil }
    if let faulty = snapshot.sources.first(where: { $0.faults > 0 }) {
      return CommandFailure(
        "source \(faulty.name): \(faulty.faults) file(s) could not be read to the end",
        remedy: "see the log and the gap ledger for which", code: .badInput)
    }
    if let failed = snapshot.sources.first(where: { $0.state == "failed" }) {
      return CommandFailure(
        "source \(failed.name) was not read to its end: \(failed.detail)", code: .inputOutput)
    }
    return nil
  }

  /// A message to the service manager that fails is worth a line, not a stop.
  private func notify(
    _ message: @escaping @Sendable (ServiceNotifier) throws -> Void
  ) async {
    let notifier = notifier
    do { try await BlockingWork.run { try message(notifier) } } catch {
      log.state("service manager not told", ["reason": "\(error)"], level: .warning)
    }
  }
}
