import Tweets

/// One open file: descriptor, decompression and framing together, with the position after each record.
///
/// An archive is read member by member, each as a file of its own.
struct FileReader: ~Copyable, Sendable {
  private static let chunkSize = 256 << 10
  private static let batchBytes = 4 << 20  // enough for any micro-batch, little enough to keep

  /// What the end of the bytes that are there means.
  enum End {
    /// More may follow: a partial record waits.
    case open
    /// Nothing will follow: a partial record is one.
    case final
  }

  let path: String
  let opened: FileStatus
  let options: IngestOptions
  var stream: DecompressingReader
  /// How many bytes told what the file is; 0 while that is not known.
  var sniffed = 0
  var transcoder = Transcoder()
  var toldReplaced = 0
  var framer: RecordFramer
  var fingerprint = PrefixFingerprint()
  var chunk = [UInt8](repeating: 0, count: FileReader.chunkSize)
  var offset: Int64 = 0
  var line = 0
  var itemsDone = 0  // of the record at the offset
  var kind: ContentKind?
  var held: [UInt8] = []  // bytes before the kind is known, or before the archive is opened
  var archive: OpenArchive?
  /// The records of the first block; nil before the first record.
  var opening: FileOpening?
  /// Notes that wait until they are taken.
  var notes: [SourceEvent] = []
  private var failure: IngestError?
  /// Why the member cannot be read on; the next one can.
  var memberFailure: IngestError?
  var isInMember = false
  /// True once the content proved to be another than what was read before.
  private(set) var contentChanged = false
  /// True when the stored position says that the content was refused before.
  var wasRefused = false
  /// True when the last read came to the end of the bytes that are there.
  private(set) var isAtEnd = false
  private var readsLeft = Int.max

  /// Opens a file at its beginning.
  init(
    path: String, options: IngestOptions, admitting admission: FileDescriptor.Admission
  ) throws(IngestError) {
    let descriptor = try FileDescriptor.open(path, admitting: admission)
    let status = try descriptor.status(of: path)
    self.init(descriptor, path: path, status: status, options: options)
  }

  /// Takes over an open descriptor at its beginning.
  init(
    _ descriptor: consuming FileDescriptor, path: String, status: FileStatus,
    options: IngestOptions
  ) {
    self.path = path
    self.options = options
    opened = status
    stream = DecompressingReader(
      .descriptor(descriptor), path: path, limits: options.decompression)
    framer = RecordFramer(
      hints: options.hints(named: FileReader.lastComponent(of: path)), limits: options.frame)
  }

  static func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The position after the last record that was handed out.
  var position: FilePosition {
    let print = archive?.fingerprint ?? fingerprint
    return FilePosition(
      path: path, device: opened.device, inode: opened.inode, fingerprint: print.value,
      fingerprintLength: Int64(print.prefix.count),
      codec: archive?.container ?? (stream.codec ?? .plain).rawValue, offset: offset, line: line,
      itemsDone: itemsDone, sniffed: Int64(sniffed), format: facts.format,
      encoding: facts.encoding, member: archive?.member?.name ?? "",
      memberNumber: archive?.member?.number ?? 0)
  }

  /// The path for messages: that of the member in an archive.
  var shownPath: String { position.shownPath }

  /// True when bytes wait for the rest of their record or of their compressed stream.
  var holdsPartialRecord: Bool {
    !held.isEmpty || framer.holdsPartialRecord || transcoder.holdsBytes || stream.isInsideMember
      || stream.holdsUnreadBytes
  }

  /// What the system knows of the open file now.
  func status() throws(IngestError) -> FileStatus {
    if let archive { return try archive.reader.status() ?? opened }
    return try stream.status() ?? opened
  }

  /// What there is to tell beside the records, in order with them.
  mutating func takeNotes() -> [SourceEvent] {
    defer { notes = [] }
    return notes
  }

  // MARK: Records

  /// True when bytes can be had without reading from the descriptor, which might block.
  var holdsUnreadBytes: Bool { stream.holdsUnreadBytes }

  /// The next records; nil when there are none for now. Reads at most `reads` chunks for them.
  ///
  /// All are of one file: of the same member of an archive.
  mutating func batch(
    maxRecords: Int, end: End, reads: Int = .max
  ) throws(IngestError) -> SourceBatch? {
    precondition(maxRecords > 0, "a batch needs room for at least 1 record, not \(maxRecords)")
    readsLeft = reads
    defer { readsLeft = .max }
    repeat {
      if let batch = try batchOfFile(maxRecords: maxRecords, end: end) { return batch }
    } while try enterNextMember()
    return nil
  }

