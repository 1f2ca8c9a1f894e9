import Testing
import TweetText
import Tweets

@Suite struct TimeFormatTests {
  @Test(arguments: [
    ("%d/%m/%Y %H:%M", "03/04/2026 10:00", "2026-04-03T10:00:00Z"),
    ("%m/%d/%Y %H:%M", "03/04/2026 10:00", "2026-03-04T10:00:00Z"),
    ("%d/%m/%y %H:%M", "21/11/26 10:00", "2026-11-21T10:00:00Z"),
    ("%D %I:%M %p", "11/21/26 10:00 pm", "2026-11-21T22:00:00Z"),
    ("%I:%M%p %d %b %Y", "12:05am 21 Nov 2026", "2026-11-21T00:05:00Z"),
    ("%F %T", "2026-11-21 10:00:00", "2026-11-21T10:00:00Z"),
    ("%F %T.%f %z", "2026-11-21 10:00:00.25 +0100", "2026-11-21T09:00:00.250Z"),
    ("%A, %d %B %Y %H:%M:%S %Z", "Saturday, 21 November 2026 05:00:00 EST", "2026-11-21T10:00:00Z"),
    ("%Y%m%d%H", "2026112110", "2026-11-21T10:00:00Z"),
    ("%s", "1795255200", "2026-11-21T10:00:00Z"),
    ("%s.%f", "1795255200.5", "2026-11-21T10:00:00.500Z"),
    ("%Y-%j", "2026-325", "2026-11-21T00:00:00Z"),
    ("%e.%m.%Y", " 3.04.2026", "2026-04-03T00:00:00Z"),
    ("100%% %F", "100% 2026-11-21", "2026-11-21T00:00:00Z"),
    ("%d.%m.%Y um %H Uhr", "21.11.2026 um 10 Uhr", "2026-11-21T10:00:00Z"),
  ])
  func `a format reads its form`(format: String, text: String, wanted: String) throws {
    let reader = TimeReader(format: try TimeFormat(format))
    #expect(reader.time(of: text).moment == Timestamp(rfc3339: wanted))
  }

  @Test(arguments: [
    ("%d/%m/%Y", "2026-11-21"), ("%d/%m/%Y", "21/13/2026"), ("%d/%m/%Y", "21/11/2026 " + "x"),
    ("%d/%m/%Y", "31/11/2026"), ("%F %H:%M", "2026-11-21"), ("%Y-%j", "2026-366"),
    ("%I:%M %p %F", "13:00 PM 2026-11-21"), ("%F %Z", "2026-11-21 IST"),
  ])
  func `another form is not understood`(format: String, text: String) throws {
    let time = TimeReader(format: try TimeFormat(format)).time(of: text)
    #expect(time == .unread(UnreadTime(text: text, reason: .otherForm)))
  }

  @Test(arguments: [
    ("%d/%q/%Y", 3), ("%d/%m/%Y %", 9), ("%d/%m", nil), ("%H:%M", nil), ("", nil),
    ("%d %e %m %Y", nil),
    ("%F %I:%M", nil), ("%Y-%m-%d %F", nil), ("%F %\u{1B}", 3),
  ])
  func `what is no format is refused with its place`(format: String, place: Int?) {
    #expect {
      try TimeFormat(format)
    } throws: { error in
      (error as? TimeFormatError)?.place == place && !"\(error)".contains("\u{1B}")
    }
  }
}
