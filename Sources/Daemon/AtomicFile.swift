import Glibc

/// Replaces a file as a whole: a temporary name, fsync, rename.
enum AtomicFile {
  static func write(_ text: String, to path: String) throws {
    // The rename at the end would put a file in the place of a device, a pipe or a link.
    var status = stat()
    guard unsafe lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure(
        "cannot replace \(path): it is no regular file", remedy: "name a new file",
        code: .cannotCreate)
    }
    let temporary = path + ".tmp"
    unsafe unlink(temporary)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = unsafe open(temporary, flags, 0o640)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    do {
      defer { close(descriptor) }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        // The buffer's own count bounds the call.
        let written = unsafe bytes.withUnsafeBytes {
          unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        guard written > 0 || errno == EINTR else { throw failure("write", temporary) }
        bytes = bytes.dropFirst(max(written, 0))
      }
      guard fsync(descriptor) == 0 else { throw failure("write", temporary) }
    }
    guard unsafe rename(temporary, path) == 0 else { throw failure("rename to", path) }
  }

  private static func failure(_ operation: String, _ path: String) -> CommandFailure {
    let cause = unsafe String(cString: strerror(errno))
    return CommandFailure(
      "cannot \(operation) \(path): \(cause)",
      remedy: "check that its directory exists and that this user may write there",
      code: .cannotCreate)
  }
}
