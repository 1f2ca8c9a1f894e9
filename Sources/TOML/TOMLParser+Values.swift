extension TOMLParser {
  /// The value at the cursor, with `depth` tables and lists around it.
  mutating func readValue(depth: Int) throws(TOMLFault) -> TOMLValue.Content {
    switch peek {
    case UInt8(ascii: "\""): return .string(try readText())
    case UInt8(ascii: "'"): return .string(try readText())
    case UInt8(ascii: "["): return .array(try readArray(depth: depth + 1))
    case UInt8(ascii: "{"): return .table(try readInlineTable(depth: depth + 1))
    case .some(let byte) where TOMLParser.isWordByte(byte): return try readWord()
    default:
      let isQuote = ["“", "”", "„", "‘", "’", "«"].contains { starts(with: Array($0.utf8)) }
      throw fault(
        "expected a value, found \(found)"
          + (isQuote ? "; a text stands in straight quotes \"…\"" : ""))
    }
  }

  private mutating func readArray(depth: Int) throws(TOMLFault) -> [TOMLValue] {
    let start = line
    try checkDepth(depth, at: at)
    at += 1
    var items: [TOMLValue] = []
    while true {
      try skipBlankLines()
      if take(UInt8(ascii: "]")) { return items }
      let begin = line
      items.append(TOMLValue(line: begin, content: try readValue(depth: depth)))
      try skipBlankLines()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else {
        throw fault("expected , or ] in the list of line \(start), found \(found)")
      }
      return items
    }
  }

  private mutating func readInlineTable(depth: Int) throws(TOMLFault) -> [String: TOMLValue] {
    try checkDepth(depth, at: at)
    at += 1
    let table = TableDraft(.dottedKey, line: line)
    skipBlanks()
    if take(UInt8(ascii: "}")) { return [:] }
    while true {
      if lineEndWidth != nil || peek == UInt8(ascii: "#") {
        throw fault("expected the whole of { … } on one line, found \(found)")
      }
      if peek == UInt8(ascii: "}") {
        throw fault("expected a key after the comma, found `}`; remove the comma")
      }
      try readPair(into: table, depth: depth)
      skipBlanks()
      if take(UInt8(ascii: "}")) { return table.frozen() }
      guard take(UInt8(ascii: ",")) else {
        throw fault("expected , or } on the same line, found \(found)")
      }
      skipBlanks()
    }
  }

  /// True for the bytes of values without quotes.
  static func isWordByte(_ byte: UInt8) -> Bool {
    isBare(byte) || "+.:".utf8.contains(byte)
  }

  /// `true`, a number, a date or a time.
  private mutating func readWord() throws(TOMLFault) -> TOMLValue.Content {
    let start = at
    takeWord()
    if at - start == 10, bytes[start + 4] == UInt8(ascii: "-"), peek == UInt8(ascii: " "),
      peek(ahead: 1).map(TOMLParser.isDigit) ?? false
    {
      // A date and a time may stand apart by one blank.
      at += 1
      takeWord()
    }
    let word = String(decoding: bytes[start..<at], as: UTF8.self)
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: break
    }
    if TOMLMoment.isLike(word) {
      if TOMLMoment.isValid(word) { return .moment(word) }
      throw fault(
        "expected a date or a time such as 2026-11-28T14:02:00Z, found \(TOMLParser.shown(word))",
        at: start)
    }
    switch TOMLNumber.read(word) {
    case .integer(let number): return .integer(number)
    case .double(let number): return .double(number)
    case .tooLarge:
      throw fault(
        "expected a whole number of at most 64 bits, found \(TOMLParser.shown(word))", at: start)
    case .leadingZero:
      throw fault(
        "expected a number without leading zeros, found \(TOMLParser.shown(word))", at: start)
    case .notANumber:
      throw fault(
        "expected a value, found the word \(TOMLParser.shown(word)); "
          + "a text stands in quotes", at: start)
    }
  }

  private mutating func takeWord() {
    while let byte = peek, TOMLParser.isWordByte(byte) { at += 1 }
  }
}
