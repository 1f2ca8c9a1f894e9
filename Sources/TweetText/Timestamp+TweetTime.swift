package import Tweets

extension Timestamp {
  /// Reads the times that archives of tweets hold, as `TimeReader` does without settings; nil for what is no time.
  package init?(tweetTime text: some StringProtocol) {
    guard let moment = TimeReader().time(of: text).moment else { return nil }
    self = moment
  }

  /// The moment that is written into a snowflake id; older ids, given in sequence until November 2010, hold none.
  package init?(snowflake id: String) {
    // The last sequential ids were a little below this; snowflakes began above it on 2010-11-04.
    guard let value = Int64(id), value > 29_700_859_247 else { return nil }
    self.init(milliseconds: value >> 22 + 1_288_834_974_657)
  }
}
