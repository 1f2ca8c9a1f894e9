/// A tweet with the sentiment that the model gave it.
package struct ScoredTweet: Sendable, Equatable {
  /// The tweet.
  package var tweet: Tweet
  /// Its cleaned text, as the model read it.
  package var clean: String
  /// What the model said.
  package var sentiment: Sentiment

  /// A scored tweet from its parts.
  package init(tweet: Tweet, clean: String, sentiment: Sentiment) {
    self.tweet = tweet
    self.clean = clean
    self.sentiment = sentiment
  }
}
