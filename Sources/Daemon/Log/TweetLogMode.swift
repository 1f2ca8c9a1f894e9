/// Which tweets get a line in the log.
package enum TweetLogMode: String, Sendable, CaseIterable {
  /// Every tweet.
  case all
  /// A share of them, chosen by a hash of the id, so that a second reading chooses the same.
  case sample
  /// None.
  case none
}
