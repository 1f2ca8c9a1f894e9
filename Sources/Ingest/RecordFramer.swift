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
  var isMidLine = false  // the last record ended before its line did
  var lead = Lead()

  /// What was passed over on the current line before the record began.
  struct Lead: Sendable {
    var indent = 0
    var isOpen = false
    var isFramed = false
  }

  /// What is known of the input while `framing` is nil.
  private let hints: FormatHints

  /// A framer for an input of which only the hints are known, from its beginning.
  package init(hints: FormatHints, limits: FrameLimits = FrameLimits()) {
    let given: Framing? =
      switch hints.format {
      case .text: .text
      case .jsonl: .json
      case .auto, .csv, .tsv: nil
      }
    self.init(framing: given, hints: hints, limits: limits, startingAt: 0, line: 0)
  }

  /// A framer that goes on in an input whose framing is known.
  package init(
    framing: Framing, limits: FrameLimits = FrameLimits(), startingAt offset: Int64, line: Int
  ) {
    self.init(
      framing: framing, hints: FormatHints(), limits: limits, startingAt: offset, line: line)
  }

  private init(
    framing: Framing?, hints: FormatHints, limits: FrameLimits, startingAt offset: Int64, line: Int
  ) {
    self.limits = limits
    self.framing = framing
    self.hints = hints
    self.offset = offset
    lines = line
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
    guard let framing else { return decide(isWhole: atEnd) ? next(atEnd: atEnd) : skipEndless() }
    if case .none = pending, !lead.isOpen {
      while isMark(at: 0) { drop(RecordFramer.byteOrderMark.count) }
      if mayBecomeMark(atEnd: atEnd) { return nil }
    }
    switch framing {
    case .json: return nextDocument(atEnd: atEnd)
    case .csv(let header, let start):
      return nextFields(header: header, start: start, atEnd: atEnd)
    case .text: return nextTextLine(atEnd: atEnd)
    case .lines: return nextStreamLine(atEnd: atEnd)
    case .mixed: return nextMixed(atEnd: atEnd)
    case .events: return nextEvent(atEnd: atEnd)
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

  // MARK: What the input is

  /// Decides what the input is, by what is there of it; false while that is too little.
  ///
  /// It is asked for when nobody wants to wait for a whole block, as with a pipe.
  package mutating func decideNow() -> Bool {
    framing != nil || decide(isWhole: false, isAsked: true)
  }

  private mutating func decide(isWhole: Bool, isAsked: Bool = false) -> Bool {
    guard isWhole || isAsked || available >= FormatDetector.blockSize, available > 0 else {
      return false
    }
    let detector = FormatDetector(
      block: buffer[head...], offset: offset, isWhole: isWhole, hints: hints)
    framing = detector.detect() ?? (isWhole ? .mixed : nil)
    return framing != nil
  }

  /// Passes a first row of a table that is longer than a record may be.
  private mutating func skipEndless() -> Record? {
    if case .skippedLine(let fault, let line) = pending {
      return skipLine(fault, line: line, atEnd: false)
    }
    guard available > limits.recordBytes + 1, available > FormatDetector.blockSize else {
      return nil
    }
    pending = .skippedLine(.tooLong, line: lines + 1)
    return skipLine(.tooLong, line: lines + 1, atEnd: false)
  }

  // MARK: Byte order marks

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// True when a mark stands there; files that were put together have them in their middle.
  func isMark(at index: Int) -> Bool {
    index + 3 <= available && byte(index) == 0xEF && byte(index + 1) == 0xBB
      && byte(index + 2) == 0xBF
  }

  /// True when the bytes that are there may become a mark.
  func mayBecomeMark(atEnd: Bool) -> Bool {
    guard !atEnd, (1..<3).contains(available) else { return false }
    return RecordFramer.byteOrderMark.starts(with: buffer[head...])
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
