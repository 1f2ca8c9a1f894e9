extension TOMLParser {
  /// One name of a key and where it stands.
  struct Name {
    var text: String
    var offset: Int
  }

  /// A bare, quoted or dotted key, and the blanks behind it.
  mutating func readKey() throws(TOMLFault) -> [Name] {
    var names: [Name] = []
    repeat {
      skipBlanks()
      names.append(try readName())
      skipBlanks()
    } while take(UInt8(ascii: "."))
    return names
  }

  private mutating func readName() throws(TOMLFault) -> Name {
    let start = at
    switch peek {
    case UInt8(ascii: "\""): return Name(text: try readBasicText(), offset: start)
    case UInt8(ascii: "'"): return Name(text: try readLiteralText(), offset: start)
    default: break
    }
    while let byte = peek, TOMLParser.isBare(byte) { at += 1 }
    guard at > start else {
      let isOther = peek.map { $0 >= 0x80 } ?? false
      throw fault(
        "expected a key, found \(found)"
          + (isOther ? "; a key of other characters than A-Z a-z 0-9 _ - stands in quotes" : ""))
    }
    return Name(text: String(decoding: bytes[start..<at], as: UTF8.self), offset: start)
  }

  /// True for the bytes of a key without quotes.
  static func isBare(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
