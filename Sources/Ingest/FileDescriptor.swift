import Glibc

/// An open file, closed when it goes.
struct FileDescriptor: ~Copyable, Sendable {
  /// What an opened path may be.
  enum Admission {
    /// A regular file, and no link to one: what a daemon opens where others may write.
    case regularFile
    /// Whatever the operator named on the command line: links, pipes and devices too.
    case anything
  }

  private let number: Int32
  private let isOwned: Bool

  /// Opens a path for reading.
  static func open(
    _ path: String, admitting admission: Admission
  ) throws(IngestError) -> FileDescriptor {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would hang before it could be refused.
    let flags =
      admission == .regularFile
      ? O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK : O_RDONLY | O_CLOEXEC
    let opened = unsafe Glibc.open(path, flags)
    guard opened >= 0 else { throw IngestError("open", path, code: errno) }
    let descriptor = FileDescriptor(number: opened, isOwned: true)
    let status = try descriptor.status(of: path)
    if status.isFolder || (admission == .regularFile && !status.isRegular) {
      throw IngestError(
        kind: .refused, operation: "read", subject: path,
        cause: status.isFolder ? "it is a folder" : "it is no regular file",
        remedy: status.isFolder
          ? "name a file, or use a source of kind directory" : "pipe it to standard input")
    }
    return descriptor
  }

  /// Standard input, which stays open.
  static var standardInput: FileDescriptor {
    FileDescriptor(number: STDIN_FILENO, isOwned: false)
  }

  /// A descriptor that someone else closes.
  static func borrowing(_ number: Int32) -> FileDescriptor {
    FileDescriptor(number: number, isOwned: false)
  }

  private init(number: Int32, isOwned: Bool) {
    self.number = number
    self.isOwned = isOwned
  }

  deinit {
    if isOwned { _ = close(number) }
  }

  /// What the system knows of the file.
  func status(of path: String) throws(IngestError) -> FileStatus {
    var info = stat()
    guard unsafe fstat(number, &info) == 0 else {
      throw IngestError("examine", path, code: errno)
    }
    return FileStatus(info)
  }

  /// Reads what is there, at most a bufferful; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, path: String) throws(IngestError) -> Int {
    while true {
      let count = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw IngestError("read", path, code: errno) }
    }
  }

  /// Reads from an offset without moving; fewer bytes than asked for at the end.
  func read(_ count: Int, at offset: Int64, path: String) throws(IngestError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          number, buffer.baseAddress.map { unsafe $0 + filled }, count - filled,
          off_t(offset) + filled)
      }
      if got == 0 { break }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw IngestError("read", path, code: errno) }
      filled += got
    }
    return Array(bytes[..<filled])
  }

  /// Moves to an offset from the beginning.
  func seek(to offset: Int64, path: String) throws(IngestError) {
    guard lseek(number, off_t(offset), SEEK_SET) >= 0 else {
      throw IngestError("seek in", path, code: errno)
    }
  }

  /// Waits at most that long for something to read; true when there is (or the end).
  func waitUntilReadable(milliseconds: Int32) -> Bool {
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, milliseconds) > 0
  }
}
