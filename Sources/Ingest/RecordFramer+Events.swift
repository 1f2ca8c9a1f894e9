import Tweets

/// Recordings of server-sent events: the lines of one event are one record.
extension RecordFramer {
  /// The next event, heartbeat or empty line.
  ///
  /// The lines of an event stay in the buffer until its end, so that reading can begin anew at any record.
  mutating func nextEvent(atEnd: Bool) -> Record? {
    if case .skippedLine(let fault, let line) = pending {
      return skipLine(fault, line: line, atEnd: atEnd)
    }
    if let blank = takeBlankLine(atEnd: atEnd) { return blank }
    guard let length = eventLength(atEnd: atEnd) else {
      guard available > limits.recordBytes + 1024 else { return nil }
      pending = .skippedLine(.tooLong, line: lines + 1)
      return skipLine(.tooLong, line: lines + 1, atEnd: atEnd)
    }
    var parser = EventParser(mostBytes: limits.recordBytes)
    var event: Record?
    var start = head
    while start < head + length {
      let end = buffer[start..<head + length].firstIndex(of: RecordFramer.lineFeed) ?? head + length
      let line = buffer[start..<end].filter { $0 != RecordFramer.carriageReturn }
      let piece = Record(bytes: line, format: .text, line: lines + 1, end: offset)
      if let taken = parser.take(piece), taken.format != .blank { event = taken }
      start = end + 1
    }
    event = event ?? parser.take(Record(bytes: [], format: .text, line: lines + 1, end: offset))
    let newlines = buffer[head..<head + length].count { $0 == RecordFramer.lineFeed }
    return emit(
      event?.bytes ?? [], event?.format ?? .blank, line: lines + 1, dropping: length,
      newlines: newlines, endsLine: byte(length - 1) == RecordFramer.lineFeed, fault: event?.fault,
      frame: event == nil ? .heartbeat : nil)
  }

  /// Bytes of the lines up to the next empty one and with it, or of a comment; nil while that has not come.
  private func eventLength(atEnd: Bool) -> Int? {
    var start = 0
    while start < available {
      guard
        let feed = buffer[(head + start)...].firstIndex(of: RecordFramer.lineFeed).map({ $0 - head }
        )
      else { return atEnd ? available : nil }
      let line = buffer[head + start..<head + feed]
      if line.allSatisfy(RecordFramer.isBlank) { return feed + 1 }
      if start == 0, line.first == UInt8(ascii: ":") { return feed + 1 }
      start = feed + 1
    }
    return atEnd && available > 0 ? available : nil
  }
}
