private import Glibc
private import TweetText

/// Tells the service manager how the daemon is, after sd_notify(3); without one it does nothing.
///
/// One datagram a message; the environment is left as it is. A socket is opened for every message,
/// since they are rare and the manager may be restarted in between.
package struct ServiceNotifier: Sendable, Equatable {
  /// The manager's socket; nil when the process was not started as a service.
  package let socketPath: String?
  /// How often `watchdog()` is due: half of what the manager allows; nil when it does not watch.
  package let watchdogPeriod: Duration?

  /// STATUS is cut to this many characters.
  private static let longestStatus = 400

  /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
  package init(environment: [String: String], processID: Int32) throws(NotifyFailure) {
    var path = environment["NOTIFY_SOCKET"]
    if path?.isEmpty == true { path = nil }
    if let path {
      guard path.hasPrefix("/") || path.hasPrefix("@") else {
        throw NotifyFailure("NOTIFY_SOCKET is neither a path nor an abstract name: \(path)")
      }
      guard (2...UnixDatagram.longestPath).contains(path.utf8.count) else {
        throw NotifyFailure(
          "NOTIFY_SOCKET has \(path.utf8.count) bytes, allowed are 2 to "
            + "\(UnixDatagram.longestPath)")
      }
    }
    socketPath = path
    watchdogPeriod = ServiceNotifier.watchdogPeriod(environment, processID: processID)
  }

  /// The service is up; one status line with it.
  package func ready(status: String) throws(NotifyFailure) {
    try send(["READY=1", "STATUS=" + ServiceNotifier.line(status)])
  }

  /// One line for people: no text of tweets, no secrets.
  package func status(_ status: String) throws(NotifyFailure) {
    try send(["STATUS=" + ServiceNotifier.line(status)])
  }

  /// The service begins to stop.
  package func stopping(status: String) throws(NotifyFailure) {
    try send(["STOPPING=1", "STATUS=" + ServiceNotifier.line(status)])
  }

  /// The service begins to reload, at `monotonicMicroseconds()`; `ready(status:)` ends it.
  package func reloading(at microseconds: UInt64) throws(NotifyFailure) {
    try send(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"])
  }

  /// The service is alive.
  package func watchdog() throws(NotifyFailure) { try send(["WATCHDOG=1"]) }

  /// Starting or stopping goes on and needs this much more time from now.
  package func extendTimeout(by duration: Duration) throws(NotifyFailure) {
    let (seconds, attoseconds) = duration.components
    let microseconds = max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    try send(["EXTEND_TIMEOUT_USEC=\(microseconds)"])
  }

  /// The reading of CLOCK_MONOTONIC in microseconds, which the service manager compares with.
  package static func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }

  private func send(_ lines: [String]) throws(NotifyFailure) {
    guard let socketPath else { return }
    let descriptor = UnixDatagram.open()
    guard descriptor >= 0 else { throw NotifyFailure(socketPath, errno) }
    defer { close(descriptor) }
    // A manager that does not read may hold us up for a second, not for ever.
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let code = UnixDatagram.send(bytes, from: descriptor, to: socketPath, flags: 0)
    guard code == 0 else { throw NotifyFailure(socketPath, code) }
  }

  private static func line(_ status: String) -> String {
    Sanitizer.terminalSafe(status, limit: longestStatus)
  }

  private static func watchdogPeriod(
    _ environment: [String: String], processID: Int32
  ) -> Duration? {
    if let watched = environment["WATCHDOG_PID"], !watched.isEmpty, Int32(watched) != processID {
      return nil
    }
    guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text),
      microseconds > 1
    else { return nil }
    return .microseconds(microseconds / 2)
  }
}

/// A message did not reach the service manager.
package struct NotifyFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried, on which socket, and why it failed.
  package let description: String

  init(_ description: String) { self.description = description }

  init(_ path: String, _ code: Int32) {
    let cause = unsafe String(cString: strerror(code))
    description = "cannot notify the service manager on \(path): \(cause)"
  }
}
