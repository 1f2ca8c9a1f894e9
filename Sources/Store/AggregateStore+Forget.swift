internal import GRDB
package import Tweets

/// Which counts `elmond forget` takes out of the database.
package struct Forgetting: Sendable, Equatable {
  /// The source's name.
  package var source: String
  /// The first moment of the time that is meant; nil for all time before `until`.
  package var since: Timestamp?
  /// The first moment after it; nil for all time from `since` on.
  package var until: Timestamp?
  /// True to keep the positions, so that no file is read again.
  package var keepsPosition = false

  /// What is meant, from its parts.
  package init(
    source: String, since: Timestamp? = nil, until: Timestamp? = nil, keepsPosition: Bool = false
  ) {
    self.source = source
    self.since = since
    self.until = until
    self.keepsPosition = keepsPosition
  }

  /// True when part of a source stays, whose files must not be read again then.
  var isPart: Bool { since != nil || until != nil }
  /// The buckets that are meant, in seconds since the epoch.
  var span: Range<Int64> {
    let from = max(0, since?.seconds ?? 0)
    return from..<max(from, min(Row.endOfTime, until?.ceilingSeconds ?? Row.endOfTime))
  }
}

/// What was taken out, or would be.
package struct ForgetResult: Sendable, Equatable {
  /// Tweets that are no longer counted.
  package var tweets: Int64 = 0
  /// Rows that were deleted, or became smaller.
  package var rows: Int64 = 0
  /// The first and the last bucket that changed; nil when none did.
  package var first: Timestamp?
  package var last: Timestamp?
  /// Keys of tweets that are no longer known.
  package var keys: Int64 = 0
  /// Files that will be read again from their start.
  package var files: Int64 = 0
}

extension AggregateStore {
  /// Takes counts out of the database, in one transaction; `isTrial` only says what would go.
  ///
  /// The counter `forgotten` of the source grows by the tweets. Refuses a source that is not there, and a limit
  /// inside a quarter of an hour that is kept as a whole.
  package func forget(_ what: Forgetting, isTrial: Bool) throws(StoreError) -> ForgetResult {
    var result = ForgetResult()
    guard let source = dimensions.known(.source, what.source) else {
      throw refusal("source \(what.source)", "nothing is counted under this name")
    }
    try access("forget") { db in
      try db.inTransaction(.immediate) {
        try self.requireWholeBuckets(what, db)
        try self.forgetRows(what, source: source, db, &result)
        try self.dropEmptyHours(what.span, db)
        try db.execute(
          sql: """
            INSERT INTO counter VALUES (?, 'forgotten', ?)
            ON CONFLICT DO UPDATE SET value = value + excluded.value
            """, arguments: [what.source, result.tweets])
        return isTrial ? .rollback : .commit
      }
    }
    return result
  }

  private func forgetRows(
    _ what: Forgetting, source: Int64, _ db: Database, _ result: inout ForgetResult
  ) throws {
    let span = what.span
    let condition = "source_id = ? AND bucket_start >= ? AND bucket_start < ?"
    let arguments: StatementArguments = [source, span.lowerBound, span.upperBound]
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT count(*) AS number, min(bucket_start) AS first, max(bucket_start) AS last,
          coalesce(sum(tweets) FILTER (WHERE topic_id = \(Schema.allTopicID)), 0) AS tweets
        FROM aggregate WHERE \(condition)
        """, arguments: arguments)
    if let row {
      result.rows = try row.count("number")
      result.tweets = try row.count("tweets")
      if result.rows > 0 {
        result.first = Timestamp(seconds: try row.bucketStart("first"))
        result.last = Timestamp(seconds: try row.bucketStart("last"))
      }
    }
    var totals = DayTotals()
    try totals.remove(where: condition, arguments: arguments, db)
    try totals.store(db)
    try db.execute(sql: "DELETE FROM aggregate WHERE \(condition)", arguments: arguments)
    // What was deleted at its source stays so: it must not come back when the file is read again.
    try db.execute(
      sql: "DELETE FROM seen WHERE \(condition) AND NOT deleted", arguments: arguments)
    result.keys = Int64(db.changesCount)
    guard !what.isPart, !what.keepsPosition else { return }
    try db.execute(sql: "DELETE FROM position WHERE source = ?", arguments: [what.source])
    result.files = Int64(db.changesCount)
    if try db.tableExists("file") {
      try db.execute(sql: "DELETE FROM file WHERE source = ?", arguments: [what.source])
    }
    try db.execute(sql: "DELETE FROM watermark WHERE source = ?", arguments: [what.source])
  }

  /// Minutes of an hour that was merged are one quarter: a limit must not cut it.
  private func requireWholeBuckets(_ what: Forgetting, _ db: Database) throws {
    for limit in [what.since, what.until].compactMap({ $0?.seconds }) where limit % 900 != 0 {
      let merged = try Bool.fetchOne(
        db, sql: "SELECT merged FROM hour WHERE start = ?", arguments: [limit - limit % 3600])
      guard merged == true else { continue }
      throw refusal(
        "\(Timestamp(seconds: limit))",
        "this hour is kept by the quarter: give a time at a quarter of an hour")
    }
  }

  private func dropEmptyHours(_ span: Range<Int64>, _ db: Database) throws {
    for (table, seconds) in [("hour", 3600), ("day", 86_400)] {
      try db.execute(
        sql: """
          DELETE FROM \(table) WHERE start > ? - \(seconds) AND start < ? AND NOT EXISTS (
            SELECT 1 FROM aggregate WHERE topic_id = \(Schema.allTopicID)
              AND bucket_start >= start AND bucket_start < start + \(seconds))
          """, arguments: [span.lowerBound, span.upperBound])
    }
  }

  private nonisolated func refusal(_ subject: String, _ cause: String) -> StoreError {
    StoreError(
      kind: .refused, operation: "forget", subject: subject, cause: cause,
      remedy: "nothing was changed")
  }
}
