import Aggregates
internal import GRDB

/// Adds the differences of one commit to the stored rows.
///
/// What counts tweets is always stored, however old: the event-time policy has judged it. What takes
/// tweets back is ignored when the row is not there any more.
struct AggregateAdder {
  private let upsert: Statement
  private let clean: Statement
  private let enterHour: Statement
  private let enterDay: Statement
  private let isMerged: Statement

  init(_ db: Database) throws {
    upsert = try db.cachedStatement(sql: AggregateAdder.addition)
    clean = try db.cachedStatement(
      sql: """
        DELETE FROM aggregate WHERE topic_id = ? AND bucket_start = ? AND source_id = ?
          AND lang_id = ? AND model_id = ? AND tweets <= 0
        """)
    enterHour = try db.cachedStatement(sql: "INSERT OR IGNORE INTO hour (start) VALUES (?)")
    enterDay = try db.cachedStatement(sql: "INSERT OR IGNORE INTO day VALUES (?)")
    isMerged = try db.cachedStatement(sql: "SELECT merged FROM hour WHERE start = ?")
  }

  /// Adds to what is there already.
  private static let addition = """
    INSERT INTO aggregate VALUES (?, ?, ?, ?, ?\
    \(String(repeating: ", ?", count: Schema.figures.count)))
    ON CONFLICT DO UPDATE SET
    \(Schema.figures.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
    """

  /// Adds the differences; returns how many rows each source lost because there are too many topics.
  func add(
    _ aggregates: [AggregateKey: AggregateValue], _ staged: inout Dimensions, _ db: Database
  ) throws -> [CounterKey: Int64] {
    var dropped: [CounterKey: Int64] = [:]
    var merged: [Int64: Bool] = [:]
    var entered = Set<Int64>()
    for (key, value) in aggregates where !value.isZero {
      let hour = key.bucketStart - key.bucketStart % 3600
      if merged[hour] == nil {
        merged[hour] = try Bool.fetchOne(isMerged, arguments: [hour]) ?? false
      }
      let bucket =
        merged[hour] == true ? AggregateKey.quarter(key.bucketStart) : key.bucketStart
      if value.tweets > 0 {
        guard let topic = try staged.topic(key.topic, db) else {
          dropped[CounterKey(source: key.source, name: "topics_dropped"), default: 0] += 1
          continue
        }
        let row = [
          topic, bucket, try staged.id(.source, key.source, db), try staged.lang(key.lang, db),
          try staged.id(.model, key.model, db),
        ]
        try upsert.execute(arguments: StatementArguments(row + value.columns))
        entered.insert(hour)
      } else if let topic = staged.known(.topic, key.topic),
        let source = staged.known(.source, key.source), let lang = staged.known(.lang, key.lang),
        let model = staged.known(.model, key.model)
      {
        let row = [topic, bucket, source, lang, model]
        try upsert.execute(arguments: StatementArguments(row + value.columns))
        try clean.execute(arguments: StatementArguments(row))
      }
    }
    for start in entered {
      try enterHour.execute(arguments: [start])
      try enterDay.execute(arguments: [start - start % 86_400])
    }
    return dropped
  }
}
