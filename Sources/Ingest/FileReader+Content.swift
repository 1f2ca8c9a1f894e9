import Tweets

/// What the bytes of a file are.
extension FileReader {
  /// What the bytes turned out to be so far.
  var facts: FileFacts {
    let codec = stream.codec ?? .plain
    var container = stream.codec.map(\.rawValue) ?? ""
    if let archive {
      container = codec == .plain ? archive.container : "\(archive.container)+\(codec.rawValue)"
    }
    return FileFacts(
      format: sniffed > 0 ? framer.framing?.name ?? "" : "",
      encoding: sniffed > 0 ? transcoder.encoding.name : "", container: container)
  }

  /// Takes decompressed bytes: to tell by them what the file is, then for the framer.
  mutating func take(_ bytes: ArraySlice<UInt8>) throws(IngestError) {
    guard sniffed == 0 else {
      feed(bytes)
      return
    }
    held.append(contentsOf: bytes)
    // Nobody waits for a whole block of a pipe: what it has may be all that comes for long.
    _ = try decide(isWhole: false, isAsked: !opened.isRegular)
  }

  /// Gives decompressed bytes to the framer, converted where that is needed.
  mutating func feed(_ bytes: ArraySlice<UInt8>) {
    if transcoder.isIdentity {
      framer.append(bytes)
    } else {
      framer.append(transcoder.convert(bytes)[...])
    }
  }

  /// Decides by the first bytes what the file is; false while they are too few, or may soon be more.
  mutating func decide(isWhole: Bool, isAsked: Bool) throws(IngestError) -> Bool {
    guard sniffed == 0, !held.isEmpty else { return false }
    if kind == nil {
      guard let found = ContentKind.detect(held[...], isWhole: isWhole) else { return false }
      kind = found
      if !found.isArchive || archive != nil { try admit(found) }
    }
    guard kind?.isArchive == false, isAsked || held.count >= FormatDetector.blockSize,
      let length = Sniff.length(of: held[...], isWhole: isWhole, given: options.encoding)
    else { return false }
    start(Sniff(held.prefix(length), options: options, path: nameForFormat), length: length)
    feed(held[...])
    held = []
    return true
  }

  /// Begins to frame as the first bytes tell.
  mutating func start(_ found: Sniff, length: Int) {
    sniffed = length
    transcoder = Transcoder(found.coding) ?? Transcoder()
    framer = RecordFramer(
      framing: found.framing, limits: options.frame, startingAt: offset, line: line)
  }

  /// The name whose ending breaks ties between formats: that of the member in an archive.
  var nameForFormat: String { archive?.member?.name ?? path }

  /// What is to be said of bytes, or units of two or four, that were replaced since this was asked last; nil for nothing.
  mutating func replacement() -> SourceEvent? {
    let bytes = transcoder.replaced - toldReplaced
    guard bytes > 0 else { return nil }
    let isFirst = toldReplaced == 0
    toldReplaced = transcoder.replaced
    return .replaced(
      path: shownPath, bytes: bytes, encoding: transcoder.encoding.name, isFirst: isFirst)
  }

  /// Reads until the kind is known or nothing more is there; true when the file is an archive.
  mutating func isArchive() throws(IngestError) -> Bool {
    while kind == nil, archive == nil {
      if let found = ContentKind.detect(held[...], isWhole: false), !held.isEmpty {
        guard found.isArchive else { return false }
        kind = found
        break
      }
      guard let count = try readSkipping() else { return false }
      held.append(contentsOf: chunk[..<count])
    }
    return archive != nil || kind?.isArchive == true
  }

  /// Throws for content that holds no tweets; a format of the settings overrules where bytes are text.
  private func admit(_ kind: ContentKind) throws(IngestError) {
    let foreign: ForeignContent
    switch kind {
    case .text:
      try admitText()
      return
    case .zip, .tar:
      foreign = ForeignContent(
        "an archive in an archive", remedy: "unpack the outer archive, or put the inner one aside")
    case .document(let content):
      guard options.format == .auto else { return }
      foreign = content
    case .binary(let content):
      if options.format == .text, !held.contains(0) { return }
      if options.encoding != nil, Signature.find(held[...]) == nil { return }
      foreign = content
    }
    throw IngestError(
      kind: .foreign, operation: "read", subject: shownPath, cause: "it is \(foreign.name)",
      remedy: foreign.remedy)
  }

  /// Leaves out text files that are no tweets where a file is one of many that nobody named.
  private func admitText() throws(IngestError) {
    guard options.isOneOfMany || archive != nil, options.format == .auto,
      let reason = UnreadFile.reason(beginning: held[...])
    else { return }
    throw IngestError(
      kind: .unread, operation: "read", subject: shownPath, cause: reason,
      remedy: "name the file in a source of kind file if it holds tweets")
  }

  /// The record, with a fault when a text file does not hold such bytes.
  static func marked(_ record: Record) -> Record {
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
}
