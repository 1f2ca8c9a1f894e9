package import Tweets

/// Which bucket a tweet belongs to when its own time is missing, in the future, or long past.
package struct EventTimePolicy: Sendable, Equatable {
  /// What was decided for a tweet.
  package enum Placement: Sendable, Equatable {
    /// The tweet counts at its own time.
    case eventTime(Timestamp)
    /// Its time lies in the future: it counts at its arrival.
    case clockSkew(Timestamp)
    /// It has no time: it counts at its arrival.
    case untimed(Timestamp)
    /// It is older than what is kept, and is not counted.
    case lateDropped

    /// The time that decides the bucket; nil for a dropped tweet.
    package var time: Timestamp? {
      switch self {
      case .eventTime(let time), .clockSkew(let time), .untimed(let time): time
      case .lateDropped: nil
      }
    }
  }

  /// How far ahead of the arrival a tweet's time may lie, in seconds.
  package var futureTolerance: Int64
  /// How old a tweet may be, in seconds; nil keeps everything.
  package var retention: Int64?

  /// A policy from its limits in seconds.
  package init(futureTolerance: Int64 = 300, retention: Int64? = nil) {
    self.futureTolerance = futureTolerance
    self.retention = retention
  }

  /// Places a tweet that was written at `createdAt` and arrived at `arrival`.
  ///
  /// A time before 1970 is a field that nobody filled in.
  package func place(createdAt: Timestamp?, arrival: Timestamp) -> Placement {
    guard let createdAt, createdAt.milliseconds > 0 else { return .untimed(arrival) }
    let age = arrival.milliseconds - createdAt.milliseconds
    if age < -futureTolerance * 1000 { return .clockSkew(arrival) }
    if let retention, age > retention * 1000 { return .lateDropped }
    return .eventTime(createdAt)
  }
}
