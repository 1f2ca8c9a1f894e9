import Tweets

/// CSV: records that end with a line outside of quotations, after a header.
extension RecordFramer {
  /// The next CSV record; the header is a blank one.
  mutating func nextFields(header: CSVHeader?, atEnd: Bool) -> Record? {
    switch pending {
    case .skippedLine(let fault, let line): return skipLine(fault, line: line, atEnd: atEnd)
    case .fields(let scanner): return scan(scanner, header: header, atEnd: atEnd)
    default: break
    }
    if let blank = takeBlankLine(atEnd: atEnd) { return blank }
    // The separator of the header is known once its line is there; a line of blanks was excluded.
    guard holdsMoreThanBlanks else { return nil }
    guard let header else {
      guard let line = wholeLine(atEnd: atEnd) else {
        if available <= limits.recordBytes + 1 { return nil }
        pending = .skippedLine(.tooLong, line: lines + 1)
        return skipLine(.tooLong, line: lines + 1, atEnd: atEnd)
      }
      let separator = CSVHeader.separator(of: buffer[head..<head + line.content])
      return scan(CSVScanner(separator: separator), header: nil, atEnd: atEnd)
    }
    return scan(CSVScanner(separator: header.separator), header: header, atEnd: atEnd)
  }

  private var holdsMoreThanBlanks: Bool {
    (0..<available).contains { !RecordFramer.isBlank(byte($0)) }
  }

  private mutating func scan(
    _ started: CSVScanner, header: CSVHeader?, atEnd: Bool
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
    _ scanner: CSVScanner, header: CSVHeader?, hasLineFeed: Bool
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
    guard let header else {
      framing = .csv(CSVHeader(line: bytes[...]))
      return emit(
        [], .blank, line: lines + 1, dropping: scanner.position, newlines: newlines,
        endsLine: hasLineFeed, frame: .header)
    }
    return emit(
      bytes, .csv(header), line: lines + 1, dropping: scanner.position, newlines: newlines,
      endsLine: hasLineFeed)
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
