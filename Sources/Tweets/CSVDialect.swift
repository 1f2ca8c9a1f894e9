/// How a table is written.
package struct CSVDialect: Sendable, Equatable {
  /// The byte between fields: comma, semicolon, tab or vertical bar.
  package var separator: UInt8
  /// True when a quotation mark inside a quotation is written `\"` instead of `""`.
  package var usesBackslash: Bool
  /// True when blanks after a separator do not belong to the field.
  package var skipsBlanks: Bool

  /// A dialect from its parts; the defaults are those of RFC 4180.
  package init(separator: UInt8, usesBackslash: Bool = false, skipsBlanks: Bool = false) {
    self.separator = separator
    self.usesBackslash = usesBackslash
    self.skipsBlanks = skipsBlanks
  }
}
