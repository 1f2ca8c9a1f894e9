package import Tweets

/// One CSV record split into its fields: by RFC 4180, and by what programs write instead.
package struct CSVRecord: Sendable, Equatable {
  /// The header that names the fields.
  package let header: CSVHeader
  /// The fields in file order, quotation marks removed, as many as the header has columns.
  package let fields: [String]

  /// Splits the bytes of one record.
  ///
  /// Empty fields behind the last column are dropped. Fields that are missing at the end are empty ones, as long as
  /// the first `needed` are there (all, if nil). Any other number of fields is refused.
  package init(
    _ bytes: [UInt8], header: CSVHeader, needed: Int? = nil
  ) throws(DecodeError) {
    let count = header.columns.count
    if count == 1, let field = CSVRecord.onlyField(bytes, header.dialect) {
      self.header = header
      fields = [field]
      return
    }
    var fields = try CSVRecord.fields(bytes, header: header)
    while fields.count > count, fields.last?.allSatisfy(\.isWhitespace) == true {
      fields.removeLast()
    }
    guard fields.count <= count, fields.count >= min(needed ?? count, count) else {
      throw DecodeError(
        .fieldCount,
        "\(fields.count) fields where the header has \(count); quote fields that hold separators"
      )
    }
    while fields.count < count { fields.append("") }
    self.header = header
    self.fields = fields
  }

  /// The field of a column, named as written or in any case; nil where there is no such column.
  package subscript(column: String) -> String? { header.index(of: column).map { fields[$0] } }

  /// The fields of one record by RFC 4180 with that separator.
  package static func split(
    _ bytes: [UInt8], separator: UInt8
  ) throws(DecodeError) -> [String] {
    try split(bytes, as: CSVDialect(separator: separator))
  }

  private static func split(
    _ bytes: [UInt8], as dialect: CSVDialect
  ) throws(DecodeError) -> [String] {
    do throws(CSVFields.Fault) {
      return try CSVFields.split(bytes[...], as: dialect)
    } catch {
      throw DecodeError(.quoting, offset: error.offset, error.detail)
    }
  }

  /// The fields as the header's dialect has them, or with `\"` where only that gives the right number.
  private static func fields(
    _ bytes: [UInt8], header: CSVHeader
  ) throws(DecodeError) -> [String] {
    let count = header.columns.count
    var first: [String]?
    var fault: DecodeError?
    do throws(DecodeError) { first = try split(bytes, as: header.dialect) } catch { fault = error }
    if let first, first.count == count { return first }
    if !header.dialect.usesBackslash, bytes.contains(UInt8(ascii: "\\")) {
      var other = header.dialect
      other.usesBackslash = true
      if let fields = try? split(bytes, as: other), fields.count == count { return fields }
    }
    if let first { return first }
    throw fault ?? DecodeError(.quoting, "a quotation is broken")
  }

  /// The whole record of a table with one column, whose texts may hold the separator.
  private static func onlyField(_ bytes: [UInt8], _ dialect: CSVDialect) -> String? {
    if let fields = try? split(bytes, as: dialect) {
      if fields.count == 1 { return fields[0] }
      if fields.dropFirst().allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { return fields[0] }
    }
    return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
  }
}
