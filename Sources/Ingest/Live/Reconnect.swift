package import Tweets

/// How long a live source waits before it connects again; a value, time passed in.
///
/// The waits are those of X's guide to consuming streams
/// (https://docs.x.com/x-api/fundamentals/handling-disconnections), and serve the other platforms too. Each kind of
/// failure has its own curve; the first byte of a good stream begins all of them anew.
package struct Reconnect: Sendable {
  /// What ended a connection, or an attempt at one.
  package enum Failure: Sendable, Equatable {
    /// A stream that was good ended or fell silent.
    case dropped
    /// The name, the network or the TLS failed.
    case network
    /// The server answered 5xx, or something else that may pass, such as too many connections.
    case unavailable
    /// The server answered 429 or 420; `reset` is when it will listen again, if it said so.
    case rateLimited(reset: Timestamp?)
    /// The server refuses us: wrong credentials, wrong address. Trying again does not help.
    case refused
  }

  private var networkFailures = 0
  private var unavailableFailures = 0
  private var rateLimitFailures = 0

  /// A source that has not failed yet.
  package init() {}

  /// The first byte of a good stream came.
  package mutating func established() { self = Reconnect() }

  /// How long to wait after a failure, in milliseconds; `now` is the time of day, for the server's reset.
  package mutating func wait(after failure: Failure, now: Timestamp) -> Int64 {
    switch failure {
    case .dropped: return 0
    case .network:
      networkFailures += 1
      return min(250 * Int64(networkFailures), 16_000)
    case .unavailable:
      unavailableFailures += 1
      return Reconnect.doubled(5000, unavailableFailures, cap: 320_000)
    case .rateLimited(let reset):
      rateLimitFailures += 1
      let curve = Reconnect.doubled(60_000, rateLimitFailures, cap: 960_000)
      // A reset that is absurdly far away is a mistake, of its clock or of ours.
      let untilReset = min(reset.map { $0.milliseconds - now.milliseconds } ?? 0, 3_600_000)
      return max(curve, untilReset)
    case .refused: return 900_000
    }
  }

  private static func doubled(_ first: Int64, _ times: Int, cap: Int64) -> Int64 {
    times > 20 ? cap : min(first << Int64(times - 1), cap)
  }
}
