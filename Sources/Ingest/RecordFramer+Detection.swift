import Tweets

extension RecordFramer {
  /// Column names that hold the text of a tweet, in lower case.
  static let textColumns: Set<String> = [
    "text", "full_text", "tweet", "tweettext", "tweet_text", "content", "rawcontent", "body",
    "message", "sentimenttext", "originaltweet",
  ]
  static let exportPrefix: [UInt8] = Array("window.".utf8)

  /// Sets `framing` by the first bytes that are not blank; leaves it nil while they do not tell.
  mutating func detect(atEnd: Bool) {
    guard let first = nonBlank(from: 0, acrossLines: false) else { return }
    switch byte(first) {
    case UInt8(ascii: "{"):
      decide(after: first, atEnd: atEnd) { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "}") }
    case UInt8(ascii: "["):
      decide(after: first, atEnd: atEnd) { [0x7B, 0x5B, 0x5D].contains($0) }  // { [ ]
    case UInt8(ascii: "w"):
      switch exportPrefixMatch(at: first) {
      case nil where !atEnd: return
      case true?: framing = .json
      default: detectByLine(atEnd: atEnd)
      }
    default: detectByLine(atEnd: atEnd)
    }
  }

  private func nonBlank(from start: Int, acrossLines: Bool) -> Int? {
    var index = start
    while index < available {
      let byte = byte(index)
      guard RecordFramer.isBlank(byte) || (acrossLines && byte == RecordFramer.lineFeed) else {
        return index
      }
      index += 1
    }
    return nil
  }

  private mutating func decide(after first: Int, atEnd: Bool, isJSON: (UInt8) -> Bool) {
    guard let second = nonBlank(from: first + 1, acrossLines: true) else {
      // A bracket and a megabyte of blanks is no tweet that anyone wrote.
      if atEnd || available > limits.recordBytes { framing = .json }
      return
    }
    framing = isJSON(byte(second)) ? .json : .mixed
  }

  /// Whether the bytes there begin an account export; nil when too few are there.
  func exportPrefixMatch(at start: Int) -> Bool? {
    let prefix = RecordFramer.exportPrefix
    let known = min(prefix.count, available - start)
    guard (0..<known).allSatisfy({ byte(start + $0) == prefix[$0] }) else { return false }
    return known == prefix.count ? true : nil
  }

  private mutating func detectByLine(atEnd: Bool) {
    guard let line = wholeLine(atEnd: atEnd) else {
      if available > limits.recordBytes { framing = .mixed }
      return
    }
    let content = buffer[head..<head + line.content]
    if RecordFramer.isLengthLine(content) {
      // A dump that gives each document's length; the next line tells.
      if let next = nonBlank(from: line.total, acrossLines: true) {
        framing = byte(next) == UInt8(ascii: "{") ? .json : .mixed
      } else if atEnd || available > limits.recordBytes {
        framing = .mixed
      }
      return
    }
    let header = CSVHeader(line: content)
    let names = header.columns.map { $0.lowercased() }
    framing =
      names.count > 1 && names.contains(where: RecordFramer.textColumns.contains)
      ? .csv(nil) : .mixed
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
}
