package import Tweets

/// Cuts a stream of decompressed bytes into records; a value that knows no file.
///
/// What a record is depends on its own bytes and on `framing` only: a framer started at any record's
/// `end` gives exactly the records that were left. How the bytes arrive changes nothing either.
package struct RecordFramer: Sendable {
  enum Pending: Sendable {
    /// At the beginning of a record.
    case none
    /// Inside a JSON document, whose bytes lie at the head of the buffer.
    case document(DocumentScanner)
    /// Inside a JSON document that is too long; its bytes are dropped.
    case oversized(DocumentScanner, line: Int)
    /// Behind a JSON document of `length` bytes, before its line end; nil when the bytes were dropped.
    case trailer(length: Int?, line: Int, newlines: Int)
    /// On the only line of something that is no JSON document.
    case brokenLine(atEnd: Bool)
    /// On a line that began like a JSON document in a text stream and is none.
    case textLine
    /// Inside a line that is dropped.
    case skippedLine(RecordFault, line: Int)
    /// Behind a broken document of several lines, before the next line that may begin a record.
    case fold(RecordFault, firstLine: [UInt8], line: Int, indent: Int, atLineStart: Bool)
    /// Inside a CSV record.
    case fields(CSVScanner)
  }

  let limits: FrameLimits
  /// What the input turned out to be; nil until its first bytes told.
  package internal(set) var framing: Framing?
  /// Lines that ended before the end of the last record.
  package internal(set) var lines: Int

  var buffer: [UInt8] = []
  var head = 0
  var offset: Int64  // of buffer[head]
  var searched = 0  // bytes after the head that hold no line feed
  var pending = Pending.none
  var startsFile: Bool
  var isMidLine = false  // the last record ended before its line did
  var lead = Lead()

  /// What was passed over on the current line before the record began.
  struct Lead: Sendable {
    var indent = 0
    var isOpen = false
    var isFramed = false
  }

  /// A framer for an input that is known by its name only, from its beginning or from a record's end.
  ///
  /// `line` is the number of lines before `offset`; `header` is that of a CSV input begun earlier.
  package init(
    format: InputFormat, fileName: String? = nil, limits: FrameLimits = FrameLimits(),
    startingAt offset: Int64 = 0, line: Int = 0, header: CSVHeader? = nil
  ) {
    self.limits = limits
    self.offset = offset
    lines = line
    startsFile = offset == 0
    let told = format == .auto ? fileName.flatMap(InputFormat.hint) ?? .auto : format
    switch told {
    case .auto: framing = nil
    case .text: framing = .text
    case .jsonl: framing = .json
    case .csv: framing = .csv(header)
    }
  }

  /// A framer that goes on in an input whose framing is known.
  package init(
    framing: Framing, limits: FrameLimits = FrameLimits(), startingAt offset: Int64, line: Int
  ) {
    self.init(format: .auto, limits: limits, startingAt: offset, line: line)
    self.framing = framing
  }

  /// True when bytes wait for the rest of their record or line.
  package var holdsPartialRecord: Bool {
    if head < buffer.count || lead.isOpen { return true }
    if case .none = pending { return false }
    return true
  }

  /// Adds bytes that follow those added before.
  package mutating func append(_ bytes: ArraySlice<UInt8>) {
    compact()
    buffer.append(contentsOf: bytes)
  }

  /// Adds bytes that follow those added before.
  package mutating func append(_ bytes: Span<UInt8>) {
    compact()
    unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
  }

  /// The next record, or nil when it is not there whole; `atEnd`: no more bytes will come.
  package mutating func next(atEnd: Bool) -> Record? {
    guard passByteOrderMark(atEnd: atEnd) else { return nil }
    guard let framing else {
      if let blank = takeBlankLine(atEnd: atEnd) { return blank }
      detect(atEnd: atEnd)
      return framing == nil ? nil : next(atEnd: atEnd)
    }
    switch framing {
    case .json: return nextDocument(atEnd: atEnd)
    case .csv(let header): return nextFields(header: header, atEnd: atEnd)
    case .text: return nextTextLine(atEnd: atEnd)
    case .lines: return nextStreamLine(atEnd: atEnd)
    case .mixed: return nextMixed(atEnd: atEnd)
    }
  }

  // MARK: The buffer

  var available: Int { buffer.count - head }

  private mutating func compact() {
    guard head > 0 else { return }
    buffer.removeSubrange(0..<head)
    head = 0
  }

  mutating func drop(_ count: Int) {
    head += count
    offset += Int64(count)
    searched = 0
  }

  func byte(_ index: Int) -> UInt8 { buffer[head + index] }

  func copy(_ range: Range<Int>) -> [UInt8] {
    Array(buffer[head + range.lowerBound..<head + range.upperBound])
  }

  private mutating func passByteOrderMark(atEnd: Bool) -> Bool {
    guard startsFile else { return true }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let known = min(3, available)
    guard (0..<known).allSatisfy({ byte($0) == mark[$0] }) else {
      startsFile = false
      return true
    }
    if known == 3 {
      drop(3)
      startsFile = false
    }
    return known == 3 || atEnd
  }

  /// Hands out a record and drops its bytes and the line ends among them.
  mutating func emit(
    _ bytes: [UInt8], _ format: RecordFormat, line: Int, dropping count: Int, newlines: Int,
    endsLine: Bool, fault: RecordFault? = nil, frame: RecordFrame? = nil
  ) -> Record {
    drop(count)
    lines += newlines
    pending = .none
    lead = Lead()
    isMidLine = !endsLine
    return Record(
      bytes: bytes, format: format, line: line, end: offset, fault: fault, frame: frame)
  }
}
