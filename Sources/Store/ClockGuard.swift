package import Tweets

/// Decides whether the time of day may be believed, before anything is deleted for its age.
///
/// Within one start of the machine the time must advance as the uptime does. After a restart of the machine it must lie
/// near the newest evidence of time in the database. Once it does not, a day of running time must pass in which it does.
package struct ClockGuard: Equatable {
  /// How far the time may lie from the evidence, in milliseconds.
  package static let tolerance: Int64 = 86_400_000
  /// How long nothing is deleted after a disagreement, in milliseconds.
  package static let pause: Int64 = 86_400_000

  /// What was decided.
  package enum Verdict: Equatable {
    /// The time is believed.
    case agrees
    /// The time differs from what it should be.
    case disagrees(expected: Timestamp)
    /// It agrees again, and has to do so for some time yet, in milliseconds.
    case waits(Int64)
  }

  /// The reading of the last decision.
  package var last: ClockReading?
  /// How long nothing is deleted yet, in milliseconds.
  package var hold: Int64 = 0

  /// A guard that has seen a reading, or none yet.
  package init(last: ClockReading? = nil, hold: Int64 = 0) {
    self.last = last
    self.hold = hold
  }

  /// Judges a reading; returns the verdict, and how much time has passed since the last one by both clocks.
  package mutating func judge(
    _ now: ClockReading, evidence: Timestamp?
  ) -> (verdict: Verdict, elapsed: Int64) {
    var expected = evidence
    var elapsed: Int64 = 0
    if let last, last.boot == now.boot, now.uptime >= last.uptime {
      let passed = now.uptime - last.uptime
      expected = Timestamp(milliseconds: last.time.milliseconds + passed)
      elapsed = max(0, min(passed, now.time.milliseconds - last.time.milliseconds))
    }
    last = now
    if let expected,
      abs(now.time.milliseconds - expected.milliseconds) > ClockGuard.tolerance
    {
      hold = ClockGuard.pause
      return (.disagrees(expected: expected), 0)
    }
    hold = max(0, hold - elapsed)
    return (hold > 0 ? .waits(hold) : .agrees, elapsed)
  }
}
