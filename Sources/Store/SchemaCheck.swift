internal import GRDB

/// Compares the tables of a database with those that this version makes.
///
/// SQLite reads the tables' definitions from the file. A bit that flips in their text gives a table with another column,
/// which no check of SQLite finds.
enum SchemaCheck {
  /// Throws for a table or a column that differs; puts a view back that does.
  static func run(_ db: Database) throws {
    try compareTables(db)
    try repairViews(db)
  }

  /// Throws for a table or a column that differs.
  static func compareTables(_ db: Database) throws {
    let model = try DatabaseQueue()
    let wanted = try model.inDatabase { fresh in
      try Schema.migrate(fresh)
      return try columns(fresh)
    }
    let found = try columns(db)
    for table in wanted.keys.sorted() where found[table] != wanted[table] {
      let cause = found[table] == nil ? "is missing" : "has other columns"
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "the table \(table) \(cause)")
    }
  }

  /// Each table's columns with their types and places in the key.
  private static func columns(_ db: Database) throws -> [String: [String]] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT m.name AS "table", c.name || ' ' || c.type || ' ' || c.pk AS "column"
        FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY m.name, c.cid
        """)
    var columns: [String: [String]] = [:]
    for row in rows { columns[try row.value("table"), default: []].append(try row.value("column")) }
    return columns
  }

  private static func repairViews(_ db: Database) throws {
    let found = try String.fetchAll(
      db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'view' ORDER BY sql")
    guard found != Views.all.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) else {
      return
    }
    try db.inTransaction(.immediate) {
      try Schema.createViews(db)
      return .commit
    }
  }
}
