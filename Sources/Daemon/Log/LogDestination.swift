private import Glibc

/// Where log lines go.
package enum LogDestination: Sendable, Equatable {
  /// Lines with time and level to a descriptor: a terminal or a file.
  case lines(descriptor: Int32)
  /// Lines with a `<priority>` in front to a descriptor that the journal reads.
  case prefixed(descriptor: Int32)
  /// Entries with fields to the journal's socket; lines like `prefixed` where that fails.
  case journal(socket: String, descriptor: Int32)

  /// The journal's own socket.
  package static let journalSocket = "/run/systemd/journal/socket"

  /// The journal when standard error leads there, as `JOURNAL_STREAM` tells; else plain lines on
  /// standard error.
  ///
  /// A process that was merely started by a service but whose standard error goes elsewhere (a
  /// terminal, a file, a pipe) logs there and not behind the operator's back.
  package static func standard(
    environment: [String: String], descriptor: Int32 = 2, socket: String = journalSocket
  ) -> LogDestination {
    guard isJournal(environment["JOURNAL_STREAM"], descriptor: descriptor) else {
      return .lines(descriptor: descriptor)
    }
    guard unsafe access(socket, W_OK) == 0, socket.utf8.count <= UnixDatagram.longestPath else {
      return .prefixed(descriptor: descriptor)
    }
    return .journal(socket: socket, descriptor: descriptor)
  }

  /// True when `dev:inode` are those of the descriptor.
  package static func isJournal(_ stream: String?, descriptor: Int32) -> Bool {
    guard let parts = stream?.split(separator: ":"), parts.count == 2,
      let device = UInt64(parts[0]), let inode = UInt64(parts[1])
    else { return false }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
  }

  /// The descriptor for lines.
  var descriptor: Int32 {
    switch self {
    case .lines(let descriptor), .prefixed(let descriptor), .journal(_, let descriptor): descriptor
    }
  }
}
