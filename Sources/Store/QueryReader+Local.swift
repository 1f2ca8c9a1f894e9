import Aggregates
internal import GRDB
import Tweets

extension QueryReader {
  /// Minutes grouped by the hours and days of a zone, in the columns of the views.
  func localBuckets(
    _ granularity: Granularity, since: Timestamp?, until: Timestamp?, filter: RowFilter,
    zone: LocalZone
  ) throws(StoreError) -> ResultTable {
    // Whole buckets are wanted: the minutes read reach a day and a half beyond both limits.
    let margin: Int64 = 36 * 3600
    let since = since?.ceilingSeconds ?? QueryReader.always.lowerBound
    let until = until?.ceilingSeconds ?? QueryReader.always.upperBound
    return try access { db in
      var groups = LocalGroups(zone: zone, granularity: granularity)
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT t.name AS topic, a.bucket_start, \(try AggregateValue.sums(db))
          FROM topic t CROSS JOIN aggregate a ON a.topic_id = t.id
          \(filter.condition.isEmpty ? " WHERE" : filter.condition + " AND") a.bucket_start >= :since
            AND a.bucket_start < :until \(filter.topic == nil ? "" : "AND t.name = :topic")
            \(granularity == .minutely ? "AND \(Views.isMinute)" : "")
          GROUP BY t.name, a.bucket_start
          """,
        arguments: StatementArguments(["since": since - margin, "until": until + margin])
          + StatementArguments(filter.arguments))
      while let row = try rows.next() {
        groups.add(
          try AggregateValue(row), topic: try row.value("topic"),
          at: try row.bucketStart("bucket_start"))
      }
      let watermark = try StateNumbers.time("watermark", db)?.seconds ?? 0
      return groups.table(since: since, until: until, watermark: watermark)
    }
  }
}

/// Sums of minutes by local bucket and topic.
private struct LocalGroups {
  private struct Key: Hashable {
    var start: Int64
    var topic: String
  }

  private let zone: LocalZone
  private let granularity: Granularity
  private var sums: [Key: AggregateValue] = [:]
  private var ends: [Int64: Int64] = [:]
  private var current: Range<Int64> = 0..<0

  init(zone: LocalZone, granularity: Granularity) {
    self.zone = zone
    self.granularity = granularity
  }

  mutating func add(_ value: AggregateValue, topic: String, at minute: Int64) {
    if !current.contains(minute) {
      current = zone.extent(of: minute, granularity)
      ends[current.lowerBound] = current.upperBound
    }
    let key = Key(start: current.lowerBound, topic: topic)
    sums[key, default: AggregateValue()].merge(value)
  }

  func table(since: Int64, until: Int64, watermark: Int64) -> ResultTable {
    let rows = sums.filter { $0.key.start >= since && $0.key.start < until }
      .sorted { ($0.key.start, $0.key.topic) < ($1.key.start, $1.key.topic) }
      .map { key, value in
        row(key, value, isFinal: (ends[key.start] ?? Int64.max) <= watermark)
      }
    return ResultTable(columns: LocalGroups.columns, rows: rows)
  }

  private static let columns = [
    "bucket", "bucket_start", "topic", "tweets", "negative", "neutral", "positive", "score_mean",
    "score_sd", "positive_share", "positive_low", "positive_high", "negative_share", "negative_low",
    "negative_high", "final", "undecided", "negative_expected", "neutral_expected",
    "positive_expected",
  ]

  private func row(_ key: Key, _ value: AggregateValue, isFinal: Bool) -> [ResultTable.Value] {
    func real(_ number: Double?) -> ResultTable.Value {
      number.map { .real(($0 * 1_000_000).rounded() / 1_000_000) } ?? .null
    }
    return [
      .text(zone.text(key.start)), .integer(key.start), .text(key.topic), .integer(value.tweets),
      .integer(value.negative), .integer(value.neutral), .integer(value.positive),
      real(value.scoreMean), real(value.scoreDeviation), real(value.positiveShare),
      real(value.positiveInterval?.low), real(value.positiveInterval?.high),
      real(value.negativeShare), real(value.negativeInterval?.low),
      real(value.negativeInterval?.high), .integer(isFinal ? 1 : 0), .integer(value.undecided),
      real(value.negativeExpected), real(value.neutralExpected), real(value.positiveExpected),
    ]
  }
}
