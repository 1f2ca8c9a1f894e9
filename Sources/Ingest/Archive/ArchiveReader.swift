import CArchive

/// The members of a ZIP or tar archive, one after the other, read by libarchive.
// Unchecked: the reader has one owner, which moves with it, and is touched by no other.
@safe
final class ArchiveReader: @unchecked Sendable {
  /// One entry of an archive.
  struct Member: Sendable, Equatable {
    /// Its place among all entries, from 1.
    var number: Int
    /// Its name without control characters, at most 1 KiB; it is shown, never a path to write to.
    var name: String
    /// What the entry is.
    var kind: Kind
  }

  /// What an entry is.
  enum Kind: Sendable, Equatable {
    case file
    case encrypted
    case folder
    /// A link, a device and the like.
    case other
  }

  private static let mostMembers = 1_000_000

  /// The path of the archive, for messages.
  let path: String
  private let handle: OpaquePointer
  private let input: ArchiveInput
  private let limits: DecompressionLimits
  private var count = 0
  private var isAtEnd = false
  private var produced: Int64 = 0
  /// Why no more of the archive can be read; nil while all is well.
  private(set) var failure: IngestError?

  /// Opens an archive of that kind; `ahead` are its first bytes, which were read from the stream before.
  init(
    _ stream: consuming DecompressingReader, ahead: [UInt8], kind: ContentKind, path: String,
    limits: DecompressionLimits
  ) throws(IngestError) {
    guard let handle = unsafe archive_read_new() else {
      preconditionFailure("archive_read_new gave no handle: out of memory")
    }
    unsafe self.handle = handle
    self.path = path
    self.limits = limits
    input = ArchiveInput(stream, ahead: ahead)
    let client = unsafe Unmanaged.passUnretained(input).toOpaque()
    unsafe archive_read_set_callback_data(handle, client)
    unsafe archive_read_set_read_callback(handle) { _, client, buffer in
      guard let client = unsafe client, let buffer = unsafe buffer else { return -1 }
      let input = unsafe Unmanaged<ArchiveInput>.fromOpaque(client).takeUnretainedValue()
      return unsafe input.read(into: buffer)
    }
    if input.canSeek {
      unsafe archive_read_set_seek_callback(handle) { _, client, offset, whence in
        guard let client = unsafe client else { return -1 }
        let input = unsafe Unmanaged<ArchiveInput>.fromOpaque(client).takeUnretainedValue()
        return input.seek(by: offset, from: whence)
      }
    }
    switch kind {
    case .zip where input.canSeek: unsafe archive_read_support_format_zip(handle)
    case .zip: unsafe archive_read_support_format_zip_streamable(handle)
    default: unsafe archive_read_support_format_tar(handle)
    }
    let code = unsafe archive_read_open1(handle)
    guard code >= ARCHIVE_WARN else { throw fail() }
  }

  deinit { unsafe archive_read_free(handle) }

  /// What the system knows of the archive's file; nil when it has none.
  func status() throws(IngestError) -> FileStatus? { try input.status() }

  /// Moves to the next entry; nil at the end of the archive.
  func next() throws(IngestError) -> Member? {
    if let failure { throw failure }
    if isAtEnd { return nil }
    var entry: OpaquePointer?
    let code = unsafe archive_read_next_header(handle, &entry)
    guard code != ARCHIVE_EOF else {
      if let failure = input.failure { throw failure }
      isAtEnd = true
      return nil
    }
    guard code >= ARCHIVE_WARN, let entry = unsafe entry else { throw fail() }
    count += 1
    guard count <= ArchiveReader.mostMembers else {
      let error = IngestError(
        kind: .tooLarge, operation: "read", subject: path,
        cause: "it has more than \(ArchiveReader.mostMembers) members",
        remedy: "split the archive")
      failure = error
      throw error
    }
    return unsafe Member(number: count, name: name(of: entry), kind: ArchiveReader.kind(of: entry))
  }

  /// Reads the member's next bytes; 0 at its end. After an error of the member the next one can be read
  /// unless `failure` is set.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if let failure { throw failure }
    let got = unsafe archive_read_data(handle, buffer.baseAddress, buffer.count)
    guard got >= 0 else {
      if got <= Int(ARCHIVE_FATAL) { throw fail() }
      throw error
    }
    produced += Int64(got)
    try checkLimits()
    return got
  }

  private func checkLimits() throws(IngestError) {
    let cause: String
    if produced > limits.ratioFloor, produced / limits.ratio > input.consumed {
      cause = "it grows more than \(limits.ratio)-fold"
    } else if produced > limits.total {
      cause = "it holds more than \(limits.total) bytes"
    } else {
      return
    }
    let error = IngestError(
      kind: .tooLarge, operation: "unpack", subject: path, cause: cause,
      remedy: "unpack it by hand if it is sound")
    failure = error
    throw error
  }

  /// Notes that nothing more can be read, and why.
  private func fail() -> IngestError {
    let error = self.error
    failure = error
    return error
  }

  /// What libarchive, or the file below it, says is wrong.
  private var error: IngestError {
    if let failure = input.failure { return failure }
    let words = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
    let cause = words ?? "libarchive gives no reason"
    return IngestError(
      kind: cause.lowercased().contains("truncated") ? .truncated : .corrupt, operation: "unpack",
      subject: path, cause: cause, remedy: "check the archive, or get it again")
  }

  private static func kind(of entry: OpaquePointer) -> Kind {
    if unsafe elmond_archive_is_folder(entry) != 0 { return .folder }
    guard unsafe elmond_archive_is_file(entry) != 0, unsafe archive_entry_hardlink(entry) == nil
    else { return .other }
    return unsafe archive_entry_is_data_encrypted(entry) != 0 ? .encrypted : .file
  }

  private func name(of entry: OpaquePointer) -> String {
    var name = "member \(count)"
    if let text = unsafe archive_entry_pathname_utf8(entry) {
      name = unsafe String(cString: text)
    } else if let text = unsafe archive_entry_pathname(entry) {
      name = unsafe String(cString: text)
    }
    let scalars = name.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars.prefix(1024)))
  }
}
