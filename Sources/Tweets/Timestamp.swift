/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z, negative before.
  package var milliseconds: Int64

  /// No tweet is older than this: the first one was written in March 2006.
  package static let firstTweet = Timestamp(seconds: 1_136_073_600)  // 2006-01-01

  /// A moment from milliseconds since the epoch.
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// A moment from whole seconds since the epoch.
  package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

  /// Whole seconds since the epoch, rounded towards the past.
  package var seconds: Int64 { Timestamp.floorDivide(milliseconds, 1000) }

  /// The earlier moment is the lesser one.
  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// The quotient rounded towards negative infinity, so that buckets before 1970 come out right.
  package static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let quotient = a / b
    return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient
  }
}
