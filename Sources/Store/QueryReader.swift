package import Aggregates
import Foundation
internal import GRDB
package import Tweets

/// Reads a database that a daemon may be writing, or has left, without changing anything.
package struct QueryReader: Sendable {
  let queue: DatabaseQueue
  let path: String

  /// Opens the database at `path` for reading only.
  package init(path: String) throws(StoreError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoreError(
        kind: .missing, operation: "read", subject: path, cause: "there is no such file",
        remedy: "start the daemon first, or name its database with --database")
    }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    self.path = path
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { db in try QueryReader.check(db, path) }
    } catch {
      throw StoreError(error, operation: "read", path: path)
    }
  }

  private static func check(_ db: Database, _ path: String) throws {
    let id = try Int64.fetchOne(db, sql: "PRAGMA application_id")
    let tables = try Int64.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM sqlite_schema
        WHERE name <> 'grdb_migrations' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
        """)
    guard id != 0 || tables != 0 else {
      throw StoreError(
        kind: .missing, operation: "read", subject: path,
        cause: "nothing is in it: the first start did not come to its end",
        remedy: "start the daemon, which begins it anew")
    }
    guard id == Schema.applicationID else {
      throw StoreError(
        kind: .foreign, operation: "read", subject: path,
        cause: "it is not a database of elmond", remedy: "name the daemon's with --database")
    }
    let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    // Version 2 added to version 1 and changed nothing that is read here.
    guard (1...Schema.version).contains(version) else {
      throw StoreError(
        kind: .newerSchema, operation: "read", subject: path,
        cause: "its schema has version \(version), this elmond reads \(Schema.version)",
        remedy: "use the elmond that wrote it, or let this one's daemon open it once")
    }
  }

  /// The buckets that begin at `since` or later and before `until`, in order of time and topic.
  ///
  /// Without a zone the buckets are those of the views, in UTC. With one, minutes are grouped by its
  /// hours and days, and `bucket` is local time with its offset.
  package func buckets(
    _ granularity: Granularity, since: Timestamp? = nil, until: Timestamp? = nil,
    topic: String? = nil, source: String? = nil, lang: String? = nil, zone: LocalZone? = nil
  ) throws(StoreError) -> ResultTable {
    let filter = RowFilter(topic: topic, source: source, lang: lang)
    if let zone {
      return try localBuckets(granularity, since: since, until: until, filter: filter, zone: zone)
    }
    let rows =
      filter.needsDetail
      ? "(\(Views.select(granularity, where: filter.condition)))" : granularity.rawValue
    return try table(
      """
      SELECT * FROM \(rows)
      WHERE bucket_start >= :since AND bucket_start < :until \(QueryReader.topic(filter))
      ORDER BY bucket_start, topic
      """, since: since, until: until, filter: filter)
  }

  /// The buckets by source, language and model, in UTC.
  package func detail(
    _ granularity: Granularity, since: Timestamp? = nil, until: Timestamp? = nil,
    topic: String? = nil
  ) throws(StoreError) -> ResultTable {
    let filter = RowFilter(topic: topic)
    return try table(
      """
      SELECT * FROM \(granularity.rawValue)_detail
      WHERE bucket_start >= :since AND bucket_start < :until \(QueryReader.topic(filter))
      ORDER BY bucket_start, topic, source, lang, model
      """, since: since, until: until, filter: filter)
  }

  /// The figures of the rolling windows, shortest first. All end with the newest bucket of the database, whatever the filter.
  package func rolling(
    topic: String? = nil, source: String? = nil, lang: String? = nil
  ) throws(StoreError) -> ResultTable {
    let filter = RowFilter(topic: topic, source: source, lang: lang)
    let rows =
      filter.needsDetail ? "(\(Views.selectRolling(where: filter.condition)))" : "rolling"
    return try table(
      """
      SELECT * FROM \(rows) WHERE TRUE \(QueryReader.topic(filter))
      ORDER BY CASE "window" WHEN '5m' THEN 1 WHEN '1h' THEN 2 ELSE 3 END, topic
      """, filter: filter)
  }

  /// The names that the database knows of a kind: sources or languages, in order.
  package func names(ofSources: Bool) throws(StoreError) -> [String] {
    try access { db in
      try String.fetchAll(
        db, sql: "SELECT name FROM \(ofSources ? "source" : "lang") ORDER BY name")
    }
  }

  /// The gaps of one source, or of all, that end after `since`, or have not ended, and begin before `until`.
  package func gaps(
    since: Timestamp? = nil, until: Timestamp? = nil, source: String? = nil
  ) throws(StoreError) -> ResultTable {
    try table(
      """
      SELECT * FROM gaps
      WHERE (to_time IS NULL OR to_time > strftime('%Y-%m-%dT%H:%M:%SZ', :since, 'unixepoch'))
        AND from_time < strftime('%Y-%m-%dT%H:%M:%SZ', :until, 'unixepoch')
        \(source == nil ? "" : "AND source = :source")
      """, since: since, until: until, filter: RowFilter(source: source))
  }

  /// The files that were looked at, of one source or of all.
  package func files(source: String? = nil) throws(StoreError) -> ResultTable {
    let isThere = try access { db in
      try Bool.fetchOne(db, sql: "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'files'")
    }
    guard isThere == true else {
      throw StoreError(
        kind: .missing, operation: "read the files in", subject: path,
        cause: "an older elmond wrote it, which kept no list of files",
        remedy: "let this elmond's daemon open it once")
    }
    return try access { db in
      let statement = try db.makeStatement(
        sql: "SELECT * FROM files \(source == nil ? "" : "WHERE source = ?")")
      let arguments = source.map { StatementArguments([$0]) } ?? StatementArguments()
      let rows = try Row.fetchAll(statement, arguments: arguments)
      return ResultTable(
        columns: statement.columnNames,
        rows: rows.map { row in row.databaseValues.map(ResultTable.Value.init) })
    }
  }

  /// All counters with what they mean, by source and name.
  package func counters() throws(StoreError) -> ResultTable {
    let counters = try access { db in try StatusInputs.counters(db) }
    let rows = counters.sorted { ($0.key.source, $0.key.name) < ($1.key.source, $1.key.name) }
    return ResultTable(
      columns: ["source", "name", "value", "meaning"],
      rows: rows.map { key, value in
        let meaning = CounterMeaning.of(key.name)
        return [
          .text(key.source), .text(key.name), .integer(value), meaning.map { .text($0) } ?? .null,
        ]
      })
  }

  /// The sums that hold between the counters, with the tweets that the aggregates hold.
  package func sums() throws(StoreError) -> [CounterSum] {
    try access { db in
      let totals = CounterTotals(try StatusInputs.counters(db))
      return [totals.decoded, totals.countedNow(try StatusInputs.counted(db))]
    }
  }

  /// Everything the status report says about the database.
  package func statusInputs() throws(StoreError) -> StatusInputs {
    try access { db in try StatusInputs(db, path: path, countsTweets: true) }
  }

  /// Reads the whole database and looks for damage; takes a second for each hundred megabytes or so.
  ///
  /// Returns the days whose figures differ from their checksum. Throws for a page or a row that is damaged.
  package func check() throws(StoreError) -> [Timestamp] {
    try access { db in
      var days: [Timestamp] = []
      try db.inTransaction(.deferred) {
        if try Int64.fetchOne(db, sql: "PRAGMA user_version") == Schema.version {
          try SchemaCheck.compareTables(db)
        }
        try DatabaseCheck.run(db)
        if try db.tableExists("day_total") { days = try DayTotals.mismatches(db) }
        return .commit
      }
      return days
    }
  }

  /// The bounds of time that SQLite's date functions know, for a missing limit.
  static let always = Int64(0)..<253_402_300_799  // 1970 … 9999

  private func table(
    _ sql: String, since: Timestamp? = nil, until: Timestamp? = nil,
    filter: RowFilter = RowFilter()
  ) throws(StoreError) -> ResultTable {
    var arguments: [String: any DatabaseValueConvertible] = filter.arguments
    if sql.contains(":since") {
      arguments["since"] = since.map { $0.ceilingSeconds } ?? QueryReader.always.lowerBound
      arguments["until"] = until.map { $0.ceilingSeconds } ?? QueryReader.always.upperBound
    }
    return try access { db in
      let statement = try db.makeStatement(sql: sql)
      let rows = try Row.fetchAll(statement, arguments: StatementArguments(arguments))
      for row in rows where row.hasColumn("bucket_start") {
        _ = try row.bucketStart("bucket_start")
        _ = try AggregateValue(counts: row)
      }
      return ResultTable(
        columns: statement.columnNames,
        rows: rows.map { row in row.databaseValues.map(ResultTable.Value.init) })
    }
  }

  /// The condition for one topic; left out without one, so that SQLite plans for what is asked.
  private static func topic(_ filter: RowFilter) -> String {
    filter.topic == nil ? "" : "AND topic = :topic"
  }

  func access<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try queue.inDatabase(body) } catch {
      throw StoreError(error, operation: "read", path: path)
    }
  }
}

extension ResultTable.Value {
  init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .real(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .text(data.map { String($0, radix: 16) }.joined())
    }
  }
}

extension Timestamp {
  /// Whole seconds, rounded up: a bucket that begins before the moment does not count as after it.
  var ceilingSeconds: Int64 { Timestamp(milliseconds: milliseconds + 999).seconds }
}
