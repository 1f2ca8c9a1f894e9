internal import GRDB
import Tweets

/// Values of a row with checked types and bounds.
///
/// GRDB's subscript ends the process when a value has another type, which a flipped bit on the device can cause. These
/// functions throw an error instead, which counts as damage of the database.
extension Row {
  /// The largest count that a sound database can hold; a few thousand of them add up without overflow.
  private static let mostCounted: Int64 = 1 << 50
  /// The first second after the year 9999, the last one that SQLite's date functions know.
  static let endOfTime: Int64 = 253_402_300_800

  /// The value of a column; throws for a missing column, another type, or NULL where none is expected.
  func value<T: DatabaseValueConvertible>(_ name: String, as type: T.Type = T.self) throws -> T {
    try decode(T.self, forColumn: name)
  }

  /// A number that is not negative.
  func count(_ name: String) throws -> Int64 {
    try bounded(name, 0...Row.mostCounted)
  }

  /// A sum of scores: not negative, and as large as it likes.
  func sum(_ name: String) throws -> Int64 { try bounded(name, 0...Int64.max) }

  /// The start of a bucket: a whole minute from 1970 to 9999, in seconds since the epoch.
  func bucketStart(_ name: String) throws -> Int64 {
    let start = try bounded(name, 0...(Row.endOfTime - 1))
    guard start % 60 == 0 else { throw Row.damage(name, "\(start) is not the start of a minute") }
    return start
  }

  /// A moment in milliseconds since the epoch; `Watermark.finished` is one.
  func moment(_ name: String) throws -> Timestamp {
    Timestamp(milliseconds: try bounded(name, -(Int64.max / 2)...(Int64.max / 2)))
  }

  /// A number between bounds.
  func bounded(_ name: String, _ bounds: ClosedRange<Int64>) throws -> Int64 {
    let number: Int64 = try value(name)
    guard bounds.contains(number) else { throw Row.damage(name, "\(number) cannot be") }
    return number
  }

  /// The error for a value that no sound database holds.
  static func damage(_ name: String, _ cause: String) -> DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: "column \(name): \(cause)")
  }
}
