import Aggregates
internal import GRDB
package import Tweets

/// How long aggregates are kept, in seconds; nil keeps them for ever.
package struct Retention: Sendable, Equatable {
  /// How long minutes are kept apart; older ones are merged into quarters of an hour.
  package var minutes: Int64?
  /// How long anything is kept.
  package var hours: Int64?

  /// A retention from its spans in seconds.
  package init(minutes: Int64? = nil, hours: Int64? = nil) {
    self.minutes = minutes
    self.hours = hours
  }
}

/// What was pruned.
package struct PruneResult: Sendable, Equatable {
  /// De-duplication keys that expired.
  package var expiredKeys = 0
  /// Minute rows that were merged into quarters of an hour.
  package var mergedRows = 0
  /// Rows that were dropped for their age.
  package var droppedRows = 0
  /// Topics, languages, models and sources that nothing was counted under any more.
  package var droppedNames = 0
  /// Rows of files that were dropped because there were too many.
  package var droppedFileRows = 0
  /// Pages that were given back to the file system.
  package var freedPages = 0

  /// A result that pruned nothing.
  package init() {}

  /// True when something was pruned that somebody may miss.
  package var isWorthALine: Bool { expiredKeys + mergedRows + droppedRows + droppedNames > 0 }
}

extension AggregateStore {
  /// How many keys go in one transaction, so that pruning never holds a commit up for long.
  static let pruneStep = 5000

  /// Drops what is older than its time, in small transactions.
  ///
  /// Keys go by whole days, `horizon` seconds after the last tweet of the day arrived: an old archive
  /// that is read today is de-duplicated until tomorrow. The age of minutes is counted from `newest` where that is
  /// older than `now`.
  @discardableResult
  package func prune(
    now: Timestamp, retention: Retention, horizon: Int64 = 25 * 3600, newest: Timestamp? = nil
  ) throws(StoreError) -> PruneResult {
    var result = PruneResult()
    try expireKeys(before: now.seconds - horizon, &result)
    try expireKeysOfNoDay(before: now.seconds - horizon, &result)
    try dropSpend(now: now)
    if let limit = retention.dropLimit(now: now) { try drop(before: limit, &result) }
    if let limit = retention.mergeLimit(now: now, newest: newest) {
      try merge(before: limit, &result)
    }
    result.droppedFileRows = try dropFiles()
    result.droppedNames = try dropNames(besidesTopics: result.droppedRows > 0)
    result.freedPages = try access("prune") { db in
      let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
      guard free > 0 else { return 0 }
      try db.execute(sql: "PRAGMA incremental_vacuum(1000)")
      return free - (try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0)
    }
    return result
  }

  private func expireKeys(before limit: Int64, _ result: inout PruneResult) throws(StoreError) {
    let days = try access("prune") { db in
      try Int64.fetchAll(
        db, sql: "SELECT day FROM seen_days WHERE last_arrival < ? ORDER BY day",
        arguments: [limit])
    }
    for day in days {
      var deleted = AggregateStore.pruneStep
      while deleted == AggregateStore.pruneStep {
        deleted = try write("prune") { db in
          try db.execute(
            sql: """
              DELETE FROM seen WHERE day = ?1 AND key IN
                (SELECT key FROM seen WHERE day = ?1 ORDER BY key LIMIT ?2)
              """, arguments: [day, AggregateStore.pruneStep])
          let count = db.changesCount
          if count < AggregateStore.pruneStep {
            try db.execute(sql: "DELETE FROM seen_days WHERE day = ?", arguments: [day])
          }
          return count
        }
        result.expiredKeys += deleted
      }
    }
  }

  /// Keys of no day would stay for as long as any of them comes: they go by the minute of their tweet or delete.
  private func expireKeysOfNoDay(
    before limit: Int64, _ result: inout PruneResult
  ) throws(StoreError) {
    var deleted = AggregateStore.pruneStep
    while deleted == AggregateStore.pruneStep {
      deleted = try write("prune") { db in
        try db.execute(
          sql: """
            DELETE FROM seen WHERE day = ?1 AND key IN
              (SELECT key FROM seen WHERE day = ?1 AND bucket_start < ?2 LIMIT ?3)
            """, arguments: [DedupKey.noDay, limit, AggregateStore.pruneStep])
        return db.changesCount
      }
      result.expiredKeys += deleted
    }
  }

