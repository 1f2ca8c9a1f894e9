import Foundation
import Pipeline
import ServiceLifecycle
import Tweets
import UnixSignals

/// The daemon from its start to its exit: one session after the other, a new one for each reload.
///
/// A reload ends the running session as a stop does, drained and committed, and begins the next one
/// with the new settings; nothing is read twice, because positions stand in the database. Live sources whose settings
/// are the same keep their connections. Settings or a model that are refused leave the running session alone.
final class DaemonProcess: Sendable {
  private let untilEnd: Bool
  private let sink: LogSink
  private let notifier: ServiceNotifier
  private let standardInput = StandardInputKeeper()
  private let liveSources = LiveKeeper()
  private let next: Guarded<(settings: Settings, model: LoadedModel)?>
  private let running = Guarded(Running())

  private struct Running: Sendable {
    var group: ServiceGroup?
    var isStopping = false
    var signal: String?
  }

  /// A daemon that will begin with these settings.
  init(settings: Settings, untilEnd: Bool) throws {
    let environment = ProcessInfo.processInfo.environment
    self.untilEnd = untilEnd
    sink = LogSink(
      .standard(environment: environment), level: settings.log.level, clock: { WallClock.now })
    do {
      notifier = try ServiceNotifier(
        environment: environment, processID: ProcessInfo.processInfo.processIdentifier)
    } catch {
      throw CommandFailure("\(error)", code: .configuration)
    }
    next = Guarded((settings, try LoadedModel(settings.model)))
  }

  /// Runs until a signal, or until the end of the sources when that was asked for.
  func run() async throws {
    umask(0o027)
    // A closed pipe is an error of its write, and a reload that comes too early is no reason to die.
    for ignored in [SIGPIPE, SIGHUP] { _ = signal(ignored, SIG_IGN) }
    sink.bootstrap()
    let signals = Task { await stopOnSignals() }
    defer { signals.cancel() }
    let started = WallClock.now
    var good: (settings: Settings, model: LoadedModel)?
    while !isStopping, let (settings, model) = next.withLock({ $0.take() }) {
      sink.level = settings.log.level.level
      let session = session(settings, model: model, started: started)
      let opened: DaemonSession.Opened
      do {
        opened = try await whileExtendingTimeout { try await session.open() }
      } catch {
        guard let old = good else { throw error }
        log(for: old.settings).state(
          "reload failed, the old settings stay", ["reason": "\(error)"], level: .error)
        good = nil
        next.withLock { $0 = old }
        continue
      }
      good = (settings, model)
      try await session.run(opened) { group in await register(group) }
    }
  }

  private var isStopping: Bool { running.withLock { $0.isStopping } }

  /// Trapped once for the whole process, so that a signal between two sessions is not lost.
  private func stopOnSignals() async {
    for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
      let group = running.withLock { running in
        running.isStopping = true
        running.signal = signal == .sigint ? "SIGINT" : "SIGTERM"
        return running.group
      }
      await group?.triggerGracefulShutdown()
    }
  }

  private func register(_ group: ServiceGroup?) async {
    let isStopping = running.withLock { running in
      running.group = group
      return running.isStopping
    }
    if isStopping { await group?.triggerGracefulShutdown() }
  }

  /// Tells the service manager every ten seconds that a long opening (a check after a crash) goes on.
  private func whileExtendingTimeout<Result>(
    _ work: () async throws -> Result
  ) async rethrows -> Result {
    let notifier = notifier
    let extending = Task {
      while !Task.isCancelled {
        try await Task.sleep(for: .seconds(10))
        try notifier.extendTimeout(by: .seconds(60))
      }
    }
    defer { extending.cancel() }
    return try await work()
  }

  private func session(
    _ settings: Settings, model: LoadedModel, started: Timestamp
  ) -> DaemonSession {
    let log = log(for: settings)
    return DaemonSession(
      settings: settings, untilEnd: untilEnd, log: log, notifier: notifier, model: model,
      started: started, onHangup: { await self.reload(settings.file, log: log) },
      isReloading: { self.next.withLock { $0 != nil } && !self.isStopping },
      stopSignal: { self.running.withLock { $0.signal } },
      standardInput: standardInput, liveSources: liveSources)
  }

  private func log(for settings: Settings) -> SentimentLog {
    SentimentLog(
      mode: settings.log.tweets, rate: settings.log.sampleRate,
      logger: sink.logger(label: "elmond"))
  }

  /// Reads the settings file anew; true when it is good and the running session must end for it.
  private func reload(_ file: String?, log: SentimentLog) async -> Bool {
    guard let file else { return false }
    try? notifier.reloading(at: ServiceNotifier.monotonicMicroseconds())
    do {
      let fresh = try await BlockingWork.run {
        let settings = try SettingsLoader.load(file)
        return (settings: settings, model: try LoadedModel(settings.model))
      }
      next.withLock { $0 = fresh }
      log.state("reloading", ["path": file])
      return true
    } catch {
      log.state(
        "reload refused, the old settings stay", ["path": file, "reason": "\(error)"],
        level: .error)
      try? notifier.ready(status: "reload refused, the old settings stay: see the log")
      return false
    }
  }
}
