import Aggregates
internal import GRDB
import Tweets

/// A checksum of each day's rows, kept beside them in the same transactions.
///
/// A row's share of the checksum is the sum of its figures, each times a factor that its key and column give. So a
/// difference changes the checksum without the row being read. The factors are odd: no flip of a single bit in a figure
/// goes unseen. A minute has the factors of its quarter of an hour, as merging minutes must not change the sum.
struct DayTotals {
  private struct Total: Equatable {
    var tweets: Int64 = 0
    var checksum: UInt64 = 0

    mutating func add(_ row: [Int64], _ columns: [Int64]) {
      if row[0] == Schema.allTopicID { tweets &+= columns[0] }
      var state = DayTotals.seed(row)
      for figure in columns {
        state = DayTotals.mix(state)
        checksum &+= (state | 1) &* UInt64(bitPattern: figure)
      }
    }
  }

  private var changes: [Int64: Total] = [:]

  /// The table: day, tweets of all topics together, checksum.
  static let table = """
    CREATE TABLE day_total (
      day INTEGER PRIMARY KEY, tweets INTEGER NOT NULL, checksum INTEGER NOT NULL
    ) STRICT
    """

  /// Adds figures to a row: its topic, bucket, source, language and model, and the figures in the order of the schema.
  mutating func add(_ row: [Int64], _ columns: [Int64]) {
    changes[Timestamp.floorDivide(row[1], 86_400), default: Total()].add(row, columns)
  }

  /// Takes the rows of `condition` away, which are about to be deleted.
  mutating func remove(
    where condition: String, arguments: StatementArguments, _ db: Database
  ) throws {
    try DayTotals.forEachRow(db, where: condition, arguments: arguments) { row, columns in
      add(row, columns.map { 0 &- $0 })
    }
  }

  /// Stores the changes since the last call.
  mutating func store(_ db: Database) throws {
    let read = try db.cachedStatement(sql: "SELECT tweets, checksum FROM day_total WHERE day = ?")
    let write = try db.cachedStatement(sql: "INSERT OR REPLACE INTO day_total VALUES (?, ?, ?)")
    let drop = try db.cachedStatement(sql: "DELETE FROM day_total WHERE day = ?")
    for (day, change) in changes where change != Total() {
      var total = change
      if let row = try Row.fetchOne(read, arguments: [day]) {
        total.tweets &+= try row.value("tweets", as: Int64.self)
        total.checksum &+= UInt64(bitPattern: try row.value("checksum", as: Int64.self))
      }
      if total == Total() {
        try drop.execute(arguments: [day])
      } else {
        let checksum = Int64(bitPattern: total.checksum)
        try write.execute(arguments: [day, total.tweets, checksum])
      }
    }
    changes = [:]
  }

  /// Fills the table from the rows that are there.
  static func rebuild(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM day_total")
    var totals = DayTotals()
    try forEachRow(db, where: "TRUE", arguments: []) { totals.add($0, $1) }
    try totals.store(db)
  }

  /// The days whose rows differ from their total, each by its first second.
  static func mismatches(_ db: Database) throws -> [Timestamp] {
    var found = DayTotals()
    try forEachRow(db, where: "TRUE", arguments: []) { found.add($0, $1) }
    var days = found.changes
    for row in try Row.fetchAll(db, sql: "SELECT day, tweets, checksum FROM day_total") {
      let day = try row.bounded("day", 0...(Row.endOfTime / 86_400))
      let total = Total(
        tweets: try row.value("tweets"),
        checksum: UInt64(bitPattern: try row.value("checksum", as: Int64.self)))
      if days[day, default: Total()] == total { days[day] = nil } else { days[day] = total }
    }
    return days.filter { $0.value != Total() }.keys.sorted()
      .map { Timestamp(seconds: $0 * 86_400) }
  }

  private static func forEachRow(
    _ db: Database, where condition: String, arguments: StatementArguments,
    _ body: ([Int64], [Int64]) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT topic_id, bucket_start, source_id, lang_id, model_id,
          \(Schema.figures.joined(separator: ", "))
        FROM aggregate WHERE topic_id IN (SELECT id FROM topic) AND \(condition)
        """, arguments: arguments)
    while let row = try rows.next() {
      let numbers = try (0..<(5 + Schema.figures.count)).map {
        try row.decode(Int64.self, atIndex: $0)
      }
      try body(Array(numbers[..<5]), Array(numbers[5...]))
    }
  }

  private static func seed(_ row: [Int64]) -> UInt64 {
    var state: UInt64 = 0x656C_6D64
    for number in [row[0], AggregateKey.quarter(row[1]), row[2], row[3], row[4]] {
      state = mix(state ^ UInt64(bitPattern: number))
    }
    return state
  }

  /// One step of SplitMix64.
  private static func mix(_ number: UInt64) -> UInt64 {
    var z = number &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
