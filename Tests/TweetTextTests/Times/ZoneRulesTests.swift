import Testing
import TweetText
import Tweets

@Suite struct ZoneRulesTests {
  /// New York in 2026: clocks go forward on 8 March at 07:00 UTC and back on 1 November at 06:00 UTC.
  private let newYork = ZoneRules(
    name: "America/New_York",
    periods: [
      .init(start: 1_762_063_200, offset: -18_000), .init(start: 1_772_953_200, offset: -14_400),
      .init(start: 1_793_512_800, offset: -18_000),
    ])

  @Test(arguments: [
    ("2026-01-15 12:00:00", "2026-01-15T17:00:00Z"),
    ("2026-07-15 12:00:00", "2026-07-15T16:00:00Z"),
    ("2026-11-21 05:00:00", "2026-11-21T10:00:00Z"),
    ("2026-03-08 01:59:59", "2026-03-08T06:59:59Z"),
    ("2026-03-08 03:00:00", "2026-03-08T07:00:00Z"),
    ("2020-01-01 00:00:00", "2020-01-01T05:00:00Z"),
    // Skipped by the clocks: read as if they had not been set yet.
    ("2026-03-08 02:30:00", "2026-03-08T07:30:00Z"),
    // Shown twice by the clocks: the first of the two.
    ("2026-11-01 01:30:00", "2026-11-01T05:30:00Z"),
    ("2026-11-01 02:00:00", "2026-11-01T07:00:00Z"),
    // A zone in the text comes first.
    ("2026-07-15 12:00:00 UTC", "2026-07-15T12:00:00Z"),
    ("2026-07-15T12:00:00Z", "2026-07-15T12:00:00Z"),
    ("1795255200", "2026-11-21T10:00:00Z"),
  ])
  func `times without a zone are those of the zone`(text: String, wanted: String) {
    #expect(TimeReader(zone: newYork).time(of: text).moment == Timestamp(rfc3339: wanted))
  }

  @Test func `every moment that has one local time comes back`() {
    for hour in stride(from: 1_762_063_200 as Int64, to: 1_801_000_000, by: 1800) {
      let offset: Int64 = (1_772_953_200..<1_793_512_800).contains(hour) ? -14_400 : -18_000
      let isSecond = (1_793_512_800..<1_793_516_400).contains(hour)
      #expect(newYork.seconds(ofLocal: hour + offset) == (isSecond ? hour - 3600 : hour))
    }
  }
}
