import Tweets

/// One open file: descriptor, decompression and framing together, with the position after each record.
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
  private let options: IngestOptions
  private var stream: DecompressingReader
  /// How many bytes told what the file is; 0 while that is not known.
  private var sniffed = 0
  private var transcoder: Transcoder
  private var toldReplaced = 0
  private var framer: RecordFramer
  private var fingerprint = PrefixFingerprint()
  private var chunk = [UInt8](repeating: 0, count: FileReader.chunkSize)
  private var offset: Int64 = 0
  private var line = 0
  private var itemsDone = 0  // of the record at the offset
  private var kind: ContentKind?
  private var held: [UInt8] = []  // the first bytes, while they do not tell what the file is
  private var failure: IngestError?
  /// The records of the first block; nil before the first record.
  private(set) var opening: FileOpening?
  /// True once the content proved to be another than what was read before.
  private(set) var contentChanged = false
  /// True when the stored position says that the content was refused before.
  private(set) var wasRefused = false
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
    stream = DecompressingReader(descriptor, path: path, limits: options.decompression)
    transcoder = Transcoder()
    framer = RecordFramer(
      hints: options.hints(named: FileReader.lastComponent(of: path)), limits: options.frame)
  }

  static func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The position after the last record that was handed out.
  var position: FilePosition {
    FilePosition(
      path: path, device: opened.device, inode: opened.inode, fingerprint: fingerprint.value,
      fingerprintLength: Int64(fingerprint.prefix.count),
      codec: (stream.codec ?? .plain).rawValue, offset: offset, line: line,
      itemsDone: itemsDone, sniffed: Int64(sniffed), format: facts.format, encoding: facts.encoding)
  }

  /// What is to be said of bytes, or units of two or four, that were replaced since this was asked last; nil for nothing.
  mutating func replacement() -> SourceEvent? {
    let bytes = transcoder.replaced - toldReplaced
    guard bytes > 0 else { return nil }
    let isFirst = toldReplaced == 0
    toldReplaced = transcoder.replaced
    return .replaced(
      path: path, bytes: bytes, encoding: transcoder.encoding.name, isFirst: isFirst)
  }

  /// True when bytes wait for the rest of their record or of their compressed stream.
  var holdsPartialRecord: Bool {
    !held.isEmpty || framer.holdsPartialRecord || transcoder.holdsBytes || stream.isInsideMember
      || stream.holdsUnreadBytes
  }

  /// What the system knows of the open file now.
  func status() throws(IngestError) -> FileStatus { try stream.descriptor.status(of: path) }

  // MARK: Records

  /// True when bytes can be had without reading from the descriptor, which might block.
  var holdsUnreadBytes: Bool { stream.holdsUnreadBytes }

  /// The next records; nil when there are none for now. Reads at most `reads` chunks for them.
  mutating func batch(
    maxRecords: Int, end: End, reads: Int = .max
  ) throws(IngestError) -> SourceBatch? {
    precondition(maxRecords > 0, "a batch needs room for at least 1 record, not \(maxRecords)")
    readsLeft = reads
    defer { readsLeft = .max }
    var start = position
    var records: [Record] = []
    var lines: [Int] = []
    var bytes = 0
    do throws(IngestError) {
      while records.count < maxRecords, bytes < FileReader.batchBytes,
        let record = try nextRecord(end: end)
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
    start.fingerprint = fingerprint.value
    start.fingerprintLength = Int64(fingerprint.prefix.count)
    start.codec = (stream.codec ?? .plain).rawValue
    start.sniffed = Int64(sniffed)
    start.format = facts.format
    start.encoding = facts.encoding
    return SourceBatch(
      records: records, lines: lines, start: start, path: path, facts: facts, opening: opening)
  }

  /// A record that needs no waiting; nil when there is none. A failure is told by the next call.
  mutating func recordAtHand() -> Record? {
    let reads = stream.descriptor.waitUntilReadable(milliseconds: 0) ? 1 : 0
    guard let batch = try? batch(maxRecords: 1, end: .open, reads: reads) else { return nil }
    return batch.records.first
  }

  /// The next record; nil when there is none for now.
  mutating func nextRecord(end: End) throws(IngestError) -> Record? {
    if let failure {
      if sniffed > 0, let record = framer.next(atEnd: false) { return handOut(record) }
      throw failure
    }
    while true {
      if sniffed > 0, let record = framer.next(atEnd: false) { return handOut(record) }
      do throws(IngestError) {
        if try fill() { continue }
        if try decide(isWhole: false, isAsked: true) { continue }
        guard case .final = end else { return nil }
        guard !contentChanged else { throw rewritten }
        if stream.settleCodec() { continue }
        if try decide(isWhole: true, isAsked: true) { continue }
        try stream.finish()
      } catch {
        failure = error
        if let record = recordBeforeDamage(error) { return handOut(record) }
        throw error
      }
      if transcoder.holdsBytes { framer.append(transcoder.convert([], atEnd: true)[...]) }
      guard let record = framer.next(atEnd: true) else { return nil }
      return handOut(record)
    }
  }

  /// The first record of a file that is damaged before it was clear what it is.
  private mutating func recordBeforeDamage(_ error: IngestError) -> Record? {
    guard sniffed == 0, error.kind != .foreign else { return nil }
    guard
      (try? decide(isWhole: false, isAsked: true)) == true
        || (try? decide(isWhole: true, isAsked: true)) == true
    else { return nil }
    return framer.next(atEnd: false)
  }

  // MARK: What the file is

  /// Takes decompressed bytes: to tell by them what the file is, then for the framer.
  private mutating func take(_ bytes: ArraySlice<UInt8>) throws(IngestError) {
    guard sniffed == 0 else {
      feed(bytes)
      return
    }
    held.append(contentsOf: bytes)
    // Nobody waits for a whole block of a pipe: what it has may be all that comes for long.
    _ = try decide(isWhole: false, isAsked: !opened.isRegular)
  }

  private mutating func feed(_ bytes: ArraySlice<UInt8>) {
    if transcoder.isIdentity {
      framer.append(bytes)
    } else {
      framer.append(transcoder.convert(bytes)[...])
    }
  }

  /// Decides by the first bytes what the file is; false while they are too few, or may soon be more.
  private mutating func decide(isWhole: Bool, isAsked: Bool) throws(IngestError) -> Bool {
    guard sniffed == 0, !held.isEmpty else { return false }
    if kind == nil {
      guard let found = ContentKind.detect(held[...], isWhole: isWhole) else { return false }
      kind = found
      try admit(found)
    }
    guard isAsked || held.count >= FormatDetector.blockSize,
      let length = Sniff.length(of: held[...], isWhole: isWhole, given: options.encoding)
    else { return false }
    start(Sniff(held.prefix(length), options: options, path: path), length: length)
    feed(held[...])
    held = []
    return true
  }

  private mutating func start(_ found: Sniff, length: Int) {
    sniffed = length
    transcoder = Transcoder(found.coding) ?? Transcoder()
    framer = RecordFramer(
      framing: found.framing, limits: options.frame, startingAt: offset, line: line)
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

  /// The record, with a fault when a text file does not hold such bytes.
  private static func marked(_ record: Record) -> Record {
    switch record.format {
    case .text, .csv:
      guard record.fault == nil, ContentKind.isBinary(record: record.bytes) else { return record }
      var record = record
      record.bytes = []
      record.fault = .binary
      return record
    case .json, .event, .blank: return record
    }
  }

  // MARK: What the bytes are

  /// What the bytes turned out to be so far.
  var facts: FileFacts {
    FileFacts(
      format: sniffed > 0 ? framer.framing?.name ?? "" : "",
      encoding: sniffed > 0 ? transcoder.encoding.name : "",
      container: stream.codec.map(\.rawValue) ?? "")
  }

  /// Throws for content that holds no tweets; a format of the settings overrules where bytes are text.
  private func admit(_ kind: ContentKind) throws(IngestError) {
    let foreign: ForeignContent
    switch kind {
    case .text: return
    case .zip: foreign = ForeignContent("a ZIP archive", remedy: "unpack it")
    case .tar: foreign = ForeignContent("a tar archive", remedy: "unpack it")
    case .document(let content):
      guard options.format == .auto else { return }
      foreign = content
    case .binary(let content):
      if options.format == .text, !held.contains(0) { return }
      if options.encoding != nil, Signature.find(held[...]) == nil { return }
      foreign = content
    }
    throw IngestError(
      kind: .foreign, operation: "read", subject: path, cause: "it is \(foreign.name)",
      remedy: foreign.remedy)
  }

  /// Reads one chunk into the framer; false when there is nothing for now.
  private mutating func fill() throws(IngestError) -> Bool {
    guard !contentChanged, readsLeft > 0 else { return false }
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
    if try status().size < stream.consumed { return true }
    guard stream.codec == .plain, !fingerprint.prefix.isEmpty else { return false }
    let now = try stream.descriptor.read(fingerprint.prefix.count, at: 0, path: path)
    return now != fingerprint.prefix
  }

  // MARK: Going on after a restart

  /// Goes to a stored position; false when this is not the file that it was taken in, or a shorter one.
  ///
  /// What the file is (its framing, a CSV header) stands at its beginning, which is read again for it.
  mutating func resume(at position: FilePosition) throws(IngestError) -> Bool {
    precondition(offset == 0, "only a file at its beginning can be resumed, this is at \(offset)")
    var beginning: [UInt8] = []
    let blockSize =
      position.sniffed > 0 ? Int(position.sniffed) : FormatDetector.blockSize
    var isShort = false
    while Int64(beginning.count) < position.fingerprintLength || beginning.count < blockSize {
      guard let count = try readBeginning(isEnough: beginning.count, for: position) else {
        isShort = true
        break
      }
      beginning.append(contentsOf: chunk[..<count])
    }
    guard fingerprint.value(length: position.fingerprintLength) == position.fingerprint
    else { return false }
    offset = position.offset
    line = position.line
    itemsDone = position.itemsDone
    wasRefused = position.isRefused
    guard offset > 0 else {
      held = beginning
      return true
    }
    kind = .text
    let length =
      position.sniffed > 0
      ? blockSize
      : Sniff.length(of: beginning[...], isWhole: isShort, given: options.encoding)
        ?? beginning.count
    let found = Sniff(beginning.prefix(length), options: options, path: path)
    opening = opening(ofBeginning: beginning, found, isWhole: isShort)
    start(found, length: length)
    if !transcoder.keepsOffsets { return try skipConverted(beginning, isShort: isShort) }
    if Int64(beginning.count) >= offset {
      feed(beginning[Int(offset)...])
      return true
    }
    return isShort ? false : try skip(to: offset, from: Int64(beginning.count))
  }

  /// The records of the first block, framed and converted as at the first reading.
  private func opening(ofBeginning beginning: [UInt8], _ found: Sniff, isWhole: Bool) -> FileOpening
  {
    var probe = RecordFramer(framing: found.framing, limits: options.frame, startingAt: 0, line: 0)
    if var transcoder = Transcoder(found.coding), !transcoder.keepsOffsets {
      probe.append(transcoder.convert(beginning[...])[...])
    } else {
      probe.append(beginning[...])
    }
    return FileReader.opening(rest: probe, atEnd: isWhole)
  }

  /// Goes to the offset in the text that the bytes become.
  private mutating func skipConverted(
    _ beginning: [UInt8], isShort: Bool
  ) throws(IngestError) -> Bool {
    var text = transcoder.convert(beginning[...])
    var here: Int64 = 0
    while here + Int64(text.count) < offset {
      here += Int64(text.count)
      guard !isShort, let count = try readSkipping() else { return false }
      text = transcoder.convert(chunk[..<count])
    }
    framer.append(text[Int(offset - here)...])
    return true
  }

  /// Reads more of the beginning; damage behind what the position needs is told by the next batch.
  private mutating func readBeginning(
    isEnough count: Int, for position: FilePosition
  ) throws(IngestError) -> Int? {
    do throws(IngestError) {
      return try readSkipping()
    } catch {
      guard Int64(count) >= max(position.offset, position.fingerprintLength) else { throw error }
      return nil
    }
  }

  private mutating func readSkipping() throws(IngestError) -> Int? {
    var count = try stream.read(into: &chunk)
    if count == 0, stream.settleCodec() { count = try stream.read(into: &chunk) }
    guard count > 0 else { return nil }
    fingerprint.absorb(chunk[..<count])
    return count
  }

  private mutating func skip(to target: Int64, from here: Int64) throws(IngestError) -> Bool {
    if stream.codec == .plain, opened.isRegular {
      guard try status().size >= target else { return false }
      try stream.seekPlain(to: target)
      return true
    }
    var here = here
    while here < target {
      guard let count = try readSkipping() else { return false }
      let wanted = min(Int64(count), target - here)
      here += Int64(count)
      if Int64(count) > wanted { feed(chunk[Int(wanted)..<count]) }
    }
    return true
  }
}
