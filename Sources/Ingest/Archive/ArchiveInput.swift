import CArchive
import Glibc

/// The bytes of an archive as libarchive asks for them: those that were read already, then those of the file.
@safe
final class ArchiveInput {
  private static let size = 128 << 10
  private static let fatal = Int(ARCHIVE_FATAL)

  /// The decompressed bytes of the archive.
  private(set) var stream: DecompressingReader
  /// Bytes of the archive that were handed to libarchive.
  private(set) var consumed: Int64 = 0
  /// Why reading failed; libarchive only knows that it did.
  private(set) var failure: IngestError?
  private var ahead: [UInt8]
  private var chunk = [UInt8](repeating: 0, count: ArchiveInput.size)
  // libarchive keeps the pointer until the next call, which no Swift array allows.
  private let handed = UnsafeMutablePointer<UInt8>.allocate(capacity: ArchiveInput.size)

  /// `ahead` are the first bytes, which were read from the stream before.
  init(_ stream: consuming DecompressingReader, ahead: [UInt8]) {
    self.stream = stream
    self.ahead = ahead
  }

  deinit { unsafe handed.deallocate() }

  /// True when libarchive may move in the file: a ZIP archive's directory is at its end.
  var canSeek: Bool { stream.codec == .plain && (try? stream.status())??.isRegular == true }

  /// Reads the next bytes; their count, 0 at the end, negative after a failure.
  func read(into pointer: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
    unsafe pointer.pointee = UnsafeRawPointer(handed)
    do throws(IngestError) {
      let bytes = try next()
      unsafe bytes.withUnsafeBufferPointer { source in
        if let base = source.baseAddress {
          unsafe handed.update(from: base, count: source.count)
        }
      }
      consumed += Int64(bytes.count)
      return bytes.count
    } catch {
      failure = error
      return ArchiveInput.fatal
    }
  }

  private func next() throws(IngestError) -> ArraySlice<UInt8> {
    if !ahead.isEmpty {
      let some = ahead.prefix(ArchiveInput.size)
      ahead = Array(ahead.dropFirst(some.count))
      return some
    }
    let count = try stream.read(into: &chunk)
    if count == 0 { try stream.finish() }
    return chunk[..<count]
  }

  /// Moves in the file; the new offset, negative after a failure.
  func seek(by offset: Int64, from whence: Int32) -> Int64 {
    do throws(IngestError) {
      let base: Int64
      switch whence {
      case SEEK_SET: base = 0
      case SEEK_END: base = try stream.status()?.size ?? 0
      default: base = stream.produced - Int64(ahead.count)
      }
      guard base + offset >= 0 else { return Int64(ArchiveInput.fatal) }
      ahead = []
      try stream.seekPlain(to: base + offset)
      return base + offset
    } catch {
      failure = error
      return Int64(ArchiveInput.fatal)
    }
  }

  /// What the system knows of the archive's file.
  func status() throws(IngestError) -> FileStatus? { try stream.status() }
}
