internal import GRDB

/// How far old aggregates are merged and dropped, in seconds since the epoch.
struct Limits: Equatable {
  /// Minutes before this are kept as quarters of an hour.
  var minutesFrom: Int64 = 0
  /// Nothing is kept before this.
  var hoursFrom: Int64 = 0

  init(_ db: Database) throws {
    minutesFrom = try Limits.get("minutes_from", db) ?? 0
    hoursFrom = try Limits.get("hours_from", db) ?? 0
  }

  /// A number of the table `state`.
  static func get(_ name: String, _ db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT value FROM state WHERE name = ?"), arguments: [name])
  }

  /// Sets a number of the table `state`.
  static func set(_ name: String, _ value: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO state VALUES (?, ?)")
      .execute(arguments: [name, value])
  }
}
