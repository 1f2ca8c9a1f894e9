import Foundation

/// The right to write a database, held by one process: a lock on the file `DATABASE.lock`.
///
/// The kernel lets go of it when the process ends, however it ends; the file stays.
struct DatabaseLock: ~Copyable {
  private let descriptor: CInt

  init(database: String) throws(StoreError) {
    let path = database + ".lock"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
    guard descriptor >= 0 else { throw FileFailure(errno, "create", path).error }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      _ = close(descriptor)
      guard code == EWOULDBLOCK else { throw FileFailure(code, "lock", path).error }
      throw StoreError(
        kind: .inUse, operation: "open", subject: database,
        cause: "another elmond has it open",
        remedy: "stop the other one, or give this one a database of its own")
    }
  }

  deinit { _ = close(descriptor) }
}

/// A system call on a file that failed.
struct FileFailure {
  private let code: CInt
  private let operation: String
  private let path: String

  init(_ code: CInt, _ operation: String, _ path: String) {
    self.code = code
    self.operation = operation
    self.path = path
  }

  /// The failure as the store tells it.
  var error: StoreError {
    let directory = (path as NSString).deletingLastPathComponent
    let place = directory.isEmpty ? "the current directory" : "the directory \(directory)"
    let (kind, remedy): (StoreError.Kind, String) =
      switch code {
      case EACCES, EPERM, EROFS: (.permission, "let this user write in \(place)")
      case ENOENT, ENOTDIR: (.cannotCreate, "create \(place) first")
      case ENOSPC, EDQUOT: (.diskFull, "free some space on the device")
      case EISDIR: (.cannotCreate, "give the path of a plain file")
      case ELOOP: (.cannotCreate, "give the path of the file itself that the link leads to")
      default: (.inputOutput, "check the device and its file system")
      }
    let cause = code == ELOOP ? "it is a symbolic link" : unsafe String(cString: strerror(code))
    return StoreError(
      kind: kind, operation: operation, subject: path, cause: cause, remedy: remedy)
  }
}
