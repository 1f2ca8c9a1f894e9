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

/// The daemon from its settings to its exit: everything is opened, then told ready, then run, then closed.
struct DaemonProcess {
  let settings: Settings
  let untilEnd: Bool

  func run() async throws {
    umask(0o027)
    let started = WallClock.now
    let log = makeLog()
    let notifier = try makeNotifier()
    let model = try makeClassifier()
    let store = try openStore(at: started, log: log)
    let sources = try await SourceFactory(settings: settings, store: store, untilEnd: untilEnd)
      .make(now: started)
    let monitor = PipelineMonitor(sources: settings.sources.map(\.name))
    let pipeline = try makePipeline(sources, model: model, store: store, monitor: monitor, log: log)
    let reporter = StatusReporter(
      settings: settings, store: store, monitor: monitor, worker: model.worker,
      model: model.description, started: started)

    log.announce()
    log.state(
      "elmond started",
      ["version": Version.current, "model": model.description, "database": store.path])
    try await reporter.write()
    notify(log) { try notifier.ready(status: "ready, model \(model.description)") }
    let outcome = await serve(
      pipeline, reporter: reporter, store: store, notifier: notifier, log: log, monitor: monitor)
    try await finish(outcome, reporter: reporter, store: store, log: log, monitor: monitor)
  }

  /// A classifier and what the report calls it.
  private struct Model {
    var worker: ClassifierWorker
    var description: String
    var neutralBand: NeutralBand?
  }

  private func makeLog() -> SentimentLog {
    let environment = ProcessInfo.processInfo.environment
    let sink = LogSink(
      .standard(environment: environment), level: settings.log.level,
      clock: { WallClock.now })
    sink.bootstrap()
    return SentimentLog(
      mode: settings.log.tweets, rate: settings.log.sampleRate,
      logger: sink.logger(label: "elmond"))
  }

  private func makeNotifier() throws -> ServiceNotifier {
    do {
      return try ServiceNotifier(
        environment: ProcessInfo.processInfo.environment,
        processID: ProcessInfo.processInfo.processIdentifier)
    } catch {
      throw CommandFailure("\(error)", code: .configuration)
    }
  }

  private func makeClassifier() throws -> Model {
    let bundle = try ModelLocator.open(
      try ModelLocator.find(flag: nil, settings: settings.model.path))
    do {
      let classifier = try SentimentClassifier(bundle)
      let band =
        settings.model.neutralBand.map { [$0.lowerBound, $0.upperBound] }
        ?? bundle.manifest.neutralBand?.map(Double.init)
      return Model(
        worker: ClassifierWorker(classifier), description: classifier.modelName,
        neutralBand: band.flatMap { NeutralBand(low: $0[0], high: $0[1]) })
    } catch {
      throw CommandFailure("\(error)", code: .configuration)
    }
  }

  private func openStore(at now: Timestamp, log: SentimentLog) throws -> AggregateStore {
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
    _ sources: SourceFactory.Sources, model: Model, store: AggregateStore,
    monitor: PipelineMonitor, log: SentimentLog
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
    notifier: ServiceNotifier, log: SentimentLog, monitor: PipelineMonitor
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
          notify(log) {
            try notifier.status(status)
            if monitor.isAlive(at: .now, limit: .seconds(60)) { try notifier.watchdog() }
          }
        }),
      .init(
        service: PeriodicService("prune", every: .seconds(600), atOnce: true) {
          await prune(store, log: log)
        }),
      .init(
        service: PipelineService(pipeline: pipeline, untilEnd: untilEnd) {
          log.state("stopping", [:])
          notify(log) { try notifier.stopping(status: "stopping: draining the queue") }
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

  private func prune(_ store: AggregateStore, log: SentimentLog) async {
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
    _ outcome: (any Error)?, reporter: StatusReporter, store: AggregateStore, log: SentimentLog,
    monitor: PipelineMonitor
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
  private func notify(_ log: SentimentLog, _ message: () throws -> Void) {
    do { try message() } catch {
      log.state("service manager not told", ["reason": "\(error)"], level: .warning)
    }
  }
}
