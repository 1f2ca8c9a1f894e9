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
          found[key] = try self.tweet(key, row)  // nil when its row was dropped since.
          wanted = found[key]?.pointsTo
        }
      }
      return found
    }
  }

  /// A remembered tweet; nil when the names of its row are gone: so is the row, with nothing to take back.
  private func tweet(_ key: DedupKey, _ row: Row) throws -> SeenTweet? {
    let deleted: Bool = try row.value("deleted")
    let source = dimensions.name(.source, try row.value("source_id"))
    let lang = dimensions.name(.lang, try row.value("lang_id"))
    let model = dimensions.name(.model, try row.value("model_id"))
    guard deleted || (source != nil && lang != nil && model != nil) else { return nil }
    let topics: String = try row.value("topics")
    let label: Int64? = try row.value("label")
    var link: DedupKey?
    if let day: Int32 = try row.value("link_day"), let hash: Int64 = try row.value("link_key") {
      link = DedupKey(day: day, hash: hash)
    }
    let home = AggregateKey(
      bucketStart: try row.bucketStart("bucket_start"),
      source: source ?? "", topic: Topic.all, lang: lang ?? "und", model: model ?? "")
    return SeenTweet(
      key: key, version: try row.value("version"), home: home,
      topics: topics.split(separator: ",").compactMap { text in
        Int64(text).flatMap { dimensions.name(.topic, $0) }
      },
      label: label.flatMap { number in Label.allCases.first { AggregateStore.number($0) == number }
      },
      score: try row.value("score"), probabilities: try AggregateStore.probabilities(row),
      deleted: deleted, pointsTo: link)
  }

  /// The three probabilities of a row of `seen`, of which two are stored.
  private static func probabilities(_ row: Row) throws -> [Int64]? {
    let (negative, positive): (Int64?, Int64?) = (
      try row.value("negative"), try row.value("positive")
    )
    guard let negative, let positive else { return nil }
    guard negative >= 0, positive >= 0, negative <= Millionths.one - positive else {
      throw Row.damage("negative", "\(negative) and \(positive) are no probabilities")
    }
    return [negative, Millionths.one - negative - positive, positive]
  }

  /// Where the files of a source are read to, in no particular order.
  package func positions(of source: String) throws(StoreError) -> [FilePosition] {
    try access("read") { db in
      try Row.fetchAll(db, sql: "SELECT * FROM position WHERE source = ?", arguments: [source])
        .map { row in
          FilePosition(
            path: try row.value("path"), device: UInt64(bitPattern: try row.value("device")),
            inode: UInt64(bitPattern: try row.value("inode")),
            fingerprint: UInt64(bitPattern: try row.value("fingerprint")),
            fingerprintLength: try row.count("fingerprint_length"), codec: try row.value("codec"),
            offset: try row.count("offset"), line: Int(try row.count("line")),
            itemsDone: Int(try row.count("items_done")), finished: try row.value("finished"),
            isRefused: try row.value("refused"), sniffed: try row.count("sniffed"),
            format: try row.value("format"), encoding: try row.value("encoding"),
            member: try row.value("member"), memberNumber: Int(try row.count("member_number")))
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
