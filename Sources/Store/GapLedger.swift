internal import GRDB
import Tweets

/// The rows of the table `gap`.
enum GapLedger {
  /// How many gaps the ledger keeps; the oldest go first, open ones stay.
  private static let mostGaps = 10_000
  /// The value of `recovered_by` while a gap is being filled.
  private static let pending = "pending"
  /// The condition for rows that still change.
  private static let isUnfinished = "(to_ms IS NULL OR recovered_by = '\(pending)')"

  /// Enters gaps in order. A stage of a gap replaces the unfinished rows of its source that begin within it.
  static func enter(_ gaps: [Gap], _ db: Database) throws {
    for gap in gaps {
      let row = gap.stage == .single ? nil : try replaceable(gap, db)
      try write(gap, id: row, db)
    }
    guard !gaps.isEmpty else { return }
    try db.execute(
      sql: """
        DELETE FROM gap WHERE id <= (SELECT max(id) FROM gap) - ? AND NOT \(isUnfinished)
        """, arguments: [mostGaps])
  }

  /// The row that the gap becomes; the other unfinished rows that begin within the gap are dropped.
  private static func replaceable(_ gap: Gap, _ db: Database) throws -> Int64? {
    let end = gap.stage == .open ? Int64.max : max(gap.to.milliseconds, gap.from.milliseconds + 1)
    let rows = try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM gap
        WHERE source = ? AND \(isUnfinished) AND from_ms >= ? AND from_ms < ? ORDER BY from_ms, id
        """, arguments: [gap.source, gap.from.milliseconds, end])
    for id in rows.dropFirst() {
      try db.execute(sql: "DELETE FROM gap WHERE id = ?", arguments: [id])
    }
    return rows.first
  }

  private static func write(_ gap: Gap, id: Int64?, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO gap VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    let end: Int64? = gap.stage == .open ? nil : gap.to.milliseconds
    try statement.execute(arguments: [
      id, gap.source, gap.from.milliseconds, end, gap.reason,
      gap.stage == .filling ? pending : gap.recoveredBy, gap.tweets, gap.detail,
    ])
  }

  /// The newest gaps, at most `limit`, oldest first and open ones last.
  static func newest(_ db: Database, limit: Int) throws -> [Gap] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM gap ORDER BY to_ms IS NULL DESC, id DESC LIMIT ?",
      arguments: [limit]
    ).reversed().map(gap)
  }

  /// The oldest gap of a source that is open or being filled; nil when there is none.
  static func unfinished(of source: String, _ db: Database) throws -> Gap? {
    try Row.fetchOne(
      db,
      sql: "SELECT * FROM gap WHERE source = ? AND \(isUnfinished) ORDER BY from_ms, id LIMIT 1",
      arguments: [source]
    ).map(gap)
  }

  /// Ends the unfinished gaps of sources that are not read any more.
  static func end(except sources: [String], at now: Timestamp, _ db: Database) throws {
    let names = try String.fetchAll(
      db, sql: "SELECT DISTINCT source FROM gap WHERE \(isUnfinished)")
    for name in names where !sources.contains(name) {
      try db.execute(
        sql: """
          UPDATE gap SET to_ms = coalesce(to_ms, max(from_ms, ?)), recovered_by = 'none'
          WHERE source = ? AND \(isUnfinished)
          """, arguments: [now.milliseconds, name])
    }
  }

  // A database of an older version has no column `detail`, and every row has an end.
  private static func gap(_ row: Row) throws -> Gap {
    let from = try row.moment("from_ms")
    let to: Int64? = try row.value("to_ms")
    let recoveredBy: String = try row.value("recovered_by")
    let stage: Gap.Stage = to == nil ? .open : recoveredBy == pending ? .filling : .single
    return Gap(
      source: try row.value("source"), from: from,
      to: try to.map { _ in try row.moment("to_ms") } ?? from,
      reason: try row.value("reason"), recoveredBy: stage == .filling ? "none" : recoveredBy,
      tweets: try row.value("tweets"),
      detail: row.hasColumn("detail") ? try row.value("detail") : nil, stage: stage)
  }
}
