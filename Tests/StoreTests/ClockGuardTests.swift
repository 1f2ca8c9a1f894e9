import Testing
import Tweets

import Store

struct ClockGuardTests {
  private static let day: Int64 = 86_400_000
  private static let hour: Int64 = 3_600_000

  /// A reading `milliseconds` after the start of the test, with the clock set `ahead`.
  private func reading(_ milliseconds: Int64, ahead: Int64 = 0, boot: Int64 = 1) -> ClockReading {
    ClockReading(
      time: Timestamp(milliseconds: 1_800_000_000_000 + milliseconds + ahead),
      uptime: 1000 + milliseconds, boot: boot)
  }

  private let start = Timestamp(milliseconds: 1_800_000_000_000)

  @Test func `a clock that advances with the uptime is believed, however long the pause`() {
    var clockGuard = ClockGuard()
    #expect(clockGuard.judge(reading(0), evidence: start).verdict == .agrees)
    let (verdict, elapsed) = clockGuard.judge(reading(90 * Self.day), evidence: start)
    #expect(verdict == .agrees)
    #expect(elapsed == 90 * Self.day)
  }

  @Test(arguments: [3, 450, -3, -450])
  func `a clock that was set waits for a day of running time after it is right again`(
    _ days: Int64
  ) {
    var clockGuard = ClockGuard()
    _ = clockGuard.judge(reading(0), evidence: start)
    let wrong = clockGuard.judge(reading(1000, ahead: days * Self.day), evidence: start)
    #expect(
      wrong.verdict == .disagrees(expected: Timestamp(milliseconds: start.milliseconds + 1000)))
    // The evidence of a run with the wrong clock does not help.
    let late = Timestamp(milliseconds: start.milliseconds + days * Self.day)
    let still = clockGuard.judge(reading(2000, ahead: days * Self.day), evidence: late)
    #expect(still.verdict == .waits(ClockGuard.pause - 1000))
    guard case .disagrees = clockGuard.judge(reading(3000), evidence: late).verdict else {
      Issue.record("the way back is a change too")
      return
    }
    var now: Int64 = 3000
    for _ in 0..<23 {
      now += Self.hour
      guard case .waits = clockGuard.judge(reading(now), evidence: late).verdict else {
        Issue.record("pruned after \(now) ms")
        return
      }
    }
    #expect(clockGuard.judge(reading(now + Self.hour), evidence: late).verdict == .agrees)
  }

  @Test func `after a restart of the machine the database is the evidence`() {
    var clockGuard = ClockGuard()
    _ = clockGuard.judge(reading(0), evidence: start)
    #expect(clockGuard.judge(reading(1000, boot: 2), evidence: start).verdict == .agrees)
    guard
      case .disagrees = clockGuard.judge(
        reading(2000, ahead: 40 * Self.day, boot: 3), evidence: start
      ).verdict
    else {
      Issue.record("a clock 40 days ahead was believed")
      return
    }
    // Part of the day may pass before another restart.
    let left = clockGuard.judge(
      reading(2000 + 10 * Self.hour, ahead: 40 * Self.day, boot: 3), evidence: start)
    #expect(left.verdict == .waits(ClockGuard.pause - 10 * Self.hour))
  }

  @Test func `an empty database has nothing to lose`() {
    var clockGuard = ClockGuard()
    #expect(clockGuard.judge(reading(0), evidence: nil).verdict == .agrees)
  }

  @Test func `a shorter retention waits, a longer one does not, and a correction takes it back`() {
    var guardOfRows = RetentionGuard(inForce: Retention())
    let short = Retention(minutes: 86_400, hours: 10 * 86_400)
    guardOfRows.want(short, elapsed: 0) { _ in false }
    #expect(guardOfRows.inForce == Retention())
    #expect(guardOfRows.announced == short)
    guardOfRows.want(short, elapsed: 23 * Self.hour) { _ in false }
    #expect(guardOfRows.inForce == Retention())
    guardOfRows.want(Retention(), elapsed: Self.hour) { _ in false }
    #expect(guardOfRows == RetentionGuard(inForce: Retention()))
    guardOfRows.want(short, elapsed: 0) { _ in false }
    guardOfRows.want(short, elapsed: 24 * Self.hour) { _ in false }
    #expect(guardOfRows == RetentionGuard(inForce: short))
    let mixed = Retention(minutes: 2 * 86_400, hours: 5 * 86_400)
    guardOfRows.want(mixed, elapsed: 0) { _ in false }
    #expect(guardOfRows.inForce == Retention(minutes: 2 * 86_400, hours: 10 * 86_400))
    guardOfRows.want(Retention(hours: 3 * 86_400), elapsed: 0) { _ in true }
    #expect(guardOfRows == RetentionGuard(inForce: Retention(hours: 3 * 86_400)))
  }
}
