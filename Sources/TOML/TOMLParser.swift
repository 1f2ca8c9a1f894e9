/// Reads a TOML document byte by byte. This file holds the cursor and the lines.
struct TOMLParser {
  let bytes: [UInt8]
  var at = 0
  /// The line of the cursor, from 1.
  var line = 1

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func readDocument() throws(TOMLFault) -> TableDraft {
    let root = TableDraft(.header, line: 1)
    var table = root
    var depth = 0
    if starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    while true {
      try skipBlankLines()
      guard let byte = peek else { return root }
      if byte == UInt8(ascii: "[") {
        (table, depth) = try readHeader(root)
      } else {
        try readPair(into: table, depth: depth)
      }
      try readEndOfLine()
    }
  }

  // MARK: the cursor

  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  func peek(ahead count: Int) -> UInt8? {
    at + count < bytes.count ? bytes[at + count] : nil
  }

  func starts(with prefix: [UInt8]) -> Bool { bytes[at...].starts(with: prefix) }

  /// Takes the byte if it is the next one.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    at += 1
    return true
  }

  // MARK: blanks and lines

  mutating func skipBlanks() {
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { at += 1 }
  }

  /// Skips blanks, line ends and comments.
  mutating func skipBlankLines() throws(TOMLFault) {
    repeat {
      skipBlanks()
      try skipComment()
    } while takeLineEnd()
  }

  /// Takes LF or CRLF; false when something else comes.
  mutating func takeLineEnd() -> Bool {
    guard let width = lineEndWidth else { return false }
    at += width
    line += 1
    return true
  }

  /// The bytes of the line end at the cursor, nil when there is none.
  var lineEndWidth: Int? {
    switch peek {
    case UInt8(ascii: "\n"): 1
    case UInt8(ascii: "\r") where peek(ahead: 1) == UInt8(ascii: "\n"): 2
    default: nil
    }
  }

  private mutating func skipComment() throws(TOMLFault) {
    guard peek == UInt8(ascii: "#") else { return }
    while let byte = peek, lineEndWidth == nil {
      guard !TOMLParser.isControl(byte) else {
        throw fault("expected printable text in the comment, found \(found)")
      }
      at += 1
    }
  }

  private mutating func readEndOfLine() throws(TOMLFault) {
    skipBlanks()
    try skipComment()
    guard peek == nil || takeLineEnd() else {
      throw fault("expected the end of the line, found \(found)")
    }
  }

  /// True for control characters other than a tab, which stand nowhere in TOML.
  static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F
  }

  // MARK: faults

  /// A fault at a place of the text, by default at the cursor.
  func fault(_ message: String, at offset: Int? = nil) -> TOMLFault {
    let before = bytes[..<min(offset ?? at, bytes.count)]
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return TOMLFault(
      line: before.count { $0 == UInt8(ascii: "\n") } + 1,
      column: before[start...].count { $0 & 0xC0 != 0x80 } + 1,
      message: message)
  }

  /// What stands at the cursor, in words.
  var found: String {
    guard peek != nil else { return "the end of the file" }
    guard lineEndWidth == nil else { return "the end of the line" }
    let next = String(decoding: bytes[at..<min(at + 4, bytes.count)], as: UTF8.self)
    guard let scalar = next.unicodeScalars.first else { return "the end of the file" }
    let number = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - number.utf8.count)) + number
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
      .privateUse, .unassigned, .nonspacingMark, .enclosingMark:
      return "the character \(code)"
    default:
      return scalar.isASCII ? "`\(scalar)`" : "`\(scalar)` (\(code))"
    }
  }

  /// A piece of the text for a message, cut to a readable length.
  static func shown(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > 40 else { return "`\(text)`" }
    return "`\(String(String.UnicodeScalarView(scalars.prefix(40))))…`"
  }
}
