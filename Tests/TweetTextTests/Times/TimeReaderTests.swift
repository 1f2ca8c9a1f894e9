import Testing
import TweetText
import Tweets

@Suite struct TimeReaderTests {
  /// 2026-11-21T10:00:00Z
  private static let ten: Int64 = 1_795_255_200_000

  @Test(arguments: [
    "2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z", "2026-11-21 10:00:00", "2026-11-21 10:00",
    "2026-11-21T10:00:00+00:00", "2026-11-21T10:00:00.000000+00:00", "2026-11-21 10:00:00+00",
    "2026-11-21 10:00:00 UTC", "2026-11-21 10:00:00 +0000", "2026-11-21 11:00:00 CET",
    "2026-11-21 12:00 EET", "2026-11-21 05:00:00 EST", "2026-11-21 19:00:00 JST",
    "2026-11-21 15:30:00 +0530", "2026-11-21T02:00:00-08:00", "2026-11-21 10:00:00 utc",
    "2026-11-21t10:00:00z", "2026-11-21_10:00:00", "2026-11-21T10:00", "2026-11-21 10",
    "2026-11-21 10:00:00,000", "2026/11/21 10:00:00", "2026/11/21 10:00", "2026.11.21 10:00",
    "2026-11-21 10:00:00 GMT+0000", "2026-11-21 12:00:00 UTC+2", "2026-11-21 11:00:00 gmt+01:00",
    "Sat, 21 Nov 2026 10:00:00 +0000", "21 Nov 2026 10:00:00 +0000", "21 Nov 2026 10:00 GMT",
    "Sat, 21 Nov 2026 10:00:00 GMT", "Saturday, 21 November 2026 10:00:00 UT",
    "Sat, 21 Nov 2026 11:00:00 +0100 (CET)", "Sat Nov 21 10:00:00 UTC 2026",
    "Sat Nov 21 10:00:00 +0000 2026", "Sat Nov 21 10:00:00 2026", "Nov 21 10:00:00 2026",
    "Sat Nov 21 2026 11:00:00 GMT+0100 (Central European Standard Time)",
    "21-Nov-2026 10:00:00", "21/Nov/2026:10:00:00 +0000", "2026-Nov-21 10:00",
    "Nov 21, 2026 10:00 AM", "November 21st, 2026 at 10:00am", "10:00 AM - 21 Nov 2026",
    "10:00 AM \u{B7} Nov 21, 2026", "Nov 21, 2026, 10:00\u{202F}AM", "21 Nov 2026 10 AM",
    "10 a.m. 21 November 2026", "21-11-2026 10:00", "21/11/2026 10:00:00", "11/21/2026 10:00",
    "11-21-2026 10:00:00 AM", "21.11.2026 10:00", "21.11.2026 11:00 +01:00",
    "20261121T100000Z", "20261121T100000", "20261121T1000Z", "20261121 100000", "20261121100000",
    "202611211000", "1795255200", "1795255200.0", "1795255200000", "1795255200000000",
    "1795255200000000000", "1.7952552e9", "1.7952552E+12", "  2026-11-21 10:00:00\t",
  ])
  func `the forms of archives are read`(text: String) {
    var reader = TimeReader()
    reader.order = .mixed
    #expect(reader.time(of: text) == .known(Timestamp(milliseconds: Self.ten)))
  }

  @Test(arguments: [
    ("2026-11-21", 1_795_219_200_000), ("21-11-2026", 1_795_219_200_000),
    ("21 Nov 2026", 1_795_219_200_000), ("20261121", 1_795_219_200_000),
    ("November 21, 2026", 1_795_219_200_000), ("2026-11-21 12:30 AM", 1_795_221_000_000),
    ("2026-11-21 12:30 PM", 1_795_264_200_000), ("2026-11-21 13:30 PM", 1_795_267_800_000),
    ("2026-11-21T10:00:00.123456+00:00", 1_795_255_200_123), ("1795255260.5", 1_795_255_260_500),
    ("1795255200123456", 1_795_255_200_123), ("Mon Apr 06 22:19:45 PDT 2009", 1_239_081_585_000),
    ("5/5/2026", 1_777_939_200_000),
  ])
  func `parts of the day and fractions are read`(text: String, milliseconds: Int64) {
    var reader = TimeReader()
    reader.order = .mixed
    #expect(reader.time(of: text) == .known(Timestamp(milliseconds: milliseconds)))
  }

