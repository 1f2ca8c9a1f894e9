import Tweets

/// CSV: records that end with a line outside of quotations, after a header.
extension RecordFramer {
  /// The next CSV record; what stands before `start` is the heading.
  mutating func nextFields(header: CSVHeader, start: Int64, atEnd: Bool) -> Record? {
    switch pending {
    case .skippedLine(let fault, let line): return skipLine(fault, line: line, atEnd: atEnd)
    case .fields(let scanner): return scan(scanner, header: header, atEnd: atEnd)
    default: break
    }
    if offset < start { return takeHeading(to: start, atEnd: atEnd) }
    if let blank = takeBlankLine(atEnd: atEnd) { return blank }
    // A line of blanks may still become a blank one.
    guard holdsMoreThanBlanks else { return nil }
    return scan(CSVScanner(dialect: header.dialect), header: header, atEnd: atEnd)
  }

  private mutating func takeHeading(to start: Int64, atEnd: Bool) -> Record? {
    let length = min(Int(start - offset), available)
    guard length > 0, atEnd || offset + Int64(length) == start else { return nil }
    let newlines = buffer[head..<head + length].count { $0 == RecordFramer.lineFeed }
    return emit(
      [], .blank, line: lines + 1, dropping: length, newlines: newlines,
      endsLine: byte(length - 1) == RecordFramer.lineFeed, frame: .header)
  }

  private var holdsMoreThanBlanks: Bool {
    (0..<available).contains { !RecordFramer.isBlank(byte($0)) }
  }

  private mutating func scan(
    _ started: CSVScanner, header: CSVHeader, atEnd: Bool
  ) -> Record? {
    var scanner = started
    let reach = min(available, limits.recordBytes + 2)
    let outcome = scanner.scan(
      buffer.span.extracting(head + scanner.position..<head + reach))
    switch outcome {
    case .complete: return take(scanner, header: header, hasLineFeed: true)
    case .broken: return leave(scanner, fault: .openQuote, atEnd: atEnd)
    case .more:
      if scanner.position >= limits.recordBytes + 2 {
        return leave(
          scanner, fault: scanner.firstLineEnd > 0 ? .openQuote : .tooLong, atEnd: atEnd)
      }
      guard atEnd else {
        pending = .fields(scanner)
        return nil
      }
      return scanner.isQuoted
        ? leave(scanner, fault: .openQuote, atEnd: atEnd)
        : take(scanner, header: header, hasLineFeed: false)
    }
  }

  private mutating func take(
    _ scanner: CSVScanner, header: CSVHeader, hasLineFeed: Bool
  ) -> Record {
    var content = scanner.position - (hasLineFeed ? 1 : 0)
    if content > 0, byte(content - 1) == RecordFramer.carriageReturn { content -= 1 }
    let bytes = copy(0..<content)
    let newlines = scanner.newlines + (hasLineFeed ? 1 : 0)
    guard content <= limits.recordBytes else {
      return emit(
        [], .text, line: lines + 1, dropping: scanner.position, newlines: newlines,
        endsLine: hasLineFeed, fault: .tooLong)
    }
    if repeatsHeading(bytes, header) {
      return emit(
        [], .blank, line: lines + 1, dropping: scanner.position, newlines: newlines,
        endsLine: hasLineFeed, frame: .header)
    }
    return emit(
      bytes, .csv(header), line: lines + 1, dropping: scanner.position, newlines: newlines,
      endsLine: hasLineFeed)
  }

  /// True for the heading of another file that was appended.
  private func repeatsHeading(_ bytes: [UInt8], _ header: CSVHeader) -> Bool {
    guard header.isNamed, header.columns.count > 1, let first = header.columns.first,
      bytes.first == first.utf8.first || bytes.first == UInt8(ascii: "\""),
      let fields = try? CSVFields.split(bytes[...], as: header.dialect)
    else { return false }
    return fields.map(CSVHeader.plain) == header.columns.map(CSVHeader.plain)
  }

  /// Gives up a record's first line and goes on at the next.
  private mutating func leave(_ scanner: CSVScanner, fault: RecordFault, atEnd: Bool) -> Record? {
    guard scanner.firstLineEnd > 0 else {
      if fault == .tooLong {
        pending = .skippedLine(.tooLong, line: lines + 1)
        return skipLine(.tooLong, line: lines + 1, atEnd: atEnd)
      }
      return emit(
        copy(0..<scanner.position), .text, line: lines + 1, dropping: scanner.position,
        newlines: 0, endsLine: false, fault: fault)
    }
    return emit(
      copy(0..<scanner.firstLineEnd - 1), .text, line: lines + 1,
      dropping: scanner.firstLineEnd, newlines: 1, endsLine: true, fault: fault)
  }
}
