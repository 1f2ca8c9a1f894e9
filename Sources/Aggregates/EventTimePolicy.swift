package import Tweets

/// Which bucket a tweet belongs to when its own time is missing, in the future, or long past.
package struct EventTimePolicy: Sendable, Equatable {
  /// What was decided for a tweet.
  package enum Placement: Sendable, Equatable {
    /// The tweet counts at its own time.
    case eventTime(Timestamp)
    /// Its time lies in the future: it counts at its arrival.
    case clockSkew(Timestamp)
    /// Its record has no time: it counts at its arrival.
    case arrival(Timestamp)
    /// Its time is not understood, and it is not counted.
    case untimed
    /// It is older than what is kept, and is not counted.
    case lateDropped

    /// The time that decides the bucket; nil for a tweet that is not counted.
    package var time: Timestamp? {
      switch self {
      case .eventTime(let time), .clockSkew(let time), .arrival(let time): time
      case .untimed, .lateDropped: nil
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

  /// Places a tweet with that time that arrived at `arrival`.
  ///
  /// A time more than a day in the future is in a wrong unit or year, and not understood.
  package func place(_ time: TweetTime, arrival: Timestamp) -> Placement {
    switch time {
    case .unread: return .untimed
    case .missing: return .arrival(arrival)
    case .known(let createdAt):
      let age = arrival.milliseconds - createdAt.milliseconds
      if age < -EventTimePolicy.longestSkew * 1000 { return .untimed }
      if age < -futureTolerance * 1000 { return .clockSkew(arrival) }
      if let retention, age > retention * 1000 { return .lateDropped }
      return .eventTime(createdAt)
    }
  }

  /// How far ahead a clock may be at all, in seconds.
  package static let longestSkew: Int64 = 86_400
}
