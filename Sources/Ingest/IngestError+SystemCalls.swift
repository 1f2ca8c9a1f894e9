import Glibc

extension IngestError {
  /// The error of a failed system call, by its `errno`.
  init(_ operation: String, _ subject: String, code: Int32) {
    let cause = unsafe String(cString: strerror(code))
    switch code {
    case ENOENT, ENOTDIR:
      self.init(
        kind: .missing, operation: operation, subject: subject, cause: cause,
        remedy: "check the path")
    case EACCES, EPERM:
      self.init(
        kind: .permission, operation: operation, subject: subject, cause: cause,
        remedy: "let the user that runs elmond read it")
    case ELOOP:
      self.init(
        kind: .refused, operation: operation, subject: subject, cause: "it is a symbolic link",
        remedy: "name the file that it points to")
    default:
      self.init(
        kind: .unreadable, operation: operation, subject: subject, cause: cause,
        remedy: "check the disk or the mount")
    }
  }
}
