import Tweets

/// JSON: documents one a line or over many lines, bare, in an array, or in an account export.
///
/// An array never becomes a record. Its brackets and commas are looked through wherever a record may
/// begin, and those behind a document belong to it up to the line end; so there is no state between
/// records, and reading can begin anew inside an array.
///
/// What is broken on its first line costs that line: a fault `cut`, or a record for the decoder to
/// refuse when the line ends as a document does. What is broken later costs the lines up to the next one
/// that begins with a bracket (behind closers and commas) and is indented no further: one fault for all.
/// A line that belongs to no document is a fault `stray`.
extension RecordFramer {
  private static let candidateReach = 4096  // bytes looked at for a line's first that tells

  /// Brackets, commas and blanks that stand between the documents of an array.
  private static func isFrame(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x5B, 0x5D, 0x7D, 0x2C, 0x3B: true  // [ ] } , ;
    default: isBlank(byte)
    }
  }

  /// The next document, or what stands in its place.
  mutating func nextDocument(atEnd: Bool) -> Record? {
    guard case .none = pending else { return continueDocument(atEnd: atEnd) }
    repeat { passLead() } while passExportPrefix(atEnd: atEnd)
    guard available > 0 else {
      guard atEnd, lead.isOpen else { return nil }
      return emit(
        [], .blank, line: lines + 1, dropping: 0, newlines: 0, endsLine: false,
        frame: lead.isFramed ? .array : nil)
    }
    switch byte(0) {
    case RecordFramer.lineFeed:
      return emit(
        [], .blank, line: lines + 1, dropping: 1, newlines: 1, endsLine: true,
        frame: lead.isFramed ? .array : nil)
    case UInt8(ascii: "\"") where lead.isFramed || holdsDocument(atEnd: atEnd) != false:
      return holdsDocument(atEnd: atEnd) == nil && !lead.isFramed ? nil : takeString(atEnd: atEnd)
    case UInt8(ascii: "{"):
      pending = .document(DocumentScanner(indent: lead.indent, depth: limits.depth))
      return continueDocument(atEnd: atEnd)
    default:
      if !atEnd, ExportPrefix.mayBecomeOne(buffer[head...]) { return nil }
      if byte(0) == RecordFramer.byteOrderMark[0], mayBecomeMark(atEnd: atEnd) { return nil }
      let isFramed = lead.isFramed
      return takeLine(atEnd: atEnd) { line in
        !isFramed && RecordFramer.isLengthLine(line) ? (.blank, nil) : (.json, .stray)
      }
    }
  }

  /// Drops the frame of an array before a document.
  private mutating func passLead() {
    var count = 0
    while count < available, RecordFramer.isFrame(byte(count)) || isMark(at: count) {
      if isMark(at: count) {
        count += 3
        continue
      }
      if !RecordFramer.isBlank(byte(count)) {
        lead.isFramed = true
      } else if !lead.isFramed, !isMidLine {
        lead.indent += 1
      }
      count += 1
    }
    guard count > 0 else { return }
    lead.isOpen = true
    drop(count)
  }

  // MARK: window.YTD.tweets.part0 = [

  /// Drops `window.… =`; false when it is not there (yet).
  private mutating func passExportPrefix(atEnd: Bool) -> Bool {
    guard let length = ExportPrefix.match(buffer[head...]) else { return false }
    lead.isOpen = true
    lead.isFramed = true
    lines += (0..<length).count { byte($0) == RecordFramer.lineFeed }
    drop(length)
    return true
  }

  // MARK: "{\"id\": 1}"

  /// Whether the string at the head begins with a bracket; nil while its first byte has not come.
  private func holdsDocument(atEnd: Bool) -> Bool? {
    guard available > 1 else { return atEnd ? false : nil }
    return byte(1) == UInt8(ascii: "{") || byte(1) == UInt8(ascii: "[")
  }

  /// A JSON string on one line, which may hold a document that was written as one.
  private mutating func takeString(atEnd: Bool) -> Record? {
    var index = 1
    let reach = min(available, limits.recordBytes)
    while index < reach, byte(index) != UInt8(ascii: "\""), byte(index) != RecordFramer.lineFeed {
      index += byte(index) == UInt8(ascii: "\\") ? 2 : 1
    }
    if index < reach, byte(index) == UInt8(ascii: "\"") {
      return takeTrailer(length: index + 1, line: lines + 1, newlines: 0, atEnd: atEnd)
    }
    guard atEnd || index < reach || reach == limits.recordBytes else { return nil }
    return takeLine(atEnd: atEnd) { _ in (.json, .stray) }
  }

  // MARK: Inside a document

  /// Goes on with what is pending.
  mutating func continueDocument(atEnd: Bool) -> Record? {
    switch pending {
    case .document(let scanner): return scan(scanner, atEnd: atEnd)
    case .oversized(let scanner, let line): return scanOversized(scanner, line: line, atEnd: atEnd)
    case .trailer(let length, let line, let newlines):
      return takeTrailer(length: length, line: line, newlines: newlines, atEnd: atEnd)
    case .brokenLine(let inputEnded): return takeBrokenLine(inputEnded, atEnd: atEnd)
    case .skippedLine(let fault, let line): return skipLine(fault, line: line, atEnd: atEnd)
    case .fold: return fold(atEnd: atEnd)
    case .none, .textLine, .fields: return nil
    }
  }

  private mutating func scan(_ started: DocumentScanner, atEnd: Bool) -> Record? {
    var scanner = started
    var outcome = DocumentScanner.Outcome.more
    var reach = 0
    repeat {
      reach = min(available, limit(of: scanner))
      outcome = scanner.scan(
        buffer.span.extracting(head + scanner.position..<head + reach))
    } while isMore(outcome) && reach < min(available, limit(of: scanner))
    switch outcome {
    case .complete:
      return takeTrailer(
        length: scanner.position, line: lines + 1, newlines: scanner.newlines, atEnd: atEnd)
    case .broken: return leave(scanner, inputEnded: false, atEnd: atEnd)
    case .more, .stopped:
      guard scanner.position < limit(of: scanner) else { return outgrow(scanner, atEnd: atEnd) }
      guard atEnd else {
        pending = .document(scanner)
        return nil
      }
      return leave(scanner, inputEnded: true, atEnd: atEnd)
    }
  }

  /// How long the document may be: a page grows with each of its records, up to a limit of its own.
  private func limit(of scanner: DocumentScanner) -> Int {
    min(scanner.itemEnd + limits.recordBytes, limits.pageBytes)
  }

  private func isMore(_ outcome: DocumentScanner.Outcome) -> Bool {
    if case .more = outcome { true } else { false }
  }

  /// Takes what follows a document up to the line end, or up to the next document on the line.
  private mutating func takeTrailer(
    length: Int?, line: Int, newlines: Int, atEnd: Bool
  ) -> Record? {
    let start = length ?? 0
    var index = start
    var endsLine = false
    while index < available, index - start <= limits.recordBytes {
      let byte = byte(index)
      guard byte == RecordFramer.lineFeed || RecordFramer.isTrailer(byte) else { break }
      index += 1
      endsLine = byte == RecordFramer.lineFeed
      if endsLine { break }
    }
    if index == available, !endsLine, !atEnd, index - start <= limits.recordBytes {
      pending = .trailer(length: length, line: line, newlines: newlines)
      return nil
    }
    return emit(
      length.map { copy(0..<$0) } ?? [], .json, line: line, dropping: index,
      newlines: newlines + (endsLine ? 1 : 0), endsLine: endsLine,
      fault: length == nil ? .tooLong : nil)
  }

  private static func isTrailer(_ byte: UInt8) -> Bool {
    byte == 0x2C || byte == 0x5D || byte == 0x3B || isBlank(byte)  // , ] ;
  }

  // MARK: Broken documents

  /// Leaves a document that cannot be one, so that nothing good behind its first line is lost.
  private mutating func leave(
    _ scanner: DocumentScanner, inputEnded: Bool, atEnd: Bool
  ) -> Record? {
    if framing == .mixed, !beginsObject {
      pending = .textLine
      return nextTextLine(atEnd: atEnd)
    }
    guard framing != .mixed, scanner.firstLineEnd > 0 else {
      pending = .brokenLine(atEnd: inputEnded)
      return takeBrokenLine(inputEnded, atEnd: atEnd)
    }
    let line = lines + 1
    let firstLine = copy(0..<contentEnd(ofLineEndingAt: scanner.firstLineEnd))
    if let candidate = scanner.candidate {
      return emit(
        firstLine, .json, line: line, dropping: candidate.position,
        newlines: candidate.newlines, endsLine: true, fault: .cut)
    }
    drop(scanner.position)
    lines += scanner.newlines
    pending = .fold(
      .cut, firstLine: firstLine, line: line, indent: lead.indent, atLineStart: false)
    return fold(atEnd: atEnd)
  }

  /// True when a brace and a quotation mark stand first: a broken object, not a text with a brace.
  private var beginsObject: Bool {
    var index = 1
    while index < available, RecordFramer.isBlank(byte(index)) { index += 1 }
    return index < available && byte(index) == UInt8(ascii: "\"")
  }

  private func contentEnd(ofLineEndingAt end: Int) -> Int {
    end > 1 && byte(end - 2) == RecordFramer.carriageReturn ? end - 2 : end - 1
  }

  /// A single line that is no document: the decoder gets the last word when it looks complete.
  private mutating func takeBrokenLine(_ inputEnded: Bool, atEnd: Bool) -> Record? {
    takeLine(atEnd: atEnd) { line in
      let last = line.last { !RecordFramer.isTrailer($0) }
      return (.json, last == UInt8(ascii: "}") && !inputEnded ? nil : .cut)
    }
  }

  /// Passes the rest of a broken document: up to a line that begins a record and is indented no further.
  private mutating func fold(atEnd: Bool) -> Record? {
    guard case .fold(let fault, let firstLine, let line, let indent, var atLineStart) = pending
    else { return nil }
    while available > 0 {
      if atLineStart {
        guard let isCandidate = lineBeginsRecord(indent: indent, atEnd: atEnd) else { break }
        if isCandidate {
          return emit(
            firstLine, .json, line: line, dropping: 0, newlines: 0, endsLine: true, fault: fault)
        }
      }
      atLineStart = distanceToLineFeed() != nil
      drop(atLineStart ? searched + 1 : available)
      if atLineStart { lines += 1 }
    }
    guard atEnd else {
      pending = .fold(
        fault, firstLine: firstLine, line: line, indent: indent, atLineStart: atLineStart)
      return nil
    }
    return emit(
      firstLine, .json, line: line, dropping: 0, newlines: 0, endsLine: atLineStart, fault: fault)
  }

  /// Whether the line at the head may begin a record; nil while that cannot be told.
  private func lineBeginsRecord(indent: Int, atEnd: Bool) -> Bool? {
    var column = 0
    var hasCloser = false
    for index in 0..<min(available, RecordFramer.candidateReach) {
      let byte = byte(index)
      switch byte {
      case 0x7B, 0x5B: return column <= indent  // { [
      case 0x7D, 0x5D, 0x2C: hasCloser = true  // } ] ,
      case _ where RecordFramer.isBlank(byte): column += hasCloser ? 0 : 1
      default:
        let rest = buffer[(head + index)...]
        if index == 0, ExportPrefix.match(rest) != nil { return true }
        return index == 0 && !atEnd && ExportPrefix.mayBecomeOne(rest) ? nil : false
      }
    }
    return atEnd || available >= RecordFramer.candidateReach ? false : nil
  }

  // MARK: Documents that are too long

  /// Leaves a document that reached the limit, by a later line that may begin a record if there is one.
  private mutating func outgrow(_ scanner: DocumentScanner, atEnd: Bool) -> Record? {
    if let candidate = scanner.candidate {
      return emit(
        [], .json, line: lines + 1, dropping: candidate.position, newlines: candidate.newlines,
        endsLine: true, fault: .tooLong)
    }
    let line = lines + 1
    var scanner = scanner
    drop(scanner.position)
    lines += scanner.newlines
    scanner.stopEarly()
    pending = .oversized(scanner, line: line)
    return scanOversized(scanner, line: line, atEnd: atEnd)
  }

  private mutating func scanOversized(
    _ started: DocumentScanner, line: Int, atEnd: Bool
  ) -> Record? {
    var scanner = started
    let outcome = scanner.scan(buffer.span.extracting(head..<buffer.count))
    drop(scanner.position - started.position)
    lines += scanner.newlines - started.newlines
    switch outcome {
    case .complete:
      return takeTrailer(length: nil, line: line, newlines: 0, atEnd: atEnd)
    case .stopped:
      return emit(
        [], .json, line: line, dropping: 0, newlines: 0, endsLine: true, fault: .tooLong)
    case .broken where scanner.newlines == 0:
      pending = .skippedLine(.tooLong, line: line)
      return skipLine(.tooLong, line: line, atEnd: atEnd)
    case .broken:
      pending = .fold(
        .tooLong, firstLine: [], line: line, indent: lead.indent, atLineStart: false)
      return fold(atEnd: atEnd)
    case .more:
      pending = .oversized(scanner, line: line)
      guard atEnd else { return nil }
      return emit(
        [], .json, line: line, dropping: 0, newlines: 0, endsLine: false, fault: .tooLong)
    }
  }
}
