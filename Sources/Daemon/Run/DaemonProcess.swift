import Foundation
import Synchronization
import Tweets

/// The daemon from its start to its exit: one session after the other, a new one for each reload.
///
/// A reload ends the running session as a stop does, drained and committed, and begins the next one
/// with the new settings; nothing is read twice, because positions stand in the database. Settings or
/// a model that are refused leave the running session alone.
final class DaemonProcess: Sendable {
  private let untilEnd: Bool
  private let sink: LogSink
  private let notifier: ServiceNotifier
  private let next: Mutex<(settings: Settings, model: LoadedModel)?>

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
    next = Mutex((settings, try LoadedModel(settings.model)))
  }

  /// Runs until a signal, or until the end of the sources when that was asked for.
  func run() async throws {
    umask(0o027)
    // A closed pipe is an error of its write, and a reload that comes too early is no reason to die.
    for ignored in [SIGPIPE, SIGHUP] { _ = signal(ignored, SIG_IGN) }
    sink.bootstrap()
    let started = WallClock.now
    var working: (settings: Settings, model: LoadedModel)?
    while let (settings, model) = next.withLock({ $0.take() }) {
      sink.level = settings.log.level.level
      let session = session(settings, model: model, started: started)
      do {
        try await session.run()
        working = (settings, model)
      } catch {
        guard let old = working, next.withLock({ $0 == nil }) else { throw error }
        log(for: old.settings).state(
          "reload failed, the old settings stay", ["reason": "\(error)"], level: .error)
        working = nil
        next.withLock { $0 = old }
      }
    }
  }

  private func session(
    _ settings: Settings, model: LoadedModel, started: Timestamp
  ) -> DaemonSession {
    let log = log(for: settings)
    return DaemonSession(
      settings: settings, untilEnd: untilEnd, log: log, notifier: notifier, model: model,
      started: started, onHangup: { self.reload(settings.file, log: log) },
      isReloading: { self.next.withLock { $0 != nil } })
  }

  private func log(for settings: Settings) -> SentimentLog {
    SentimentLog(
      mode: settings.log.tweets, rate: settings.log.sampleRate,
      logger: sink.logger(label: "elmond"))
  }

  /// Reads the settings file anew; true when it is good and the running session must end for it.
  private func reload(_ file: String?, log: SentimentLog) -> Bool {
    guard let file else { return false }
    try? notifier.reloading(at: ServiceNotifier.monotonicMicroseconds())
    do {
      let settings = try SettingsLoader.load(file)
      let model = try LoadedModel(settings.model)
      next.withLock { $0 = (settings, model) }
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
