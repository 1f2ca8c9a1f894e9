import Testing
import Training

struct ProgressReporterTests {
  @Test func `a terminal gets a bar with rate and time left`() {
    var reporter = ProgressReporter(
      "embedding", total: 1000, unit: "tweets", style: .bar(columns: 80), start: 100)
    #expect(
      reporter.report(done: 0, at: 100)
        == "embedding 0% [>.............................] 0/1000, starting")
    #expect(reporter.report(done: 100, at: 100.05) == nil)
    #expect(
      reporter.report(done: 250, at: 105)
        == "embedding 25% [=======>......................] 250/1000, 50 tweets/s, 15s left")
    #expect(
      reporter.report(done: 1000, at: 300)
        == "embedding 100% [===========================] 1000/1000, 5.0 tweets/s, took 3m20s")
  }

  @Test(arguments: [0, 1, 10, 20, 40, 60, 100, 300])
  func `a bar never leaves its columns`(columns: Int) {
    var reporter = ProgressReporter(
      "embedding", total: 10_729, unit: "tweets", style: .bar(columns: columns), start: 0)
    for second in 1...20 {
      let line = reporter.report(done: second * 500, at: Double(second) * 60) ?? ""
      #expect(line.count <= columns)
    }
  }

  @Test func `a file gets a line each tenth and each half minute`() {
    var reporter = ProgressReporter(
      "embedding", total: 200, unit: "tweets", style: .lines, start: 0)
    var lines: [String] = []
    for done in 1...200 {
      if let line = reporter.report(done: done, at: Double(done)) { lines.append(line) }
    }
    #expect(lines.count == 11)
    #expect(lines[1] == "embedding: 20/200 (10%), 1.0 tweets/s, 3m00s left")
    #expect(lines[10] == "embedding: 200/200 (100%), 1.0 tweets/s, took 3m20s")
    var slow = ProgressReporter("work", total: 100, unit: "rows", style: .lines, start: 0)
    _ = slow.report(done: 1, at: 1)
    #expect(slow.report(done: 2, at: 20) == nil)
    #expect(slow.report(done: 3, at: 31) != nil)
  }

  @Test(arguments: [(7.2, "7s"), (185, "3m05s"), (7449, "2h04m"), (1e9, "over 99h"), (-1, "0s")])
  func `durations are short`(seconds: Double, text: String) {
    #expect(ProgressReporter.duration(seconds) == text)
  }
}
