package import Aggregates
internal import GRDB
package import Tweets

extension AggregateStore {
  /// What is remembered of these tweets, and of those that the keys point to; keys that were never seen, or have
  /// expired, are missing.
  package func seen(_ keys: [DedupKey]) throws(StoreError) -> [DedupKey: SeenTweet] {
    guard !keys.isEmpty else { return [:] }
    return try access("read") { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT version, bucket_start, source_id, lang_id, model_id, topics, label, score, deleted,
            link_day, link_key, negative, positive
          FROM seen WHERE day = ? AND key = ?
          """)
      var found: [DedupKey: SeenTweet] = [:]
      for key in keys {
        var wanted: DedupKey? = key
        while let key = wanted, found[key] == nil {
          let arguments: StatementArguments = [key.day, key.hash]
          guard let row = try Row.fetchOne(statement, arguments: arguments) else { break }
          found[key] = self.tweet(key, row)  // nil when its row was dropped since.
          wanted = found[key]?.pointsTo
        }
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
    let label: Int64? = row["label"]
    var link: DedupKey?
    if let day: Int32 = row["link_day"], let hash: Int64 = row["link_key"] {
      link = DedupKey(day: day, hash: hash)
    }
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
      score: row["score"], probabilities: AggregateStore.probabilities(row), deleted: deleted,
      pointsTo: link)
  }

  /// The three probabilities of a row of `seen`, of which two are stored.
  private static func probabilities(_ row: Row) -> [Int64]? {
    guard let negative: Int64 = row["negative"], let positive: Int64 = row["positive"] else {
      return nil
    }
    return [negative, Millionths.one - negative - positive, positive]
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
            finished: row["finished"], isRefused: row["refused"], sniffed: row["sniffed"],
            format: row["format"],
            encoding: row["encoding"])
        }
    }
  }

  /// All counters since the database was made.
  package func counters() throws(StoreError) -> [CounterKey: Int64] {
    try access("read") { db in try StatusInputs.counters(db) }
  }

  /// How many tweets the aggregates hold; reads all buckets.
  package func countedTweets() throws(StoreError) -> Int64 {
    try access("read") { db in try StatusInputs.counted(db) }
  }

  /// Everything the status report says about the database.
  package func statusInputs() throws(StoreError) -> StatusInputs {
    try access("read") { db in try StatusInputs(db, path: self.path) }
  }
}
