internal import GRDB
import Tweets

/// What pruning remembers in the table `state`.
enum PruneState {
  private static let forever: Int64 = -1

  static func clock(_ db: Database) throws -> ClockGuard {
    var clockGuard = ClockGuard(hold: try StateNumbers.get("clock_hold_ms", db) ?? 0)
    if let time = try StateNumbers.get("clock_time_ms", db),
      let uptime = try StateNumbers.get("clock_uptime_ms", db),
      let boot = try StateNumbers.get("clock_boot", db),
      (0...(Row.endOfTime * 1000)).contains(time), (0...(1 << 50)).contains(uptime)
    {
      clockGuard.last = ClockReading(
        time: Timestamp(milliseconds: time), uptime: uptime, boot: boot)
    }
    return clockGuard
  }

  static func set(_ clockGuard: ClockGuard, _ db: Database) throws {
    try StateNumbers.set("clock_hold_ms", clockGuard.hold, db)
    guard let last = clockGuard.last else { return }
    try StateNumbers.set("clock_time_ms", last.time.milliseconds, db)
    try StateNumbers.set("clock_uptime_ms", last.uptime, db)
    try StateNumbers.set("clock_boot", last.boot, db)
  }

  /// The retention in force; of a database that never said so, everything is kept.
  static func retention(_ db: Database) throws -> RetentionGuard {
    var retention = RetentionGuard(inForce: try read("retain", db) ?? Retention())
    retention.announced = try read("announced", db)
    retention.left = try StateNumbers.get("announced_left_ms", db) ?? 0
    return retention
  }

  static func set(_ retention: RetentionGuard, _ db: Database) throws {
    try write("retain", retention.inForce, db)
    if let announced = retention.announced {
      try write("announced", announced, db)
      try StateNumbers.set("announced_left_ms", retention.left, db)
    } else {
      try db.execute(sql: "DELETE FROM state WHERE name LIKE 'announced!_%' ESCAPE '!'")
    }
  }

  private static func read(_ name: String, _ db: Database) throws -> Retention? {
    guard let minutes = try StateNumbers.get("\(name)_minutes_s", db),
      let hours = try StateNumbers.get("\(name)_hours_s", db)
    else { return nil }
    func span(_ number: Int64) -> Int64? { (0...(1 << 40)).contains(number) ? number : nil }
    return Retention(minutes: span(minutes), hours: span(hours))
  }

  private static func write(_ name: String, _ retention: Retention, _ db: Database) throws {
    try StateNumbers.set("\(name)_minutes_s", retention.minutes ?? forever, db)
    try StateNumbers.set("\(name)_hours_s", retention.hours ?? forever, db)
  }
}
