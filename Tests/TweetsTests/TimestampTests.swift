import Testing
import Tweets

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0),
    ("2026-11-22T15:00:00Z", 1_795_359_600_000),
    ("2018-10-10T20:19:24.123Z", 1_539_202_764_123),
    ("2018-10-10T20:19:24.1239Z", 1_539_202_764_123),
    ("2018-10-10t20:19:24z", 1_539_202_764_000),
    ("2015-08-07 09:54:46 -0700", 1_438_966_486_000),
    ("2015-08-07 09:54:46-07:00", 1_438_966_486_000),
    ("2024-02-29", 1_709_164_800_000),
    ("2024-02-29T01:02", 1_709_168_520_000),
    ("1969-12-31T23:59:59.999Z", -1),
    ("2016-12-31T23:59:60Z", 1_483_228_799_000),
  ])
  func `RFC 3339 and its relatives are read`(text: String, milliseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "2023-02-29", "2023-13-01", "2023-00-01", "2023-01-32", "2023-01-01T24:00:00Z",
    "2023-01-01T00:60:00Z", "2023-01-01T00:00:61Z", "2023-01-01T00:00:00.Z", "2023-1-1",
    "2023-01-01T00:00:00+24:00", "2023-01-01T00:00:00Zx", "2023-01-01Tx", "20230101",
  ])
  func `what is no moment is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"), (5, "1970-01-01T00:00:00.005Z"),
    (1_795_359_600_000, "2026-11-22T15:00:00Z"), (253_402_300_799_000, "9999-12-31T23:59:59Z"),
    (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
  ])
  func `a moment is written as RFC 3339`(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test func `what is written is read as the same moment`() {
    var milliseconds: Int64 = -2_000_000_000_000
    while milliseconds < 5_000_000_000_000 {
      let moment = Timestamp(milliseconds: milliseconds)
      #expect(Timestamp(rfc3339: moment.description) == moment)
      milliseconds += 7_777_777_777
    }
  }

  @Test func `seconds round towards the past and order is by time`() {
    #expect(Timestamp(milliseconds: -1).seconds == -1)
    #expect(Timestamp(milliseconds: 1999).seconds == 1)
    #expect(Timestamp(seconds: 2) > Timestamp(milliseconds: 1999))
    #expect(Timestamp.floorDivide(-60, 60) == -1)
    #expect(Timestamp.floorDivide(-61, 60) == -2)
    #expect(Timestamp.floorDivide(61, 60) == 1)
  }
}
