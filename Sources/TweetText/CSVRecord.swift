package import Tweets

/// One CSV record split into its fields, by RFC 4180.
package struct CSVRecord: Sendable, Equatable {
  /// The header that names the fields.
  package let header: CSVHeader
  /// The fields in file order, quotes removed, as many as the header has columns.
  package let fields: [String]

  /// Splits the bytes of one record; a number of fields that differs from the header's is refused.
  package init(_ bytes: [UInt8], header: CSVHeader) throws(DecodeError) {
    let fields = try CSVRecord.split(bytes, separator: header.separator)
    guard fields.count == header.columns.count else {
      throw DecodeError(
        .fieldCount,
        "\(fields.count) fields where the header has \(header.columns.count); quote fields that hold separators"
      )
    }
    self.header = header
    self.fields = fields
  }

  /// The field of a column, named as written or in any case; nil where there is no such column.
  package subscript(column: String) -> String? { header.index(of: column).map { fields[$0] } }

  /// The fields of one record, quotes removed, invalid UTF-8 replaced, NUL removed.
  ///
  /// A quotation may hold separators, line ends and doubled quotes. A quote inside an unquoted field is taken as
  /// it stands.
  package static func split(
    _ bytes: [UInt8], separator: UInt8
  ) throws(DecodeError) -> [String] {
    let quote = UInt8(ascii: "\"")
    var fields: [String] = []
    var field: [UInt8] = []
    var index = 0
    while true {
      field.removeAll(keepingCapacity: true)
      if index < bytes.count, bytes[index] == quote {
        let start = index
        index += 1
        while true {
          guard index < bytes.count else {
            throw DecodeError(.quoting, offset: start, "a quotation is never closed")
          }
          if bytes[index] == quote {
            index += 1
            guard index < bytes.count, bytes[index] == quote else { break }
          }
          if bytes[index] != 0 { field.append(bytes[index]) }
          index += 1
        }
        guard index == bytes.count || bytes[index] == separator else {
          throw DecodeError(
            .quoting, offset: index, "text after a closed quotation; double the quotes inside it")
        }
      } else {
        while index < bytes.count, bytes[index] != separator {
          if bytes[index] != 0 { field.append(bytes[index]) }
          index += 1
        }
      }
      fields.append(String(decoding: field, as: UTF8.self))
      if index == bytes.count { return fields }
      index += 1
    }
  }
}
