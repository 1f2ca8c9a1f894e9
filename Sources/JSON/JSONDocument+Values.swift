extension JSONDocument {
  /// The text of a string, nil for any other value.
  ///
  /// Lone surrogates and invalid UTF-8 come out as U+FFFD, NUL is removed.
  package func string(_ node: JSONNode) -> String? {
    let entry = tape[node.index]
    return entry.kind == .string ? decodedString(entry) : nil
  }

  /// The text of a member that is a string.
  package func string(_ key: StaticString, of node: JSONNode) -> String? {
    member(key, of: node).flatMap { string($0) }
  }

  /// The names of an object's members in their order, nothing for any other value.
  package func memberNames(of node: JSONNode) -> [String] {
    guard kind(of: node) == .object else { return [] }
    var names: [String] = []
    var index = node.index + 1
    let end = Int(tape[node.index].next)
    while index < end {
      names.append(decodedString(tape[index]))
      index = Int(tape[index + 1].next)
    }
    return names
  }

  /// A number as it is written, nil for any other value.
  package func numberText(_ node: JSONNode) -> String? {
    let entry = tape[node.index]
    guard entry.kind == .number else { return nil }
    return String(decoding: bytes[Int(entry.start)..<Int(entry.end)], as: UTF8.self)
  }

  /// A number written without fraction and exponent, when it fits.
  package func integer(_ node: JSONNode) -> Int64? {
    numberText(node).flatMap { Int64($0) }
  }

  /// The number nearest to what is written.
  package func double(_ node: JSONNode) -> Double? {
    numberText(node).flatMap { Double($0) }
  }

  /// The bytes of a string or of a number as written, else nil; without a copy where there are no escapes.
  package func scalarBytes(_ node: JSONNode) -> ArraySlice<UInt8>? {
    let entry = tape[node.index]
    guard entry.kind == .string || entry.kind == .number else { return nil }
    if entry.isPlain { return bytes[Int(entry.start)..<Int(entry.end)] }
    return Array(decodedString(entry).utf8)[...]
  }

  func decodedString(_ entry: Entry) -> String {
    let start = Int(entry.start)
    let end = Int(entry.end)
    if entry.isPlain { return String(decoding: bytes[start..<end], as: UTF8.self) }
    var text: [UInt8] = []
    text.reserveCapacity(end - start)
    var index = start
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        index = appendEscape(at: index, before: end, to: &text)
      } else {
        if byte != 0 { text.append(byte) }
        index += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Decodes the escape at `index`, which the parser has checked; the offset after it.
  private func appendEscape(at index: Int, before end: Int, to text: inout [UInt8]) -> Int {
    switch bytes[index + 1] {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      let unit = codeUnit(at: index + 2)
      var after = index + 6
      var value = unit
      if (0xD800...0xDBFF).contains(unit), after + 6 <= end, bytes[after] == UInt8(ascii: "\\"),
        bytes[after + 1] == UInt8(ascii: "u")
      {
        let low = codeUnit(at: after + 2)
        if (0xDC00...0xDFFF).contains(low) {
          value = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
          after += 6
        }
      }
      let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
      if value != 0, let units = UTF8.encode(scalar) { text.append(contentsOf: units) }
      return after
    default: text.append(bytes[index + 1])
    }
    return index + 2
  }

  private func codeUnit(at index: Int) -> UInt32 {
    var value: UInt32 = 0
    for byte in bytes[index..<index + 4] { value = value << 4 | (Self.hexadecimal(byte) ?? 0) }
    return value
  }
}
