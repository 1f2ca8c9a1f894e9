package import Tweets

/// The life of a live source's connection: when to connect, when to give one up; a value, time passed in.
package struct Link: Sendable {
  /// What the link is at.
  package enum Phase: Sendable, Equatable {
    /// Nothing is open; a connection is due at that moment.
    case waiting(until: ContinuousClock.Instant)
    /// A request is under way since that moment, and nothing good has come yet.
    case connecting(since: ContinuousClock.Instant)
    /// A good stream; its last complete line came at that moment.
    case open(lastLine: ContinuousClock.Instant)
  }

  /// What the source has to do now.
  package enum Action: Sendable, Equatable {
    /// Wait for so long at most.
    case wait(Duration)
    /// Connect.
    case connect
    /// Read what comes.
    case read
    /// Give the connection up: no complete line came in time.
    case giveUp
  }

  /// What the link is at.
  package private(set) var phase: Phase
  /// Connections that were good at first, since the start.
  package private(set) var connections = 0
  /// A stream that lives shorter than this was no good one, whatever its first byte said.
  private static let goodLife: Duration = .seconds(20)

  private let patience: Duration
  private var opened: ContinuousClock.Instant?
  private var shortLives: Int64 = 0
  private var reconnect = Reconnect()
  private var budget: ConnectBudget
  private let jitter: @Sendable () -> Double

  /// A link that connects at once; `patience`: how long a stream may be without a complete line. `jitter` gives a
  /// share of 0 … 1 of a tenth that every wait is made longer by.
  package init(
    patience: Duration, now: ContinuousClock.Instant, budget: ConnectBudget = ConnectBudget(),
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.patience = patience
    self.budget = budget
    self.jitter = jitter
    phase = .waiting(until: now)
  }

  /// What is to be done at that moment.
  package func action(at now: ContinuousClock.Instant) -> Action {
    switch phase {
    case .waiting(let until): now >= until ? .connect : .wait(until - now)
    case .connecting(let since), .open(let since): now - since >= patience ? .giveUp : .read
    }
  }

  /// A request goes out.
  package mutating func connecting(at now: ContinuousClock.Instant) {
    opened = nil
    phase = .connecting(since: now)
  }

  /// A complete line came (a post, a heartbeat, a comment), or a pong; true for the first of a connection.
  @discardableResult
  package mutating func heard(at now: ContinuousClock.Instant) -> Bool {
    var isFirst = false
    if case .connecting = phase { isFirst = true }
    if isFirst {
      reconnect.established()
      budget.spend(at: now)
      opened = now
      connections += 1
    }
    phase = .open(lastLine: now)
    return isFirst
  }

  /// The connection, or the attempt at one, is over; returns how long the link will wait.
  @discardableResult
  package mutating func failed(
    _ failure: Reconnect.Failure, at now: ContinuousClock.Instant, wall: Timestamp
  ) -> Duration {
    var curve = reconnect.wait(after: failure, now: wall)
    switch failure {
    case .dropped: curve = waitAfterDrop(at: now)
    case .network: break  // It did not reach the server, which counts what does.
    case .unavailable, .rateLimited, .refused: budget.spend(at: now)
    }
    let jittered = curve + Int64(Double(curve) / 10 * jitter())
    let until = max(now + .milliseconds(jittered), budget.earliest(at: now))
    phase = .waiting(until: until)
    return until - now
  }

  /// At once after a good stream; streams that end as soon as they begin wait as network errors do, or a server that
  /// takes and drops us would use up all the connections that are allowed.
  private mutating func waitAfterDrop(at now: ContinuousClock.Instant) -> Int64 {
    let isGood = opened.map { now - $0 >= Link.goodLife } ?? false
    shortLives = isGood ? 0 : shortLives + 1
    return min(250 * max(0, shortLives - 1), 16_000)
  }

  /// Waits until that moment, whatever was due.
  package mutating func rest(until moment: ContinuousClock.Instant) {
    phase = .waiting(until: moment)
  }

  /// True while a good stream is open.
  package var isOpen: Bool { if case .open = phase { true } else { false } }
}
