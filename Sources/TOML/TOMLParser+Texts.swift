extension TOMLParser {
  private static let quote = UInt8(ascii: "\"")
  private static let apostrophe = UInt8(ascii: "'")
  private static let backslash = UInt8(ascii: "\\")

  /// A text of any of the four kinds.
  mutating func readText() throws(TOMLFault) -> String {
    guard let mark = peek else { throw fault("expected a text, found \(found)") }
    if starts(with: [mark, mark, mark]) { return try readLongText(mark) }
    return try mark == TOMLParser.quote ? readBasicText() : readLiteralText()
  }

  /// `"text"` on one line, with escapes.
  mutating func readBasicText() throws(TOMLFault) -> String {
    try readShortText(TOMLParser.quote)
  }

  /// `'text'` on one line, as it stands.
  mutating func readLiteralText() throws(TOMLFault) -> String {
    try readShortText(TOMLParser.apostrophe)
  }

  private mutating func readShortText(_ mark: UInt8) throws(TOMLFault) -> String {
    let start = at
    at += 1
    var text: [UInt8] = []
    while let byte = peek, lineEndWidth == nil {
      if take(mark) { return String(decoding: text, as: UTF8.self) }
      if byte == TOMLParser.backslash && mark == TOMLParser.quote {
        try readEscape(into: &text)
      } else {
        text.append(try readTextByte(byte))
      }
    }
    let sign = Unicode.Scalar(mark)
    throw fault("expected a closing \(sign) on the same line, found \(found)", at: start)
  }

  /// `"""text"""` or `'''text'''` on any number of lines.
  private mutating func readLongText(_ mark: UInt8) throws(TOMLFault) -> String {
    let start = at
    at += 3
    _ = takeLineEnd()
    var text: [UInt8] = []
    while let byte = peek {
      if byte == mark {
        if try readQuotes(mark, into: &text) { return String(decoding: text, as: UTF8.self) }
      } else if takeLineEnd() {
        text.append(UInt8(ascii: "\n"))
      } else if byte == TOMLParser.backslash && mark == TOMLParser.quote {
        if try !skipFoldedLines() { try readEscape(into: &text) }
      } else {
        text.append(try readTextByte(byte))
      }
    }
    let sign = String(repeating: Character(Unicode.Scalar(mark)), count: 3)
    throw fault("expected a closing \(sign), found the end of the file", at: start)
  }

  /// Quotes inside or at the end of a long text; true at its end. Up to two stand before the end.
  private mutating func readQuotes(
    _ mark: UInt8, into text: inout [UInt8]
  ) throws(TOMLFault) -> Bool {
    var count = 0
    while count < 5, take(mark) { count += 1 }
    let isEnd = count >= 3
    text += [UInt8](repeating: mark, count: isEnd ? count - 3 : count)
    return isEnd
  }

  /// A backslash at the end of a line and all blanks and line ends behind it.
  private mutating func skipFoldedLines() throws(TOMLFault) -> Bool {
    let start = at
    at += 1
    skipBlanks()
    guard takeLineEnd() else {
      at = start
      return false
    }
    repeat { skipBlanks() } while takeLineEnd()
    return true
  }

  private mutating func readTextByte(_ byte: UInt8) throws(TOMLFault) -> UInt8 {
    guard !TOMLParser.isControl(byte) else {
      throw fault("expected printable text, found \(found); write it as an escape such as \\u001B")
    }
    at += 1
    return byte
  }

  // MARK: escapes

  private mutating func readEscape(into text: inout [UInt8]) throws(TOMLFault) {
    let start = at
    at += 1
    let kind = peek
    at = min(at + 1, bytes.count)
    switch kind {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case TOMLParser.quote, TOMLParser.backslash: text.append(kind ?? 0)
    case UInt8(ascii: "u"): try readScalar(digits: 4, from: start, into: &text)
    case UInt8(ascii: "U"): try readScalar(digits: 8, from: start, into: &text)
    default:
      throw fault(
        "expected an escape such as \\n or \\u00E4; for a backslash write \\\\, or put the text "
          + "in single quotes", at: start)
    }
  }

  private mutating func readScalar(
    digits: Int, from start: Int, into text: inout [UInt8]
  ) throws(TOMLFault) {
    let end = min(at + digits, bytes.count)
    let word = bytes[at..<end]
    guard word.count == digits, word.allSatisfy(TOMLParser.isLetterOrDigit),
      let number = UInt32(String(decoding: word, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(number)
    else {
      throw fault(
        "expected \(digits) hexadecimal digits of a Unicode character, surrogates excluded",
        at: start)
    }
    at = end
    text += Array(String(Character(scalar)).utf8)
  }
}
