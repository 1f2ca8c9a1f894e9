import Glibc

/// Where the bytes of a file come from before they are decompressed.
enum ByteSource: ~Copyable, Sendable {
  /// An open file, pipe or standard input.
  case descriptor(FileDescriptor)
  /// The member of an archive that is being read.
  case member(ArchiveReader)
  /// Nowhere: the bytes went elsewhere.
  case nothing

  /// Reads what is there, at most a bufferful; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, path: String) throws(IngestError) -> Int {
    switch self {
    case .descriptor(let descriptor): try unsafe descriptor.read(into: buffer, path: path)
    case .member(let archive): try unsafe archive.read(into: buffer)
    case .nothing: 0
    }
  }

  /// Reads from an offset without moving; only of a file.
  func read(_ count: Int, at offset: Int64, path: String) throws(IngestError) -> [UInt8] {
    switch self {
    case .descriptor(let descriptor): try descriptor.read(count, at: offset, path: path)
    default: []
    }
  }

  /// Moves to an offset from the beginning; only in a file.
  func seek(to offset: Int64, path: String) throws(IngestError) {
    switch self {
    case .descriptor(let descriptor): try descriptor.seek(to: offset, path: path)
    default: return
    }
  }

  /// What the system knows of the file; nil for a member.
  func status(of path: String) throws(IngestError) -> FileStatus? {
    switch self {
    case .descriptor(let descriptor): try descriptor.status(of: path)
    default: nil
    }
  }

  /// Waits at most that long for something to read; true when there is (or the end).
  func waitUntilReadable(milliseconds: Int32) -> Bool {
    switch self {
    case .descriptor(let descriptor): descriptor.waitUntilReadable(milliseconds: milliseconds)
    default: true
    }
  }
}
