package import Tweets

/// What pruning would do, and whether it may.
package struct PrunePlan: Sendable, Equatable {
  /// Rows that go for their age.
  package struct Rows: Sendable, Equatable {
    /// Rows that are dropped.
    package var dropped: Int64 = 0
    /// The tweets that they count.
    package var tweets: Int64 = 0
    /// Minute rows that are merged into quarters of an hour.
    package var merged: Int64 = 0

    /// True when no row goes.
    package var isEmpty: Bool { dropped == 0 && merged == 0 }
  }

  /// A shorter retention that is not in force yet.
  package struct Waiting: Sendable, Equatable {
    /// The rows that it will take.
    package var rows: Rows
    /// How long it waits yet, in milliseconds of running time.
    package var left: Int64
  }

  /// Why nothing may be pruned.
  package enum Obstacle: Sendable, Equatable {
    /// The time of day lies more than a day from what it should be.
    case clock(expected: Timestamp)
    /// It did so less than a day ago; so many milliseconds are left.
    case clockWasWrong(left: Int64)
  }

  /// The moment of the plan.
  package var now: Timestamp
  /// The retention that is in force.
  package var retention: Retention
  /// The rows that it takes now.
  package var rows = Rows()
  /// Why nothing may be pruned; nil when it may.
  package var obstacle: Obstacle?
  /// A shorter retention that waits; nil when none does.
  package var waiting: Waiting?
}
