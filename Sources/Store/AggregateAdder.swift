import Aggregates
internal import GRDB

/// Adds the differences of one commit to the stored rows.
///
/// What counts tweets is always stored, however old: the event-time policy has judged it. What takes tweets back is
/// ignored where the row is not there any more, or counts fewer: no count becomes negative.
struct AggregateAdder {
  private let upsert: Statement
  private let change: Statement
  private let clean: Statement
  private let enterHour: Statement
  private let enterDay: Statement
  private let isMerged: Statement
  private var totals = DayTotals()

  init(_ db: Database) throws {
    upsert = try db.cachedStatement(sql: AggregateAdder.addition)
    change = try db.cachedStatement(sql: AggregateAdder.changing)
    clean = try db.cachedStatement(
      sql: """
        DELETE FROM aggregate WHERE topic_id = ? AND bucket_start = ? AND source_id = ?
          AND lang_id = ? AND model_id = ? AND tweets <= 0
        RETURNING \(Schema.figures.joined(separator: ", "))
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

  /// Changes what is there already, unless a count would become negative.
  private static let changing = """
    UPDATE aggregate
    SET \(Schema.figures.enumerated().map { "\($1) = \($1) + ?\($0 + 6)" }.joined(separator: ", "))
    WHERE topic_id = ?1 AND bucket_start = ?2 AND source_id = ?3 AND lang_id = ?4 AND model_id = ?5
    \(Schema.figures.prefix(Schema.countFigures).enumerated()
      .map { "AND \($1) + ?\($0 + 6) >= 0" }.joined(separator: " "))
    """

  /// Adds the differences; returns how many rows each source lost because there are too many topics.
  mutating func add(
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
        try count(
          [
            topic, bucket, try staged.id(.source, key.source, db), try staged.lang(key.lang, db),
            try staged.id(.model, key.model, db),
          ], value.columns, db)
        entered.insert(hour)
      } else if let topic = staged.known(.topic, key.topic),
        let source = staged.known(.source, key.source), let lang = staged.known(.lang, key.lang),
        let model = staged.known(.model, key.model)
      {
        try takeBack([topic, bucket, source, lang, model], value.columns, db)
      }
    }
    for start in entered {
      try enterHour.execute(arguments: [start])
      try enterDay.execute(arguments: [start - start % 86_400])
    }
    try totals.store(db)
    return dropped
  }

  private mutating func count(_ row: [Int64], _ columns: [Int64], _ db: Database) throws {
    var columns = columns
    if columns.contains(where: { $0 < 0 }) {
      try change.execute(arguments: StatementArguments(row + columns))
      if db.changesCount == 1 {
        totals.add(row, columns)
        return
      }
      columns = AggregateAdder.withoutDebts(columns)
    }
    try upsert.execute(arguments: StatementArguments(row + columns))
    totals.add(row, columns)
  }

  private mutating func takeBack(_ row: [Int64], _ columns: [Int64], _ db: Database) throws {
    try change.execute(arguments: StatementArguments(row + columns))
    guard db.changesCount == 1 else { return }
    totals.add(row, columns)
    guard let rest = try Row.fetchOne(clean, arguments: StatementArguments(row)) else { return }
    totals.add(row, try Schema.figures.map { try -rest.value($0, as: Int64.self) })
  }

  /// What is left to count where the part to take back has no row.
  private static func withoutDebts(_ columns: [Int64]) -> [Int64] {
    var columns = columns.map { max(0, $0) }
    columns[0] = columns[1..<Schema.countFigures].reduce(0, +)
    return columns
  }
}
