import Aggregates
import Foundation
import Testing
import Tweets

import Report

struct StatusReportTests {
  private static func value(_ negative: Int64, _ neutral: Int64, _ positive: Int64)
    -> AggregateValue
  {
    var value = AggregateValue()
    for (label, count, score, probabilities) in [
      (Label.negative, negative, Int64(100_000), [Int64(800_000), 200_000, 0]),
      (.neutral, neutral, 500_000, [0, 1_000_000, 0]),
      (.positive, positive, 900_000, [0, 200_000, 800_000]),
    ] {
      for _ in 0..<count {
        value.merge(AggregateValue(label: label, score: score, probabilities: probabilities))
      }
    }
    return value
  }

  private static func figures(_ topic: String, scale: Int64) -> TopicFigures {
    TopicFigures(
      topic: topic,
      windows: [
        .fiveMinutes: value(scale, 0, scale), .hour: value(5 * scale, scale, 3 * scale),
        .day: value(50 * scale, 10 * scale, 40 * scale),
      ],
      hours: (0..<24).map { hour in hour % 7 == 3 ? AggregateValue() : value(23 - hour, 1, hour) })
  }

  static let full: StatusReport = {
    let now = Timestamp(seconds: 1_800_000_000)
    var report = StatusReport(
      version: "0.1.0", started: Timestamp(seconds: 1_799_800_000), now: now)
    report.sources = [
      .init(
        name: "archive", kind: "file", state: "following", rate: 12.34, delay: 0.031,
        newestAge: 3.2, tweets: 1_234_567),
      .init(name: "spool\u{1B}[31m", kind: "directory", state: "waiting for files", tweets: 0),
    ]
    report.topics = [
      figures("all", scale: 20), figures("débat 日本の話題 🔥", scale: 3),
      figures("evil\u{202E}\u{1B}]0;x\u{07}name", scale: 1),
      figures(String(repeating: "very long name ", count: 6), scale: 0),
    ]
    report.interval = 10
    report.newestBucket = Timestamp(seconds: 1_799_999_940)
    report.oldestHour = Timestamp(seconds: 1_780_000_000)
    for (name, count) in [
      ("records", 1_301_252), ("blank", 35), ("decoded", 1_300_000), ("tweets", 1_234_567),
      ("undecodable", 17), ("duplicates", 65_416), ("late_dropped", 8), ("clock_skew", 2),
      ("untimed", 5), ("undecided", 311), ("truncated", 9), ("notices", 1200), ("corrected", 4),
      ("deleted", 3), ("uncorrectable", 1),
    ] as [(String, Int64)] {
      report.counters[CounterKey(source: "archive", name: name)] = count
    }
    report.gaps = [
      Gap(
        source: "archive", from: Timestamp(seconds: 1_799_990_000),
        to: Timestamp(seconds: 1_799_990_060), reason: "truncated", tweets: 1200),
      Gap(
        source: "spool", from: Timestamp(seconds: 1_799_995_000),
        to: Timestamp(seconds: 1_799_996_000), reason: "shutdown"),
      Gap(
        source: "fediverse", from: Timestamp(seconds: 1_799_996_100),
        to: Timestamp(seconds: 1_799_996_200), reason: "disconnect",
        detail: "the timeline: HTTP 401: This method requires an authenticated user",
        stage: .filling),
      Gap(
        source: "x", from: Timestamp(seconds: 1_799_997_000),
        to: Timestamp(seconds: 1_799_997_000), reason: "budget",
        detail: "posts_per_day = 10000 is spent", stage: .open),
    ]
    report.gapCount = 12
    report.model = .init(
      name: "default", engine: "int8 on avx2", batchMean: 41.7, latency: [0.031, 0.12, 0.48],
      tokenCacheRate: 0.9731,
      textCacheRate: 0.254)
    report.database = .init(
      path: "/var/lib/elmond/elmond.db", bytes: 48_123_904, walBytes: 4_161_536,
      lastCommit: Timestamp(seconds: 1_799_999_998))
    return report
  }()

  @Test func `the report reads as it did`() throws {
    try expectSnapshot("status", StatusReportTests.full.text)
  }

  @Test
  func
    `the last report of a run says that the daemon stopped, and of an old archive which day it shows`()
    throws
  {
    var report = StatusReportTests.full
    report.sources = [
      .init(name: "archive", kind: "file", state: "finished", delay: 0.031, tweets: 1_234_567)
    ]
    report.topics = [StatusReportTests.figures("all", scale: 20)]
    report.newestBucket = Timestamp(seconds: 1_420_070_340)
    report.oldestHour = Timestamp(seconds: 1_388_534_400)
    report.gaps = []
    report.gapCount = 0
    report.counted = 1_234_560
    report.stopped = "all sources are read to their end, exit code 0"
    try expectSnapshot("status-stopped", report.text)
  }

  @Test func `a report from an empty database says so`() throws {
    var report = StatusReport(
      version: "0.1.0", started: nil, now: Timestamp(seconds: 1_800_000_000))
    report.database = .init(path: "elmond.db", bytes: 4096, walBytes: 0)
    try expectSnapshot("status-empty", report.text)
  }

  @Test func `no line is wider than 100 columns and none has a control character`() {
    var report = StatusReportTests.full
    report.database?.path = String(repeating: "/日本", count: 60)
    report.database?.trouble = "no space left on device"
    for line in report.text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(PlainText.width(String(line)) <= StatusReport.columns, "\(line)")
      let isClean = line.unicodeScalars.allSatisfy { scalar in
        scalar.value >= 0x20 && scalar.value != 0x7F && scalar.value != 0x202E
      }
      #expect(isClean, "\(line)")
    }
  }

  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("🔥", 2), ("👍🏽", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2),
    ("❤️", 2), ("❤", 1), ("ﾊﾛｰ", 3), ("ｆ", 2), ("", 0), ("▁█", 2), ("한국", 4),
  ])
  func `a text's width is counted in columns`(_ text: String, _ width: Int) {
    #expect(PlainText.width(text) == width)
  }

  @Test(arguments: [
    (0.0004, "0 ms"), (0.031, "31 ms"), (0.25, "250 ms"), (3.2, "3.2 s"), (42, "42 s"),
    (200, "3 min 20 s"), (18_720, "5 h 12 min"), (273_600, "3 d 4 h"), (-1, "–"), (.infinity, "–"),
  ])
  func `a span is told in two units at most`(_ seconds: Double, _ text: String) {
    #expect(Figures.span(seconds: seconds) == text)
  }

  @Test(arguments: [
    (0.5, 0, "1"), (0.0449, 2, "0.04"), (-0.001, 2, "0.00"), (-1.5, 1, "-1.5"),
    (12.999, 2, "13.00"),
    (.nan, 2, "–"),
  ])
  func `a number has its decimals`(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(Figures.fixed(value, decimals) == text)
  }
}

/// Compares text with the committed file; with `ELMOND_RECORD_SNAPSHOTS` set, writes it and fails.
func expectSnapshot(
  _ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots/\(name).txt")
  if ProcessInfo.processInfo.environment["ELMOND_RECORD_SNAPSHOTS"] != nil {
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(name); run again without recording", sourceLocation: sourceLocation)
    return
  }
  let wanted = try String(contentsOf: file, encoding: .utf8)
  #expect(text == wanted, sourceLocation: sourceLocation)
}
