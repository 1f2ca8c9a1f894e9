/// Splits the bytes of one record of a table into its fields.
package enum CSVFields {
  /// A quotation that is broken.
  package struct Fault: Error, Sendable, Equatable {
    /// The offset in the record's bytes.
    package var offset: Int
    /// What is wrong there.
    package var detail: String
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  /// The fields without their quotation marks, invalid UTF-8 replaced, NUL removed.
  ///
  /// A quotation may hold separators, line ends and marked quotation marks. A quotation mark inside a field that does
  /// not begin with one is taken as it stands.
  package static func split(
    _ bytes: ArraySlice<UInt8>, as dialect: CSVDialect
  ) throws(Fault) -> [String] {
    var fields: [String] = []
    var index = bytes.startIndex
    while true {
      if dialect.skipsBlanks { passBlanks(bytes, &index) }
      if index < bytes.endIndex, bytes[index] == quote {
        fields.append(try quoted(bytes, &index, as: dialect))
      } else {
        let start = index
        while index < bytes.endIndex, bytes[index] != dialect.separator { index += 1 }
        var end = index
        if dialect.skipsBlanks { while end > start, bytes[end - 1] == 0x20 { end -= 1 } }
        fields.append(string(bytes[start..<end]))
      }
      if index == bytes.endIndex { return fields }
      index += 1
    }
  }

  private static func passBlanks(_ bytes: ArraySlice<UInt8>, _ index: inout Int) {
    while index < bytes.endIndex, bytes[index] == 0x20 { index += 1 }
  }

  /// The quotation at `index`, which is moved behind it and the blanks that follow.
  private static func quoted(
    _ bytes: ArraySlice<UInt8>, _ index: inout Int, as dialect: CSVDialect
  ) throws(Fault) -> String {
    let start = index
    var field: [UInt8] = []
    index += 1
    while true {
      guard index < bytes.endIndex else {
        throw Fault(offset: start - bytes.startIndex, detail: "a quotation is never closed")
      }
      let byte = bytes[index]
      index += 1
      if byte == backslash, dialect.usesBackslash, index < bytes.endIndex,
        bytes[index] == quote || bytes[index] == backslash
      {
        field.append(bytes[index])
        index += 1
      } else if byte != quote {
        field.append(byte)
      } else if index < bytes.endIndex, bytes[index] == quote {
        field.append(quote)
        index += 1
      } else {
        break
      }
    }
    let end = index
    passBlanks(bytes, &index)
    guard index == bytes.endIndex || bytes[index] == dialect.separator else {
      throw Fault(
        offset: end - bytes.startIndex,
        detail: "text after a closed quotation; double the quotation marks inside it")
    }
    return string(field[...])
  }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.contains(0)
      ? String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
      : String(decoding: bytes, as: UTF8.self)
  }
}
