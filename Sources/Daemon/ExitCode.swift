/// How a command ends; the numbers are those of sysexits.h.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case success = 0
  /// Wrong flags or arguments.
  case usage = 64
  /// The input's content is bad.
  case badInput = 65
  /// An input file is not there.
  case inputMissing = 66
  /// A service or a part that is needed is not there.
  case unavailable = 69
  /// A mistake of the program.
  case bug = 70
  /// An output file cannot be made.
  case cannotCreate = 73
  /// Reading or writing failed.
  case inputOutput = 74
  /// It may work later.
  case tryLater = 75
  /// The operator may not do this.
  case permission = 77
  /// The settings are wrong.
  case configuration = 78
}

/// The end of a command that failed: what happened, what helps, and the exit code.
package struct CommandFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// Operation, subject and cause.
  package var message: String
  /// What the operator can do; nil when nothing is known to help.
  package var remedy: String?
  /// The process's exit code.
  package var code: ExitCode

  /// A failure from its parts.
  package init(_ message: String, remedy: String? = nil, code: ExitCode) {
    self.message = message
    self.remedy = remedy
    self.code = code
  }

  /// The message, and the remedy on a line of its own.
  package var description: String {
    guard let remedy else { return message }
    return "\(message)\n  remedy: \(remedy)"
  }
}
