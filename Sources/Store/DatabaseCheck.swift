internal import GRDB

/// Looks for damage in a database of this version.
enum DatabaseCheck {
  /// Tables that SQLite keeps an index of beside the rows; only the full check compares the two.
  private static let indexed = ["topic", "source", "lang", "model", "gap"]

  /// Reads every page and every row: throws for a page that is damaged and for a row that cannot be.
  static func run(_ db: Database) throws {
    try expectSound(db, "PRAGMA quick_check(1)")
    for table in indexed { try expectSound(db, "PRAGMA integrity_check(\(table))") }
    try checkRows(db)
  }

  private static func expectSound(_ db: Database, _ check: String) throws {
    let answer = try String.fetchOne(db, sql: check) ?? "no answer"
    guard answer == "ok" else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\(check): \(answer)")
    }
  }

  private static func checkRows(_ db: Database) throws {
    for (question, words) in questions {
      guard let row = try Row.fetchOne(db, sql: question) else { continue }
      let key = row.databaseValues.map { "\($0)" }.joined(separator: ", ")
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\(words) (\(key))")
    }
  }

  /// Each asks for a row that no sound database has.
  private static let questions: [(sql: String, words: String)] = [
    (
      "SELECT topic_id, bucket_start FROM aggregate WHERE bucket_start NOT BETWEEN 0 AND "
        + "\(Row.endOfTime - 1) OR bucket_start % 60 <> 0 LIMIT 1",
      "a bucket begins at an impossible time"
    ),
    (
      "SELECT topic_id, bucket_start FROM aggregate WHERE tweets < 1 OR tweets > \(1 << 40) OR "
        + "tweets <> negative + neutral + positive + undecided OR "
        + Schema.figures.prefix(Schema.countFigures).map { "\($0) < 0" }.joined(separator: " OR ")
        + " LIMIT 1",
      "a bucket holds counts that cannot be"
    ),
    (
      """
      SELECT topic_id, bucket_start FROM aggregate WHERE topic_id NOT IN (SELECT id FROM topic)
        OR source_id NOT IN (SELECT id FROM source) OR lang_id NOT IN (SELECT id FROM lang)
        OR model_id NOT IN (SELECT id FROM model) LIMIT 1
      """, "a bucket names something that is not there"
    ),
    (
      """
      SELECT DISTINCT bucket_start - bucket_start % 3600 AS hour FROM aggregate
      WHERE topic_id = \(Schema.allTopicID) AND (hour NOT IN (SELECT start FROM hour)
        OR bucket_start - bucket_start % 86400 NOT IN (SELECT start FROM day)) LIMIT 1
      """, "an hour that has buckets is not listed"
    ),
    (
      """
      SELECT topic_id, bucket_start FROM aggregate
      WHERE topic_id <> \(Schema.allTopicID) AND bucket_start > \(Views.newestBucket) LIMIT 1
      """, "a topic has a bucket after the newest one"
    ),
    (
      "SELECT id FROM topic WHERE id = \(Schema.allTopicID) AND name <> 'all' LIMIT 1",
      "the topic `all` has another name"
    ),
  ]
}
