internal import GRDB

/// The numbers of the table `state`, by their names.
enum StateNumbers {
  /// A number; nil when it was never set.
  static func get(_ name: String, _ db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT value FROM state WHERE name = ?"), arguments: [name])
  }

  /// Sets a number.
  static func set(_ name: String, _ value: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO state VALUES (?, ?)")
      .execute(arguments: [name, value])
  }
}