  private func drop(before limit: Int64, _ result: inout PruneResult) throws(StoreError) {
    let hours = try hours(before: limit)
    guard !hours.isEmpty else { return }
    try forgetTweets(before: limit)
    for hour in hours {
      result.droppedRows += try write("prune") { db in
        try self.count(try AggregateStore.pruned(hour, db), db)
        var totals = DayTotals()
        try totals.remove(
          where: "bucket_start >= ? AND bucket_start < ?", arguments: [hour, hour + 3600], db)
        try totals.store(db)
        try db.execute(sql: AggregateStore.delete("TRUE"), arguments: [hour, hour + 3600])
        let count = db.changesCount
        try db.execute(sql: "DELETE FROM hour WHERE start = ?", arguments: [hour])
        return count
      }
    }
    try write("prune") { db in
      try db.execute(sql: "DELETE FROM day WHERE start + 86400 <= ?", arguments: [limit])
    }
  }

  /// The tweets that go with the rows of an hour, by source.
  private static func pruned(_ hour: Int64, _ db: Database) throws -> [CounterKey: Int64] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT coalesce((SELECT name FROM source WHERE id = source_id), '') AS source,
          sum(tweets) AS tweets
        FROM aggregate WHERE topic_id = \(Schema.allTopicID) AND bucket_start >= ? AND bucket_start < ?
        GROUP BY 1
        """, arguments: [hour, hour + 3600])
    return Dictionary(
      try rows.map { row in
        let source: String = try row.value("source")
        return (CounterKey(source: source, name: "pruned"), try row.count("tweets"))
      }, uniquingKeysWith: +)
  }

  /// Forgets the tweets whose rows are about to be dropped: nothing is left to correct, and should
  /// the retention be raised, they are new. Deleted ones stay deleted.
  ///
  /// A tweet's key has the day of its bucket or an earlier one, save for clocks that run ahead.
  private func forgetTweets(before limit: Int64) throws(StoreError) {
    let days = try access("prune") { db in
      try Int64.fetchAll(
        db, sql: "SELECT day FROM seen_days WHERE day <= ? ORDER BY day",
        arguments: [limit / 86_400 + 1])
    }
    for day in days {
      var forgotten = AggregateStore.pruneStep
      while forgotten == AggregateStore.pruneStep {
        forgotten = try write("prune") { db in
          try db.execute(
            sql: """
              DELETE FROM seen WHERE day = ?1 AND key IN (SELECT key FROM seen
                WHERE day = ?1 AND bucket_start < ?2 AND NOT deleted LIMIT ?3)
              """, arguments: [day, limit, AggregateStore.pruneStep])
          return db.changesCount
        }
      }
    }
  }

  private func merge(before limit: Int64, _ result: inout PruneResult) throws(StoreError) {
    for hour in try hours(before: limit, "AND NOT merged") {
      result.mergedRows += try write("prune") { db in
        try db.execute(sql: AggregateStore.mergeQuarters, arguments: [hour, hour + 3600])
        try db.execute(
          sql: AggregateStore.delete("bucket_start % 900 <> 0"), arguments: [hour, hour + 3600])
        let count = db.changesCount
        try db.execute(sql: "UPDATE hour SET merged = 1 WHERE start = ?", arguments: [hour])
        return count
      }
    }
  }

  private func hours(before limit: Int64, _ condition: String = "") throws(StoreError) -> [Int64] {
    try access("prune") { db in
      try Int64.fetchAll(
        db, sql: "SELECT start FROM hour WHERE start < ? \(condition) ORDER BY start",
        arguments: [limit])
    }
  }

  // Naming the topics lets SQLite use the key, which begins with the topic.
  private static func delete(_ condition: String) -> String {
    """
    DELETE FROM aggregate WHERE topic_id IN (SELECT id FROM topic)
      AND bucket_start >= ?1 AND bucket_start < ?2 AND \(condition)
    """
  }

  private static let mergeQuarters = """
    INSERT INTO aggregate
    SELECT topic_id, bucket_start - bucket_start % 900, source_id, lang_id, model_id,
      \(Schema.figures.map { "sum(\($0))" }.joined(separator: ", "))
    FROM aggregate
    WHERE topic_id IN (SELECT id FROM topic) AND bucket_start >= ?1 AND bucket_start < ?2
      AND bucket_start % 900 <> 0
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT DO UPDATE SET
    \(Schema.figures.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
    """
}