  private mutating func batchOfFile(maxRecords: Int, end: End) throws(IngestError) -> SourceBatch? {
    var start = position
    var records: [Record] = []
    var lines: [Int] = []
    var bytes = 0
    do throws(IngestError) {
      while records.count < maxRecords, bytes < FileReader.batchBytes,
        let record = try nextOfFile(end: end)
      {
        bytes += record.bytes.count
        records.append(record)
        lines.append(line)
      }
    } catch {
      guard !records.isEmpty else { throw error }
      failure = error
    }
    guard !records.isEmpty else { return nil }
    // The fingerprint may have grown meanwhile; it is of the same file.
    let now = position
    start.fingerprint = now.fingerprint
    start.fingerprintLength = now.fingerprintLength
    start.codec = now.codec
    start.sniffed = now.sniffed
    start.format = now.format
    start.encoding = now.encoding
    return SourceBatch(
      records: records, lines: lines, start: start, path: start.shownPath, facts: facts,
      opening: opening)
  }

  /// A record that needs no waiting; nil when there is none. A failure is told by the next call.
  mutating func recordAtHand() -> Record? {
    let reads = stream.source.waitUntilReadable(milliseconds: 0) ? 1 : 0
    guard let batch = try? batch(maxRecords: 1, end: .open, reads: reads) else { return nil }
    return batch.records.first
  }

  /// The next record, of the next member at the end of one; nil when there is none for now.
  mutating func nextRecord(end: End) throws(IngestError) -> Record? {
    repeat {
      if let record = try nextOfFile(end: end) { return record }
    } while try enterNextMember()
    return nil
  }

  /// The next record of the file or member; nil when there is none for now.
  private mutating func nextOfFile(end: End) throws(IngestError) -> Record? {
    if failure != nil || memberFailure != nil, sniffed > 0, let record = framer.next(atEnd: false) {
      return handOut(record)
    }
    if let failure { throw failure }
    if memberFailure != nil || waitsForMember { return nil }
    while true {
      if sniffed > 0, let record = framer.next(atEnd: false) { return handOut(record) }
      do throws(IngestError) {
        if try fill() { continue }
        if try decide(isWhole: false, isAsked: true) { continue }
        if waitsForMember { return nil }
        // A member is whole whenever it is read.
        guard archive != nil || end == .final else { return nil }
        guard !contentChanged else { throw rewritten }
        if stream.settleCodec() { continue }
        if try decide(isWhole: true, isAsked: true) { continue }
        if waitsForMember { return nil }
        try stream.finish()
      } catch {
        if isInMember, archive?.reader.failure == nil {
          memberFailure = error
          return recordBeforeDamage(error).map { handOut($0) }
        }
        failure = error
        if let record = recordBeforeDamage(error) { return handOut(record) }
        throw error
      }
      if transcoder.holdsBytes { framer.append(transcoder.convert([], atEnd: true)[...]) }
      guard let record = framer.next(atEnd: true) else { return nil }
      return handOut(record)
    }
  }

  /// The first record of a file or member that is damaged before it was clear what it is.
  private mutating func recordBeforeDamage(_ error: IngestError) -> Record? {
    guard sniffed == 0, error.kind != .foreign, error.kind != .unread else { return nil }
    guard
      (try? decide(isWhole: false, isAsked: true)) == true
        || (try? decide(isWhole: true, isAsked: true)) == true
    else { return nil }
    return framer.next(atEnd: false)
  }

  /// True in an archive outside its members.
  private var waitsForMember: Bool {
    archive == nil ? kind?.isArchive == true : !isInMember
  }

  private var rewritten: IngestError {
    IngestError(
      kind: .unreadable, operation: "read on in", subject: path,
      cause: "it was emptied or rewritten meanwhile", remedy: "read it again when it is complete")
  }

  private mutating func handOut(_ framed: Record) -> Record {
    var record = framed
    transcoder.repair(&record.bytes)
    if opening == nil {
      opening = FileReader.opening(first: record, rest: framer, atEnd: isAtEnd)
    }
    offset = record.end
    line = framer.lines
    itemsDone = 0
    return FileReader.marked(record)
  }

  /// Reads one chunk into the framer; false when there is nothing for now.
  private mutating func fill() throws(IngestError) -> Bool {
    guard !contentChanged, !waitsForMember, archive != nil || readsLeft > 0 else { return false }
    readsLeft -= 1
    let count = try stream.read(into: &chunk)
    isAtEnd = count == 0
    // A check before reading would leave a moment for the file to be emptied and filled again.
    contentChanged = try isChanged()
    guard count > 0, !contentChanged else { return false }
    fingerprint.absorb(chunk[..<count])
    try take(chunk[..<count])
    return true
  }

  /// True when the open file was emptied or rewritten: `copytruncate`.
  private func isChanged() throws(IngestError) -> Bool {
    guard opened.isRegular else { return false }
    guard archive == nil else { return try status().size < opened.size }
    if try status().size < stream.consumed { return true }
    guard stream.codec == .plain, !fingerprint.prefix.isEmpty else { return false }
    let now = try stream.source.read(fingerprint.prefix.count, at: 0, path: path)
    return now != fingerprint.prefix
  }
}
