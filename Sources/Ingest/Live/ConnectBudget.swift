/// Keeps a source from connecting more often than the server allows, whatever ended its connections; a value.
package struct ConnectBudget: Sendable {
  private let most: Int
  private let window: Duration
  private var attempts: [ContinuousClock.Instant] = []

  /// At most `most` connections in any `window`; X allows 50 in 15 minutes.
  package init(most: Int = 50, window: Duration = .seconds(900)) {
    precondition(most > 0, "a source needs at least 1 connection, not \(most)")
    self.most = most
    self.window = window
  }

  /// Notes an attempt.
  package mutating func spend(at now: ContinuousClock.Instant) {
    if attempts.count == most { attempts.removeFirst() }
    attempts.append(now)
  }

  /// The moment from which another attempt is allowed.
  package func earliest(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    attempts.count < most ? now : max(now, attempts[0] + window)
  }
}