  @Test(
    arguments: [
      ("", .empty), ("   ", .empty), ("soon", .unknownForm), ("21/11/26 10:00", .unknownForm),
      ("2026-11-31", .unknownForm), ("2026-11-21 25:00", .unknownForm),
      ("2026-13-01", .unknownForm),
      ("2026-11-21 10:00:00 IST", .unknownForm), ("2026-11-21 10:00:00 Mars", .unknownForm),
      ("2026-11-21 10:00 2026-11-22 11:00", .unknownForm), ("11:00", .unknownForm),
      ("2026-11-21 00:30 PM", .unknownForm), ("2026-11-21 10:00:00 +2500", .unknownForm),
      ("40/40/2026", .unknownForm), ("30/02/2026", .unknownForm),
      ("11.21.2026 10:00", .unknownForm),
      ("9999999999", .unknownForm), ("45982.41", .tooEarly), ("6.29697E+17", .unknownForm),
      ("0", .unknownForm), ("2001-09-09T01:46:40Z", .tooEarly), ("1000000000", .tooEarly),
      ("03/04/2026 10:00", .ambiguous), ("21 Nov 26", .unknownForm), ("Nov 2026", .unknownForm),
      ("2026", .tooEarly), ("1/2", .unknownForm), ("2026-11-21 10:00 AM PM", .unknownForm),
      ("(2026-11-21)", .unknownForm), ("2026-11-21 (", .unknownForm), ("+", .unknownForm),
    ] as [(String, UnreadTime.Reason)])
  func `what is not understood says why`(text: String, reason: UnreadTime.Reason) throws {
    var reader = TimeReader()
    reader.order = .mixed
    guard case .unread(let unread) = reader.time(of: text) else {
      Issue.record("\(text) is read")
      return
    }
    #expect(unread.reason == reason)
    #expect(!unread.cause.isEmpty)
    #expect(!unread.remedy.isEmpty)
  }

  @Test func `the order of the file decides between day and month`() {
    var reader = TimeReader()
    let text = "03/04/2026 10:00"
    #expect(reader.time(of: text).moment == nil)
    reader.order = .dayFirst
    #expect(reader.time(of: text).moment == Timestamp(rfc3339: "2026-04-03T10:00:00Z"))
    #expect(reader.time(of: "11/21/2026").moment == nil)
    reader.order = .monthFirst
    #expect(reader.time(of: text).moment == Timestamp(rfc3339: "2026-03-04T10:00:00Z"))
  }

  @Test func `an ambiguous time is told with its readings and the settings that decide`() {
    let unread = UnreadTime(text: "03-04-2026 10:00:00 PM", reason: .ambiguous)
    #expect(unread.cause.contains("2026-04-03 or 2026-03-04"))
    #expect(unread.remedy.contains("\"%d-%m-%Y %I:%M:%S %p\""))
    #expect(unread.remedy.contains("\"%m-%d-%Y %I:%M:%S %p\""))
  }

  @Test func `no text of a stranger is a trap, and all take linear time`() {
    var generator = SeededGenerator(seed: 13)
    let pieces = [
      "2026", "11", "21", "-", "/", ".", ":", " ", "T", "Z", "+", "am", "PM", "Nov", "Sat", ",",
      "UTC",
      "9223372036854775807", "e", "(", ")", "0", "\u{202F}", "é", "99999999", "00", "th",
    ]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...9, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      var reader = TimeReader()
      reader.order = [.undecided, .dayFirst, .monthFirst, .mixed][count % 4]
      if case .unread(let unread) = reader.time(of: text) {
        #expect(unread.text.utf8.count <= UnreadTime.longestText)
        _ = unread.cause + unread.remedy
      }
    }
    let long = String(repeating: "2026-11-21 ", count: 100_000)
    #expect(TimeReader().time(of: long).moment == nil)
  }
}
