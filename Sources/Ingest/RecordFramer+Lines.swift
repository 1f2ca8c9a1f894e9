import Glibc
import Tweets

extension RecordFramer {
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D

  /// The line at the head: its bytes without and with the line end.
  struct Line {
    var content: Int
    var total: Int
    var newlines: Int { total > content ? 1 : 0 }
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// Bytes from the head to the next line feed, or nil when there is none yet.
  mutating func distanceToLineFeed() -> Int? {
    let from = head + searched
    guard from < buffer.count else { return nil }
    let found: Int? = unsafe buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress,
        let hit = unsafe memchr(base + from, 0x0A, bytes.count - from)
      else { return nil }
      return unsafe UnsafeRawPointer(hit) - base
    }
    guard let found else {
      searched = available
      return nil
    }
    searched = found - head
    return searched
  }

  /// The whole line at the head, or nil while its end has not come.
  mutating func wholeLine(atEnd: Bool) -> Line? {
    if let feed = distanceToLineFeed() {
      let hasReturn = feed > 0 && byte(feed - 1) == RecordFramer.carriageReturn
      return Line(content: hasReturn ? feed - 1 : feed, total: feed + 1)
    }
    guard atEnd, available > 0 else { return nil }
    return Line(content: available, total: available)
  }

  /// A line of nothing but blanks at the head as a record; nil when there is none.
  mutating func takeBlankLine(atEnd: Bool) -> Record? {
    var index = 0
    while index < available, RecordFramer.isBlank(byte(index)) { index += 1 }
    if index < available {
      guard byte(index) == RecordFramer.lineFeed else { return nil }
      return emit([], .blank, line: lines + 1, dropping: index + 1, newlines: 1, endsLine: true)
    }
    guard atEnd, available > 0 else { return nil }
    return emit([], .blank, line: lines + 1, dropping: index, newlines: 0, endsLine: false)
  }

  /// The line at the head as a record of that format; too long a line is skipped.
  mutating func takeLine(
    atEnd: Bool, as judge: (ArraySlice<UInt8>) -> (RecordFormat, RecordFault?)
  ) -> Record? {
    guard let line = wholeLine(atEnd: atEnd) else {
      if available > limits.recordBytes + 1 {
        pending = .skippedLine(.tooLong, line: lines + 1)
        return skipLine(.tooLong, line: lines + 1, atEnd: atEnd)
      }
      return nil
    }
    guard line.content <= limits.recordBytes else {
      return emit(
        [], .text, line: lines + 1, dropping: line.total, newlines: line.newlines,
        endsLine: line.newlines > 0, fault: .tooLong)
    }
    let (format, fault) = judge(buffer[head..<head + line.content])
    let frame = format == .blank ? frame(ofBlankLine: head..<head + line.content) : nil
    return emit(
      format == .blank ? [] : copy(0..<line.content), format, line: lines + 1,
      dropping: line.total, newlines: line.newlines, endsLine: line.newlines > 0, fault: fault,
      frame: frame)
  }

  /// What a line without a record is: only a length line holds more than blanks.
  private func frame(ofBlankLine range: Range<Int>) -> RecordFrame? {
    guard buffer[range].allSatisfy(RecordFramer.isBlank) else { return .length }
    return framing == .lines ? .heartbeat : nil
  }

  /// Drops bytes up to the next line end, then hands out the faulty record.
  mutating func skipLine(_ fault: RecordFault, line: Int, atEnd: Bool) -> Record? {
    if let feed = distanceToLineFeed() {
      return emit(
        [], .text, line: line, dropping: feed + 1, newlines: 1, endsLine: true, fault: fault)
    }
    drop(available)
    guard atEnd else { return nil }
    return emit([], .text, line: line, dropping: 0, newlines: 0, endsLine: false, fault: fault)
  }

  /// True for a line of nothing but digits and blanks.
  static func isLengthLine(_ line: ArraySlice<UInt8>) -> Bool {
    var digits = 0
    for byte in line where !isBlank(byte) {
      guard (0x30...0x39).contains(byte) else { return false }
      digits += 1
    }
    return digits > 0
  }

  /// The next line of a text stream.
  mutating func nextTextLine(atEnd: Bool) -> Record? {
    if case .skippedLine(let fault, let line) = pending {
      return skipLine(fault, line: line, atEnd: atEnd)
    }
    return takeLine(atEnd: atEnd) { line in
      (line.allSatisfy(RecordFramer.isBlank) ? .blank : .text, nil)
    }
  }

  /// The next line of a stream of JSON documents; a line of digits alone is the length of what follows.
  mutating func nextStreamLine(atEnd: Bool) -> Record? {
    if case .skippedLine(let fault, let line) = pending {
      return skipLine(fault, line: line, atEnd: atEnd)
    }
    return takeLine(atEnd: atEnd) { line in
      let isBlank = line.allSatisfy(RecordFramer.isBlank) || RecordFramer.isLengthLine(line)
      return (isBlank ? .blank : .json, nil)
    }
  }

  /// The next record of a text stream in which JSON may occur.
  mutating func nextMixed(atEnd: Bool) -> Record? {
    switch pending {
    case .none: break
    case .textLine, .skippedLine: return nextTextLine(atEnd: atEnd)
    default: return continueDocument(atEnd: atEnd)
    }
    var index = 0
    while index < available, RecordFramer.isBlank(byte(index)) { index += 1 }
    guard index < available, byte(index) == UInt8(ascii: "{") else {
      return nextLineOfUnknown(atEnd: atEnd)
    }
    drop(index)
    lead.indent = index
    pending = .document(DocumentScanner(indent: index, depth: limits.depth))
    return continueDocument(atEnd: atEnd)
  }

  /// A line of a text that nobody promised: what is plainly a piece of JSON is no tweet.
  private mutating func nextLineOfUnknown(atEnd: Bool) -> Record? {
    takeLine(atEnd: atEnd) { line in
      if line.allSatisfy(RecordFramer.isBlank) { return (.blank, nil) }
      return JSONPiece.isOne(line) ? (.json, .stray) : (.text, nil)
    }
  }
}
