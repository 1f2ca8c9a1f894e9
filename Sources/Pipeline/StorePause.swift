package import Tweets

/// What is told while calls of the store fail for passing reasons; a value, time passed in.
///
/// A database that another program locks for a moment is worth no word. One that stays locked is told of once, and
/// once more when it is free; so is any other failure, at once.
package struct StorePause: Sendable {
  /// Something that the log must be told.
  package struct Words: Sendable, Equatable {
    /// A fixed phrase.
    package var phrase: String
    /// Its fields.
    package var fields: [(String, String)]
    /// Why the pipeline stands still, for the report.
    package var reason: String

    /// Compares all of it.
    package static func == (left: Words, right: Words) -> Bool {
      left.phrase == right.phrase && left.reason == right.reason
        && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }
  }

  /// For how long a lock is waited for without a word.
  package static let patience: Duration = .seconds(2)

  private var failing = 0
  private var since: (instant: ContinuousClock.Instant, time: Timestamp)?
  private var isTold = false
  private var isLocked = false

  /// Nothing fails yet.
  package init() {}

  /// A call failed for the first time.
  package mutating func begin(at instant: ContinuousClock.Instant, _ time: Timestamp) {
    failing += 1
    if failing == 1 { since = (instant, time) }
  }

  /// A call that has begun to fail fails: what to tell, at most once until all is well again.
  package mutating func fails(
    _ reason: String, isLocked: Bool, at instant: ContinuousClock.Instant
  ) -> Words? {
    guard !isTold, let since, !isLocked || instant - since.instant >= StorePause.patience else {
      return nil
    }
    isTold = true
    self.isLocked = isLocked
    guard isLocked else {
      return Words(phrase: "store paused", fields: [("reason", reason)], reason: reason)
    }
    let begin = Timestamp(seconds: since.time.seconds)
    return Words(
      phrase: "the database is locked by another program",
      fields: [("since", "\(begin)"), ("reason", reason)],
      reason: "locked by another program since \(begin); commits are tried again until it is free")
  }

  /// A call that failed is over, `isWell` when it did its work in the end. Returns whether no other one fails, and what
  /// to tell then.
  package mutating func end(
    isWell: Bool, at instant: ContinuousClock.Instant
  ) -> (isOver: Bool, words: Words?) {
    failing -= 1
    guard failing == 0, let since else { return (failing == 0, nil) }
    defer {
      self.since = nil
      isTold = false
    }
    guard isTold, isWell else { return (true, nil) }
    let seconds = (instant - since.instant).components.seconds
    let words = Words(
      phrase: isLocked ? "the database is free again" : "store resumed",
      fields: [("paused_seconds", "\(seconds)")], reason: "")
    return (true, words)
  }
}
