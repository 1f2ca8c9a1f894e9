package import Aggregates
internal import GRDB
package import Tweets

extension AggregateStore {
  /// What is remembered of these tweets; keys that were never seen, or have expired, are missing. A row that stands for
  /// another brings that one along.
  package func seen(_ keys: [DedupKey]) throws(StoreError) -> [DedupKey: SeenTweet] {
    guard !keys.isEmpty else { return [:] }
    return try access("read") { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT version, bucket_start, source_id, lang_id, model_id, topics, label, score, deleted,
            target_day, target_key
          FROM seen WHERE day = ? AND key = ?
          """)
      var found: [DedupKey: SeenTweet] = [:]
      func look(_ key: DedupKey) throws {
        guard found[key] == nil else { return }
        let arguments: StatementArguments = [key.day, key.hash]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return }
        found[key] = self.tweet(key, row)  // nil when its row was dropped since.
      }
      for key in keys {
        try look(key)
        if let target = found[key]?.target { try look(target) }
      }
      return found
    }
  }

  /// A remembered tweet; nil when the names of its row are gone: so is the row, with nothing to take back.
  private func tweet(_ key: DedupKey, _ row: Row) -> SeenTweet? {
    let deleted: Bool = row["deleted"]
    let source = dimensions.name(.source, row["source_id"])
    let lang = dimensions.name(.lang, row["lang_id"])
    let model = dimensions.name(.model, row["model_id"])
    guard deleted || (source != nil && lang != nil && model != nil) else { return nil }
    let topics: String = row["topics"]
    let targetDay: Int32? = row["target_day"]
    let targetHash: Int64? = row["target_key"]
    let label: Int64? = row["label"]
    let home = AggregateKey(
      bucketStart: row["bucket_start"],
      source: source ?? "", topic: Topic.all, lang: lang ?? "und", model: model ?? "")
    return SeenTweet(
      key: key, version: row["version"], home: home,
      topics: topics.split(separator: ",").compactMap { text in
        Int64(text).flatMap { dimensions.name(.topic, $0) }
      },
      label: label.flatMap { number in Label.allCases.first { AggregateStore.number($0) == number }
      },
      score: row["score"], deleted: deleted,
      target: targetDay.flatMap { day in targetHash.map { DedupKey(day: day, hash: $0) } })
  }

  /// How far a live source's stream is read; nil before its first commit.
  package func stream(of source: String) throws(StoreError) -> StreamPosition? {
    try access("read") { db in
      try Row.fetchOne(db, sql: "SELECT * FROM stream WHERE source = ?", arguments: [source])
        .map { row in
          StreamPosition(
            host: row["host"], cursor: row["cursor"],
            time: Timestamp(milliseconds: row["time_ms"]))
        }
    }
  }

  /// What was paid for at a source since that day, by days since 1970-01-01 UTC.
  package func spent(by source: String, since day: Int64) throws(StoreError) -> [Int64: Int64] {
    try access("read") { db in
      var posts: [Int64: Int64] = [:]
      let rows = try Row.fetchAll(
        db, sql: "SELECT day, posts FROM spend WHERE source = ? AND day >= ?",
        arguments: [source, day])
      for row in rows { posts[row["day"]] = row["posts"] }
      return posts
    }
  }

  /// Where the files of a source are read to, in no particular order.
  package func positions(of source: String) throws(StoreError) -> [FilePosition] {
    try access("read") { db in
      try Row.fetchAll(db, sql: "SELECT * FROM position WHERE source = ?", arguments: [source])
        .map { row in
          FilePosition(
            path: row["path"], device: UInt64(bitPattern: row["device"]),
            inode: UInt64(bitPattern: row["inode"]),
            fingerprint: UInt64(bitPattern: row["fingerprint"]),
            fingerprintLength: row["fingerprint_length"], codec: row["codec"],
            offset: row["offset"], line: row["line"], itemsDone: row["items_done"],
            finished: row["finished"])
        }
    }
  }

  /// All counters since the database was made.
  package func counters() throws(StoreError) -> [CounterKey: Int64] {
    try access("read") { db in try StatusInputs.counters(db) }
  }

  /// The newest gaps, at most `limit`, oldest first.
  package func gaps(limit: Int = 100) throws(StoreError) -> [Gap] {
    try access("read") { db in try StatusInputs.gaps(db, limit: limit) }
  }

  /// Everything the status report says about the database.
  package func statusInputs() throws(StoreError) -> StatusInputs {
    try access("read") { db in try StatusInputs(db, path: self.path) }
  }
}
