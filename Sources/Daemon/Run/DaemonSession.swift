import Aggregates
import Classifier
import ELMo
import Foundation
import Ingest
import Logging
import Pipeline
import ServiceLifecycle
import Store
import TweetText
import Tweets
import UnixSignals

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

  /// Opens everything, runs until the end, a signal or new settings, and closes everything.
  func run() async throws {
    let store = try openStore(at: WallClock.now)
    let monitor = PipelineMonitor(sources: settings.sources.map(\.name))
    let pipeline: SentimentPipeline
    let reporter: StatusReporter
    do {
      let sources = try await SourceFactory(settings: settings, store: store, untilEnd: untilEnd)
        .make()
      pipeline = try makePipeline(sources, store: store, monitor: monitor)
      reporter = StatusReporter(
        settings: settings, store: store, monitor: monitor, worker: model.worker,
        model: model.name, started: started)
      try await reporter.write()
    } catch {
      try? await store.close()
      throw error
    }
    log.announce()
    log.state(
      "elmond started",
      ["version": Version.current, "model": model.name, "database": store.path])
    notify { try notifier.ready(status: "ready, model \(model.name)") }
    let outcome = await serve(pipeline, reporter: reporter, store: store, monitor: monitor)
    try await finish(outcome, reporter: reporter, store: store, monitor: monitor)
  }

  private func openStore(at now: Timestamp) throws -> AggregateStore {
    do throws(StoreError) {
      let store = try AggregateStore(
        path: settings.store.database, now: now,
        options: StoreOptions(
          durability: settings.store.synchronous == .full ? .full : .normal))
      if let moved = store.opening.corruptMovedTo {
        log.state(
          "database was damaged and put aside",
          ["path": moved, "reason": store.opening.corruption ?? ""], level: .error)
      } else if store.opening.wasUnclean {
        log.state("the last stop was unclean, the database is sound", [:], level: .warning)
      }
      return store
    } catch {
      throw CommandFailure(
        "\(error)", code: ExitCode(rawValue: error.exitCode) ?? .inputOutput)
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
    configuration.decoders = sources.decoders
    configuration.positions = sources.positions
    let events = PipelineEvents(
      tweet: { log.tweet($0, source: $1, topics: $2) },
      state: { log.state($0, Dictionary($1) { $1 }) },
      warning: { log.state($0, Dictionary($1) { $1 }, level: .warning) })
    return SentimentPipeline(
      sources: sources.sources, classifier: model.worker, store: StoreAdapter(store: store),
      configuration: configuration, monitor: monitor, events: events, clock: { WallClock.now })
  }

  private func topicMatcher() throws -> TopicMatcher {
    do {
      return TopicMatcher(try settings.topics.map { try Topic(name: $0.name, match: $0.match) })
    } catch {
      throw CommandFailure(
        "the settings' topics are refused: \(error)", code: .configuration)
    }
  }

  /// Runs everything until a signal or the end of the sources; returns what went wrong, if anything.
  private func serve(
    _ pipeline: SentimentPipeline, reporter: StatusReporter, store: AggregateStore,
    monitor: PipelineMonitor
  ) async -> (any Error)? {
    let services: [ServiceGroupConfiguration.ServiceConfiguration] = [
      .init(
        service: PeriodicService("report", every: settings.report.every) {
          do { try await reporter.write() } catch {
            log.state("report not written", ["reason": "\(error)"], level: .warning)
          }
        }),
      .init(
        service: PeriodicService("status", every: notifier.watchdogPeriod ?? .seconds(5)) {
          let status = reporter.statusLine
          notify {
            try notifier.status(status)
            if monitor.isAlive(at: .now, limit: .seconds(60)) { try notifier.watchdog() }
          }
        }),
      .init(
        service: PeriodicService("prune", every: .seconds(600), atOnce: true) {
          await prune(store)
        }),
      .init(
        service: ReloadService(onHangup: onHangup),
        successTerminationBehavior: .gracefullyShutdownGroup),
      .init(
        service: PipelineService(pipeline: pipeline, untilEnd: untilEnd) {
          guard !isReloading() else { return }
          log.state("stopping", [:])
          notify { try notifier.stopping(status: "stopping: draining the queue") }
        },
        successTerminationBehavior: .gracefullyShutdownGroup,
        failureTerminationBehavior: .gracefullyShutdownGroup),
    ]
    let group = ServiceGroup(
      configuration: .init(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint],
        logger: Logger(label: "elmond.lifecycle") { _ in SwiftLogNoOpLogHandler() }))
    do {
      try await group.run()
      return nil
    } catch {
      return error
    }
  }

  private func prune(_ store: AggregateStore) async {
    do {
      let retention = Retention(
        minutes: settings.store.retainMinutes?.components.seconds,
        hours: settings.store.retainHours?.components.seconds)
      if let horizon = settings.store.dedupHorizon?.components.seconds {
        try await store.prune(now: WallClock.now, retention: retention, horizon: horizon)
      } else {
        try await store.prune(now: WallClock.now, retention: retention, horizon: .max / 4)
      }
    } catch {
      log.state("pruning failed", ["reason": "\(error)"], level: .warning)
    }
  }

  /// The last report, a clean close, and the exit code.
  private func finish(
    _ outcome: (any Error)?, reporter: StatusReporter, store: AggregateStore, monitor: PipelineMonitor
  ) async throws {
    if outcome == nil { try? await reporter.write() }
    try? await store.close()
    if let outcome {
      log.state("stopped", ["reason": "\(outcome)"], level: .error)
      let code = (outcome as? StoreError).flatMap { ExitCode(rawValue: $0.exitCode) }
      throw CommandFailure("the daemon stopped: \(outcome)", code: code ?? .inputOutput)
    }
    log.state("stopped", ["tweets": "\(monitor.snapshot.tweets)"])
    let failed = monitor.snapshot.sources.filter { $0.state == "failed" }
    if untilEnd, let first = failed.first {
      throw CommandFailure(
        "source \(first.name) was not read to its end: \(first.detail)", code: .inputOutput)
    }
  }

  /// A message to the service manager that fails is worth a line, not a stop.
  private func notify(_ message: () throws -> Void) {
    do { try message() } catch {
      log.state("service manager not told", ["reason": "\(error)"], level: .warning)
    }
  }
}
