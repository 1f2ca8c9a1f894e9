import Pipeline
import Testing

extension RateLimitedLog {
  /// `admits` at a moment, with no fields; an expectation cannot change a value itself.
  fileprivate mutating func note(
    _ source: String, _ reason: String = "r", count: Int = 1, at now: ContinuousClock.Instant
  ) -> Bool {
    admits(source: source, reason: reason, count: count, fields: [:], at: now)
  }
}

struct RateLimitedLogTests {
  private let begin = ContinuousClock.now

  @Test
  func `twenty thousand of them are five lines and a summary a minute, and their sum is right`() {
    var log = RateLimitedLog()
    var lines = 0
    var told = 0
    for number in 0..<20_000 {
      let now = begin + .milliseconds(number * 10)  // for 200 s
      if log.admits(
        source: "s", reason: number % 4 == 0 ? "cut" : "syntax", fields: ["line": "\(number)"],
        at: now)
      {
        lines += 1
        told += 1
      }
      for summary in log.takeSummaries(at: now) {
        lines += 1
        told += summary.count
      }
    }
    let last = log.takeSummaries(at: begin + .seconds(200), isLast: true)
    #expect(last.map(\.newest) == [["line": "19999"]])
    told += last.reduce(0) { $0 + $1.count }
    #expect(told == 20_000)
    #expect(lines + last.count == 5 + 3 + 1)
    let rest = log.takeSummaries(at: begin + .seconds(999), isLast: true)
    #expect(rest == [])
  }

  @Test func `reasons are counted, the most frequent first, and those beyond a few as other`() {
    var log = RateLimitedLog(first: 0)
    var told = 0
    for number in 0..<12 {
      for _ in 0..<(number == 3 ? 5 : 1) where log.note("s", "r\(number)", at: begin) { told += 1 }
    }
    #expect(told == 0)
    let summaries = log.takeSummaries(at: begin, isLast: true)
    #expect(
      summaries.map(\.reasons) == ["r3 5, other 4, r0 1, r1 1, r2 1, r4 1, r5 1, r6 1, r7 1"])
  }

  @Test func `sources are told apart, and one that was calm begins anew`() {
    var log = RateLimitedLog(first: 1)
    let first = [log.note("a", at: begin), log.note("b", at: begin), log.note("a", at: begin)]
    #expect(first == [true, true, false])
    let early = log.takeSummaries(at: begin + .seconds(59))
    #expect(early == [])
    let due = log.takeSummaries(at: begin + .seconds(60))
    #expect(due.map(\.source) == ["a"])
    // Nothing more came of `b` for a minute.
    let later = begin + .seconds(61)
    let second = [log.note("a", at: later), log.note("b", at: later)]
    #expect(second == [false, true])
    let next = log.takeSummaries(at: begin + .seconds(121))
    #expect(next.map(\.count) == [1])
    let none = log.takeSummaries(at: begin + .seconds(182))
    #expect(none == [])
    let anew = log.note("a", at: begin + .seconds(183))
    #expect(anew)
  }

  @Test func `one that stands for many leaves the rest to the summary`() {
    var log = RateLimitedLog()
    let isTold = log.note("s", count: 100, at: begin)
    #expect(isTold)
    let summaries = log.takeSummaries(at: begin, isLast: true)
    #expect(summaries.map(\.count) == [99])
  }
}
