/// Rows of a query with named columns.
package struct ResultTable: Sendable, Equatable {
  /// One cell.
  package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  /// The columns' names in order.
  package var columns: [String]
  /// The rows; each has one value a column.
  package var rows: [[Value]]

  /// A table from its parts.
  package init(columns: [String], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }
}
