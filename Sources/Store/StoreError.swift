internal import GRDB

/// Why the store could not do what it was asked.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds that callers tell apart.
  package enum Kind: String, Sendable {
    /// No room on the device: pause the sources, try again later.
    case diskFull
    /// Another connection held the database too long: try again.
    case busy
    /// Another daemon has the database.
    case inUse
    /// The file or its directory may not be read or written.
    case permission
    /// The file or its directory is not there.
    case missing
    /// The file cannot be created.
    case cannotCreate
    /// Written by a newer elmond.
    case newerSchema
    /// A database of another program.
    case foreign
    /// Damaged, or no database at all.
    case corrupt
    /// The device failed.
    case inputOutput
    /// What was asked for cannot be done, for the reason that is given.
    case refused
    /// A mistake of the program.
    case bug
  }

  /// What kind of failure it is.
  package var kind: Kind
  /// What was tried.
  package var operation: String
  /// On what: a path.
  package var subject: String
  /// What went wrong.
  package var cause: String
  /// What the operator can do.
  package var remedy: String

  /// An error from its parts.
  package init(kind: Kind, operation: String, subject: String, cause: String, remedy: String) {
    self.kind = kind
    self.operation = operation
    self.subject = subject
    self.cause = cause
    self.remedy = remedy
  }

  /// True when the same call may succeed later; nothing was changed.
  package var isRetryable: Bool { kind == .diskFull || kind == .busy }

  /// The exit code for a program that ends with the error (sysexits).
  package var exitCode: Int32 {
    switch kind {
    case .diskFull, .inputOutput: 74
    case .busy, .inUse: 75
    case .permission: 77
    case .missing: 66
    case .cannotCreate: 73
    case .newerSchema, .foreign: 78
    case .corrupt: 65
    case .refused: 64
    case .bug: 70
    }
  }

  /// `cannot OPERATION SUBJECT: CAUSE; REMEDY`.
  package var description: String { "cannot \(operation) \(subject): \(cause); \(remedy)" }
}

extension StoreError {
  /// Translates whatever a database call threw.
  init(_ error: any Error, operation: String, path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    if let error = error as? RowDecodingError {
      self.init(
        kind: .corrupt, operation: operation, subject: path,
        cause: "a row holds a value of another type: \(error)", remedy: StoreError.damageRemedy)
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(
        kind: .bug, operation: operation, subject: path, cause: "\(error)",
        remedy: "report it as a bug")
      return
    }
    let (kind, remedy) = StoreError.meaning(of: error)
    let cause = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    self.init(kind: kind, operation: operation, subject: path, cause: cause, remedy: remedy)
  }

  /// What helps against damage.
  static let damageRemedy =
    "restart the daemon: it puts the file aside, starts a new one and reads the sources' files again; "
    + "or put a backup in its place"

  private static func meaning(of error: DatabaseError) -> (Kind, String) {
    // A sum that overflows, a column that is gone, a definition that is no SQL: no sound database gives any of them.
    let message = error.message ?? ""
    if error.resultCode == .SQLITE_ERROR,
      message == "integer overflow" || message.hasPrefix("no such")
        || message.hasPrefix("malformed database schema")
    {
      return (.corrupt, damageRemedy)
    }
    if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return (.diskFull, "free some space") }
    switch error.resultCode {
    case .SQLITE_FULL:
      return (.diskFull, "free some space on the device; work resumes by itself")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return (.busy, "end the program that holds the database, or wait")
    case .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      return (.permission, "give this user access to the file and its directory")
    case .SQLITE_CANTOPEN:
      return (.missing, "check that the path exists and that this user may open it")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return (.corrupt, damageRemedy)
    case .SQLITE_IOERR:
      return (.inputOutput, "check the device and its file system")
    default:
      return (.bug, "report it as a bug")
    }
  }
}
