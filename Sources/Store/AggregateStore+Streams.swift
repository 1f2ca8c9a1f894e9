internal import GRDB
package import Tweets

/// What is kept of live sources: their positions, and what they have cost.
extension AggregateStore {
  /// How many days the costs of a source are kept.
  static let spendDays: Int64 = 400

  /// Where a live source is counted to; nil when nothing of it was committed yet.
  package func stream(of source: String) throws(StoreError) -> StreamPosition? {
    try access("read") { db in
      try Row.fetchOne(
        db, sql: "SELECT host, cursor, time_ms FROM stream WHERE source = ?", arguments: [source]
      ).map { row in
        StreamPosition(
          host: try row.value("host"), cursor: try row.value("cursor"),
          time: try row.moment("time_ms"))
      }
    }
  }

  /// The posts that a source was charged for from a day on, by day, in days since 1970-01-01 UTC.
  package func spent(by source: String, since day: Int64) throws(StoreError) -> [Int64: Int64] {
    try access("read") { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT day, posts FROM spend WHERE source = ? AND day >= ?",
        arguments: [source, day])
      return Dictionary(
        try rows.map { (try $0.value("day", as: Int64.self), try $0.count("posts")) },
        uniquingKeysWith: max)
    }
  }

  func moveStreams(_ commit: StoreCommit, _ db: Database) throws {
    let statement = try db.cachedStatement(sql: "INSERT OR REPLACE INTO stream VALUES (?, ?, ?, ?)")
    for (source, position) in commit.streams {
      try statement.execute(arguments: [
        source, position.host, position.cursor, position.time.milliseconds,
      ])
    }
  }

  func spend(_ commit: StoreCommit, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO spend VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET posts = posts + excluded.posts
        """)
    let day = AggregateStore.day(of: commit.arrival)
    for (source, posts) in commit.spent where posts != 0 {
      try statement.execute(arguments: [source, day, posts])
    }
  }

  /// Drops the costs of days long past.
  func dropSpend(now: Timestamp) throws(StoreError) {
    try write("prune") { db in
      try db.execute(
        sql: "DELETE FROM spend WHERE day < ?",
        arguments: [AggregateStore.day(of: now) - AggregateStore.spendDays])
    }
  }

  private static func day(of time: Timestamp) -> Int64 {
    Timestamp.floorDivide(time.milliseconds, 86_400_000)
  }
}
