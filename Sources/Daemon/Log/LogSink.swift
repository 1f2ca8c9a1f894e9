private import Glibc
package import Logging
private import Synchronization
package import Tweets

/// Writes finished log events, each whole: one `write(2)` a line or one datagram an entry.
///
/// Writing to a full pipe waits for its reader: whoever pipes the log away from standard error
/// decides how fast the daemon runs. The journal's socket is never waited for; what it does not
/// take goes to standard error and is counted.
package final class LogSink: Sendable {
  /// What the sink counts.
  package struct Counts: Sendable, Equatable {
    /// Entries that the journal's socket did not take; they went to standard error.
    package var journalFailures = 0
    /// Lines that could not be written at all.
    package var lost = 0

    /// Counts of nothing, or those given.
    package init(journalFailures: Int = 0, lost: Int = 0) {
      self.journalFailures = journalFailures
      self.lost = lost
    }
  }

  private let destination: LogDestination
  private let clock: @Sendable () -> Timestamp
  private let journal: Int32
  private let state: Mutex<State>

  private struct State {
    var counts = Counts()
    var level: Logger.Level
  }

  /// A sink; `clock` tells the time that is put before plain lines.
  package init(
    _ destination: LogDestination, level: LogLevel, clock: @escaping @Sendable () -> Timestamp
  ) {
    self.destination = destination
    self.clock = clock
    if case .journal = destination { journal = UnixDatagram.open() } else { journal = -1 }
    state = Mutex(State(level: level.level))
  }

  deinit {
    if journal >= 0 { close(journal) }
  }

  /// What was counted so far.
  package var counts: Counts { state.withLock(\.counts) }

  /// The least grave level that is written; a reload may change it.
  package var level: Logger.Level {
    get { state.withLock(\.level) }
    set { state.withLock { $0.level = newValue } }
  }

  /// A logger that writes here whatever swift-log was bootstrapped with.
  package func logger(label: String) -> Logger {
    Logger(label: label) { _ in LineLogHandler(sink: self) }
  }

  /// Makes this the place of every logger of the process; called once, before the first logger.
  package func bootstrap() {
    LoggingSystem.bootstrap { [self] _ in LineLogHandler(sink: self) }
  }

  func write(_ level: Logger.Level, _ phrase: String, _ fields: [String: String]) {
    let fields = LogText.sorted(fields)
    let line = LogText.line(phrase, fields)
    if case .journal(let socket, _) = destination {
      if send(level, line, fields, to: socket) { return }
      state.withLock { $0.counts.journalFailures += 1 }
    }
    writeLine(prefix(level) + line + "\n")
  }

  private func send(
    _ level: Logger.Level, _ line: String, _ fields: [(key: String, value: String)],
    to socket: String
  ) -> Bool {
    guard journal >= 0 else { return false }
    var entry = JournalDatagram()
    entry.add("MESSAGE", line)
    entry.add("PRIORITY", "\(LogSink.priority(level))")
    entry.add("SYSLOG_IDENTIFIER", "elmond")
    // The text stands in the message already.
    for field in fields where field.key != "text" {
      entry.add(JournalDatagram.fieldName(field.key), LogText.safe(field.value))
    }
    let flags = Int32(MSG_DONTWAIT)
    return UnixDatagram.send(entry.bytes, from: journal, to: socket, flags: flags) == 0
  }

  private func prefix(_ level: Logger.Level) -> String {
    guard case .lines = destination else { return "<\(LogSink.priority(level))>" }
    var time = "\(clock())"
    if !time.contains(".") { time = time.dropLast() + ".000Z" }
    let padding = String(repeating: " ", count: max(0, 7 - level.rawValue.count))
    return "\(time) \(level.rawValue)\(padding) "
  }

  /// The lock keeps a line that needs a second `write` whole.
  private func writeLine(_ line: String) {
    let bytes = Array(line.utf8)
    state.withLock { state in
      var start = 0
      while start < bytes.count {
        let count = unsafe bytes.withUnsafeBytes {
          unsafe Glibc.write(
            destination.descriptor, $0.baseAddress.map { unsafe $0 + start }, bytes.count - start)
        }
        if count > 0 {
          start += count
        } else if errno == EAGAIN, waitUntilWritable() {
          continue
        } else if count < 0, errno == EINTR {
          continue
        } else {
          state.counts.lost += 1
          return
        }
      }
    }
  }

  /// Waits up to a second for a descriptor that somebody made non-blocking.
  private func waitUntilWritable() -> Bool {
    var wanted = pollfd(fd: destination.descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&wanted, 1, 1000) > 0
  }

  /// The syslog priority, 7 (debug) to 2 (critical).
  package static func priority(_ level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
