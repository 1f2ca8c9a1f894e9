import Testing
import TweetText
import Tweets

@Suite struct TimestampTweetTimeTests {
  @Test(arguments: [
    ("Wed Oct 10 20:19:24 +0000 2018", 1_539_202_764_000),
    ("Wed Oct 10 20:19:24 -0730 2018", 1_539_229_764_000),
    ("Mon Apr 06 22:19:45 PDT 2009", 1_239_081_585_000),
    ("Mon Apr 06 22:19:45 UTC 2009", 1_239_056_385_000),
    ("2018-10-10T20:19:24.000Z", 1_539_202_764_000),
    ("2023-11-14T22:13:20+00:00", 1_700_000_000_000),
    ("2015-08-07 09:54:46 -0700", 1_438_966_486_000), (" 1438966486 ", 1_438_966_486_000),
    ("1438966486123", 1_438_966_486_123),
  ])
  func `the times of archives are read`(text: String, milliseconds: Int64) {
    #expect(Timestamp(tweetTime: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "Wed", "Wed Oct 10 20:19:24 0000 2018", "Wed Okt 10 20:19:24 +0000 2018",
    "Wed Oct 32 20:19:24 +0000 2018",
    "Wed Oct 10 20:19:24 XYZ 2018",
    "Wed Oct 10 20:19:24 +9999 2018", "12", "99999999999999999999999",
    "yesterday, I think it was late",
    "6.29697E+17",
  ])
  func `what is no time is none`(text: String) {
    #expect(Timestamp(tweetTime: text) == nil)
  }

  @Test(arguments: [
    ("1050118621198921728", 1_539_202_764_211 as Int64?), ("11858561004", nil),
    ("29700859247", nil),
    ("29700859248", 1_288_834_981_738), ("", nil), ("x", nil), ("99999999999999999999", nil),
    ("9223372036854775807", 3_487_858_230_208),
  ])
  func `only a snowflake tells its time`(id: String, milliseconds: Int64?) {
    #expect(Timestamp(snowflake: id)?.milliseconds == milliseconds)
  }
}
