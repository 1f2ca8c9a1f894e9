/// The columns of a table, shared by its records.
package struct CSVHeader: Sendable, Equatable {
  /// Names in file order, as written, without a byte order mark.
  ///
  /// A table without a heading has the names of a layout that is known, and numbers from 1 for other columns.
  package var columns: [String]
  /// How the table is written.
  package var dialect: CSVDialect
  /// False for a table without a heading.
  package var isNamed: Bool

  /// A header from its parts.
  package init(columns: [String], dialect: CSVDialect, isNamed: Bool = true) {
    self.columns = columns
    self.dialect = dialect
    self.isNamed = isNamed
  }

  /// A header of a table as RFC 4180 describes it, with another separator perhaps.
  package init(columns: [String], separator: UInt8) {
    self.init(columns: columns, dialect: CSVDialect(separator: separator))
  }

  /// The separator byte.
  package var separator: UInt8 { dialect.separator }
}
