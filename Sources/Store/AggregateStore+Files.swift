import Aggregates
internal import GRDB
import Tweets

/// The table `file`: one row a file that was looked at, for `elmond query files`.
extension AggregateStore {
  /// How many rows are kept; of more, those of finished files go that were touched first.
  static let mostFiles = 100_000

  /// Adds what the batch read of each file; a file that begins anew begins at zero.
  func tally(_ commit: StoreCommit, _ db: Database) throws {
    guard !commit.files.isEmpty else { return }
    let statement = try db.cachedStatement(sql: AggregateStore.addToFile)
    for file in commit.files {
      try statement.execute(arguments: [
        file.source, file.path, file.state.rawValue, file.facts.format, file.facts.encoding,
        file.facts.container, file.records, file.tweets, file.undecodable, file.untimed,
        file.first?.milliseconds, file.last?.milliseconds, file.reason, commit.arrival.seconds,
        file.startsAnew,
      ])
    }
  }

  /// Drops the rows of files beyond the limit, and counts them by source; how many there were.
  func dropFiles(_ limit: Int = AggregateStore.mostFiles) throws(StoreError) -> Int {
    try write("prune") { db in
      let excess = (try Int.fetchOne(db, sql: "SELECT count(*) FROM file") ?? 0) - limit
      guard excess > 0 else { return 0 }
      let sources = try String.fetchAll(
        db,
        sql: """
          DELETE FROM file WHERE (source, path) IN (
            SELECT source, path FROM file WHERE state NOT IN ('reading', 'partial')
            ORDER BY time, source, path LIMIT ?)
          RETURNING source
          """, arguments: [excess])
      var counters: [CounterKey: Int64] = [:]
      for source in sources {
        counters[CounterKey(source: source, name: "file_rows_dropped"), default: 0] += 1
      }
      try self.count(counters, db)
      return sources.count
    }
  }

  private static let addToFile = """
    INSERT INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
    ON CONFLICT DO UPDATE SET
      state = excluded.state, reason = excluded.reason, time = excluded.time,
      format = iif(excluded.format = '', format, excluded.format),
      encoding = iif(excluded.encoding = '', encoding, excluded.encoding),
      container = iif(excluded.container = '', container, excluded.container),
      \(["records", "tweets", "undecodable", "untimed"]
        .map { "\($0) = iif(?15, 0, \($0)) + excluded.\($0)" }.joined(separator: ", ")),
      first_ms = iif(?15, excluded.first_ms,
        min(coalesce(first_ms, excluded.first_ms), coalesce(excluded.first_ms, first_ms))),
      last_ms = iif(?15, excluded.last_ms,
        max(coalesce(last_ms, excluded.last_ms), coalesce(excluded.last_ms, last_ms)))
    """
}
