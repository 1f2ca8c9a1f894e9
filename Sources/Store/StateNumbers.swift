internal import GRDB
import Tweets

/// The numbers of the table `state`, by their names.
enum StateNumbers {
  /// 1 once damage was found; the next start puts the file aside.
  static let damaged = "damaged"

  /// How many days have figures that differ from their checksum.
  static let wrongDays = "wrong_days"
  /// A model that was found to differ from its checksums.
  static let refusedModel = "refused_model"

  /// A number; nil when it was never set.
  static func get(_ name: String, _ db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT value FROM state WHERE name = ?"), arguments: [name])
  }

  /// A number of seconds since the epoch as a moment; nil when it was never set.
  static func time(_ name: String, _ db: Database) throws -> Timestamp? {
    guard let seconds = try get(name, db) else { return nil }
    guard (-(Int64.max / 2000)...(Int64.max / 2000)).contains(seconds) else {
      throw Row.damage(name, "\(seconds) is not a time")
    }
    return Timestamp(seconds: seconds)
  }

  /// Sets a number.
  static func set(_ name: String, _ value: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO state VALUES (?, ?)")
      .execute(arguments: [name, value])
  }
}
