package import Logging
package import Tweets
private import TweetText

/// The log that the operator watches: a line per tweet, and a line per change of state.
package struct SentimentLog: Sendable {
  /// Which tweets get a line.
  package let mode: TweetLogMode
  /// The share that the mode `sample` logs.
  package let rate: Double
  private let logger: Logger
  private let threshold: UInt64

  /// Characters of a tweet's text in its line.
  private static let longestText = 120

  /// A log that writes through a logger, tweets at level info.
  package init(mode: TweetLogMode, rate: Double, logger: Logger) {
    precondition(rate > 0 && rate <= 1, "sample rate \(rate), expected above 0 and at most 1")
    self.mode = mode
    self.rate = rate
    self.logger = logger
    let scaled = rate * 0x1p64
    threshold = scaled >= 0x1p64 ? .max : UInt64(scaled)
  }

  /// Says once, at the start, which tweets will be seen and at what rate.
  package func announce() {
    var fields: [String: String] = ["tweets": mode.rawValue]
    if mode == .sample { fields["rate"] = "\(rate)" }
    state("sentiment log started", fields)
  }

  /// A line for a scored tweet, if its turn has come.
  ///
  /// `topics`: the names of those it matched; none stands as `all`.
  package func tweet(_ scored: ScoredTweet, source: String, topics: [String]) {
    guard logger.logLevel <= .info, isChosen(scored.tweet) else { return }
    logger.info(
      "sentiment",
      metadata: [
        "label": "\(scored.sentiment.labelName)",
        "score": "\(scored.sentiment.score.map(LogText.score) ?? "-")",
        "topic": "\(topics.isEmpty ? "all" : topics.joined(separator: ","))",
        "source": "\(source)",
        "id": "\(scored.tweet.id ?? "-")",
        "text": "\(SentimentLog.excerpt(scored.tweet.text))",
      ])
  }

  /// A line for a change of state: a fixed phrase such as `source started`, and its fields.
  package func state(
    _ phrase: String, _ fields: [String: String], level: LogLevel = .notice
  ) {
    logger.log(
      level: level.level, "\(phrase)",
      metadata: fields.mapValues { .string($0) })
  }

  /// True when the tweet gets a line; the same tweet always gets the same answer.
  package func isChosen(_ tweet: Tweet) -> Bool {
    switch mode {
    case .all: true
    case .none: false
    case .sample: threshold == .max || SentimentLog.hash(tweet.id ?? tweet.text) < threshold
    }
  }

  private static func excerpt(_ text: String) -> String {
    Sanitizer.terminalSafe(text, limit: longestText)
  }

  /// FNV-1a with the last mixing of MurmurHash3, so that near ids fall far apart.
  private static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 33)
  }
}
