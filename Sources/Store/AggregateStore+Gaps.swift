internal import GRDB
package import Tweets

/// The gap ledger, and where live sources begin to listen.
extension AggregateStore {
  /// The newest gaps, at most `limit`, oldest first and open ones last.
  package func gaps(limit: Int = 100) throws(StoreError) -> [Gap] {
    try access("read") { db in try GapLedger.newest(db, limit: limit) }
  }

  /// The oldest gap of a source that is open or being filled; nil when there is none.
  package func unfinishedGap(of source: String) throws(StoreError) -> Gap? {
    try access("read") { db in try GapLedger.unfinished(of: source, db) }
  }

  /// Ends the unfinished gaps of sources that are not read any more.
  package func endGaps(except sources: [String], at now: Timestamp) throws(StoreError) {
    try write("end gaps in") { db in try GapLedger.end(except: sources, at: now, db) }
  }

  /// Notes that a live source listens from now on, unless it has a position already.
  ///
  /// It is called before the source connects. What is delivered before the first commit is then behind this moment, and a
  /// restart knows that it was missed.
  package func listen(
    _ source: String, host: String, since now: Timestamp
  ) throws(StoreError) {
    try write("note the start of a source in") { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO stream VALUES (?, ?, '', ?)",
        arguments: [source, host, now.milliseconds])
    }
  }
}
