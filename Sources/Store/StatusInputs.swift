package import Aggregates
internal import GRDB
package import Tweets

/// What the status report says about the database.
package struct StatusInputs: Sendable, Equatable {
  /// How many topics are told of; the busiest of the last 24 hours come first, after `all`.
  package static let mostTopics = 100

  /// Recent sentiment by topic: `all` first, then by tweets of the last 24 hours.
  package var topics: [TopicFigures]
  /// All counters.
  package var counters: [CounterKey: Int64]
  /// The newest gaps, oldest first, open ones last.
  package var gaps: [Gap]
  /// How many gaps the ledger has.
  package var gapCount: Int64
  /// When the last batch was stored; nil before the first.
  package var lastCommit: Timestamp?
  /// The newest bucket, with which the rolling windows end; nil in an empty database.
  package var newestBucket: Timestamp?
  /// Buckets that end before this are final.
  package var watermark: Timestamp?
  /// How many days have figures that differ from their checksum, as the last check found.
  package var wrongDays: Int64
  /// The readings of the view `health`.
  package var health: [String: Double]
  /// The newest event time of each source, as far as it is known.
  package var newest: [String: Timestamp]
  /// The hour of the oldest bucket; nil in an empty database.
  package var oldestHour: Timestamp?
  /// How many tweets the aggregates hold; nil where nobody asked for this scan of all buckets.
  package var counted: Int64?
  /// The size of the database with everything that is committed, in bytes: its pages, also where they are in the
  /// write-ahead log only.
  package var databaseBytes: Int64
  /// The size of the write-ahead log, in bytes.
  package var walBytes: Int64

  init(_ db: Database, path: String, countsTweets: Bool = false) throws {
    let bucket = try StatusInputs.newestBucket(db)
    topics = try bucket.map { try StatusInputs.topics(db, newest: $0) } ?? []
    counters = try StatusInputs.counters(db)
    gaps = try GapLedger.newest(db, limit: 10)
    gapCount = try Int64.fetchOne(db, sql: "SELECT count(*) FROM gap") ?? 0
    lastCommit = try StateNumbers.get("last_commit_ms", db).map { milliseconds in
      try StatusInputs.moment(milliseconds)
    }
    newestBucket = bucket.map { Timestamp(seconds: $0) }
    watermark = try StateNumbers.time("watermark", db)
    wrongDays = try StateNumbers.get(StateNumbers.wrongDays, db) ?? 0
    health = [:]
    for row in try Row.fetchAll(db, sql: "SELECT name, value FROM reading") {
      let value: Double = try row.value("value")
      if value.isFinite { health[try row.value("name")] = value }
    }
    newest = try StatusInputs.newest(db)
    oldestHour = try Row.fetchOne(db, sql: "SELECT start FROM hour ORDER BY start LIMIT 1").map {
      Timestamp(seconds: try $0.bucketStart("start"))
    }
    counted = countsTweets ? try StatusInputs.counted(db) : nil
    databaseBytes = try StatusInputs.bytes(db)
    walBytes = OpenedDatabase.size(of: path + "-wal")
  }

  /// How many tweets the aggregates hold.
  static func counted(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(
      db, sql: "SELECT sum(tweets) FROM aggregate WHERE topic_id = \(Schema.allTopicID)") ?? 0
  }

  /// The newest event times: the watermarks of sources without the disorder that these allow.
  private static func newest(_ db: Database) throws -> [String: Timestamp] {
    let disorder = Watermark().allowedDisorder * 1000
    let rows = try Row.fetchAll(
      db, sql: "SELECT source, time_ms FROM watermark WHERE time_ms <> ?",
      arguments: [Watermark.finished.milliseconds])
    return Dictionary(
      try rows.map { row in
        let time = try row.moment("time_ms")
        return (try row.value("source"), Timestamp(milliseconds: time.milliseconds + disorder))
      }, uniquingKeysWith: max)
  }

  /// The size of all pages.
  private static func bytes(_ db: Database) throws -> Int64 {
    let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    return pages * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
  }

  /// The start of the newest bucket; nil in an empty database.
  private static func newestBucket(_ db: Database) throws -> Int64? {
    try Row.fetchOne(db, sql: "SELECT \(Views.newestBucket) AS newest").flatMap { row in
      try row.value("newest", as: Int64?.self).map { _ in try row.bucketStart("newest") }
    }
  }

  private static func moment(_ milliseconds: Int64) throws -> Timestamp {
    guard (0...(Row.endOfTime * 1000)).contains(milliseconds) else {
      throw Row.damage("last_commit_ms", "\(milliseconds) is not a time")
    }
    return Timestamp(milliseconds: milliseconds)
  }

  private static func topics(_ db: Database, newest: Int64) throws -> [TopicFigures] {
    let firstHour = newest - newest % 3600 - 23 * 3600
    var figures: [String: TopicFigures] = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT t.name AS topic, a.bucket_start, \(try AggregateValue.sums(db))
        FROM topic t CROSS JOIN aggregate a ON a.topic_id = t.id AND a.bucket_start >= ?
        GROUP BY t.name, a.bucket_start
        """, arguments: [min(firstHour, newest + 60 - RollingWindow.day.seconds)])
    while let row = try rows.next() {
      let topic: String = try row.value("topic")
      let bucket = try row.bucketStart("bucket_start")
      guard bucket <= newest else {
        throw Row.damage(
          "bucket_start", "\(bucket) of topic \(topic) lies after the newest bucket \(newest)")
      }
      let value = try AggregateValue(row)
      var entry =
        figures[topic]
        ?? TopicFigures(
          topic: topic, windows: [:], hours: Array(repeating: AggregateValue(), count: 24))
      for window in RollingWindow.allCases where bucket > newest - window.seconds {
        entry.windows[window, default: AggregateValue()].merge(value)
      }
      if bucket >= firstHour { entry.hours[Int((bucket - firstHour) / 3600)].merge(value) }
      figures[topic] = entry
    }
    func rank(_ figures: TopicFigures) -> (Int, Int64, String) {
      let tweets = figures.windows[.day]?.tweets ?? 0
      return (figures.topic == Topic.all ? 0 : 1, -tweets, figures.topic)
    }
    return Array(figures.values.sorted { rank($0) < rank($1) }.prefix(mostTopics))
  }

  static func counters(_ db: Database) throws -> [CounterKey: Int64] {
    var counters: [CounterKey: Int64] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT source, name, value FROM counter") {
      let key = CounterKey(source: try row.value("source"), name: try row.value("name"))
      counters[key] = try row.bounded("value", -(1 << 50)...(1 << 50))
    }
    return counters
  }
}

extension AggregateValue {
  /// The sums that `init(_:)` reads from rows of `aggregate a`; the histogram is left out, and figures that the
  /// database does not have are 0.
  static func sums(_ db: Database) throws -> String {
    let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let known = [
      "tweets", "negative", "neutral", "positive", "undecided", "score_sum", "score_square_sum",
    ].map { "sum(a.\($0)) AS \($0)" }
    let newer = Schema.figuresOfVersion3.map {
      version < 3 ? "0 AS \($0)" : "sum(a.\($0)) AS \($0)"
    }
    return (known + newer).joined(separator: ", ")
  }

  init(_ row: Row) throws {
    try self.init(counts: row)
    scoreSum = try row.sum("score_sum")
    scoreSquareSum = try row.sum("score_square_sum")
    scoreSquareRest = try row.sum("score_square_rest")
    negativeSum = try row.sum("negative_sum")
    neutralSum = try row.sum("neutral_sum")
    positiveSum = try row.sum("positive_sum")
  }

  /// The counts of a row, which must add up.
  init(counts row: Row) throws {
    self.init()
    tweets = try row.count("tweets")
    negative = try row.count("negative")
    neutral = try row.count("neutral")
    positive = try row.count("positive")
    undecided = try row.count("undecided")
    guard tweets == negative + neutral + positive + undecided else {
      throw Row.damage("tweets", "\(tweets) are not the sum of the labels")
    }
  }
}
