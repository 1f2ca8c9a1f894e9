import Glibc

/// A new file that takes its final name only when it is whole.
///
/// Left without `finish`, it removes what it wrote.
package struct OutputFile: ~Copyable {
  /// The name it takes at the end.
  package let path: String
  let temporary: String
  private let descriptor: Int32
  private var isOpen = true

  init(_ path: String) throws(ModelError) {
    // The rename at the end would put a file in the place of a device, a pipe or a link.
    var status = stat()
    guard unsafe lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      throw .system(
        operation: "create", path: path,
        cause: "something that is no regular file is there; name a new file")
    }
    let temporary = "\(path).\(getpid()).partial"
    let descriptor = unsafe open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.fault("create", temporary) }
    self.path = path
    self.temporary = temporary
    self.descriptor = descriptor
  }

  /// Starts a file with its first bytes.
  package static func create(_ path: String, start: Span<UInt8>) throws(ModelError) -> OutputFile {
    let file = try OutputFile(path)
    try file.write(start)
    return file
  }

  deinit {
    guard isOpen else { return }
    close(descriptor)
    unsafe unlink(temporary)
  }

  /// Appends bytes.
  package func write(_ bytes: Span<UInt8>) throws(ModelError) {
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(ModelError) in
      try unsafe write(UnsafeRawBufferPointer(buffer))
    }
  }

  func write(_ values: Span<Float>) throws(ModelError) {
    try unsafe values.withUnsafeBufferPointer { (buffer) throws(ModelError) in
      try unsafe write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Writes numbers, which have no padding, from the byte `offset` on, wherever the file ends now.
  func write<Number: BitwiseCopyable>(
    _ values: Span<Number>, at offset: Int
  ) throws(ModelError) {
    try unsafe values.withUnsafeBytes { (buffer) throws(ModelError) in
      var done = 0
      while done < buffer.count {
        let piece = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = unsafe pwrite(
          descriptor, piece.baseAddress, piece.count, off_t(offset + done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw Self.fault("write", temporary) }
        done += count
      }
    }
  }

  /// Appends everything another file has written so far.
  func append(contentsOf other: borrowing OutputFile) throws(ModelError) {
    guard lseek(other.descriptor, 0, SEEK_SET) == 0 else { throw Self.fault("rewind", other.path) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(other.descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.fault("read", other.path) }
      guard count > 0 else { return }
      try write(buffer.span.extracting(0..<count))
    }
  }

  /// Writes bytes, and behind them everything that a file has written so far, to standard output.
  static func writeToStandardOutput(
    _ start: [UInt8], then other: borrowing OutputFile
  ) throws(ModelError) {
    try writeAll(start.span, to: STDOUT_FILENO, "standard output")
    guard lseek(other.descriptor, 0, SEEK_SET) == 0 else { throw fault("rewind", other.path) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(other.descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault("read", other.path) }
      guard count > 0 else { return }
      try writeAll(buffer.span.extracting(0..<count), to: STDOUT_FILENO, "standard output")
    }
  }

  private static func writeAll(
    _ bytes: Span<UInt8>, to descriptor: Int32, _ name: String
  ) throws(ModelError) {
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(ModelError) in
      var rest = unsafe UnsafeRawBufferPointer(buffer)[...]
      while unsafe !rest.isEmpty {
        let piece = unsafe UnsafeRawBufferPointer(rebasing: rest)
        let count = unsafe Glibc.write(descriptor, piece.baseAddress, piece.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw fault("write", name) }
        unsafe rest = rest.dropFirst(count)
      }
    }
  }

  /// Makes the file durable and gives it its name.
  package consuming func finish() throws(ModelError) {
    guard fsync(descriptor) == 0 else { throw Self.fault("write", temporary) }
    guard unsafe rename(temporary, path) == 0 else { throw Self.fault("create", path) }
    isOpen = false
    close(descriptor)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      let piece = unsafe UnsafeRawBufferPointer(rebasing: rest)
      let count = unsafe Glibc.write(descriptor, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.fault("write", temporary) }
      unsafe rest = rest.dropFirst(count)
    }
  }

  static func fault(_ operation: String, _ path: String) -> ModelError {
    .system(operation: operation, path: path, cause: unsafe String(cString: strerror(errno)))
  }
}
