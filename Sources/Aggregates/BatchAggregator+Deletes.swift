package import Tweets

/// Deletes, and the other ids by which they name a tweet.
extension BatchAggregator {
  /// Takes a deleted tweet back; one that was never seen is kept from being counted later.
  ///
  /// Returns false for a tweet that is not remembered: it counts as `uncorrectable`.
  @discardableResult
  package mutating func delete(key: DedupKey, source: String, arrival: Timestamp) -> Bool {
    let home = home(of: key)
    // The pointer too: whatever comes with this id is deleted, wherever it leads.
    if home != key, var pointer = row(key), !pointer.deleted {
      pointer.deleted = true
      seen[key] = pointer
    }
    guard let old = row(home) else {
      count("uncorrectable", source)
      seen[home] = tombstone(home, source: source, arrival: arrival)
      return false
    }
    if !old.deleted { markDeleted(old, source: source) }
    return true
  }

  /// What is remembered under a key, of this batch or of those before it.
  func row(_ key: DedupKey) -> SeenTweet? { seen[key] ?? known[key] }

  /// The key that a tweet is counted under: its own, unless that is the other id of one that is known.
  func home(of key: DedupKey) -> DedupKey { row(key)?.pointsTo ?? key }

  /// True when the tweet was deleted by its other id, perhaps before it came.
  func isDeleted(alias: DedupKey?) -> Bool {
    guard let alias, let other = row(alias) else { return false }
    return other.deleted || other.pointsTo.flatMap { row($0) }?.deleted ?? false
  }

  /// Remembers the other id of a tweet that has come, counted or not: each server deletes it by an id of its own.
  ///
  /// When that id is deleted already so is the tweet, also where another server has sent it before: the end is
  /// the same in whatever order tweet, copy and delete come.
  mutating func learn(
    _ alias: DedupKey?, of home: DedupKey, source: String, arrival: Timestamp
  ) {
    guard let alias, alias != home else { return }
    guard row(alias) != nil else {
      guard let tweet = row(home) else { return }
      seen[home] = tweet  // A batch that follows close learns of both or of neither.
      seen[alias] = SeenTweet(
        key: alias, version: 0, home: tweet.home, topics: [], label: nil, score: 0, pointsTo: home)
      return
    }
    guard isDeleted(alias: alias) else { return }
    if let tweet = row(home) {
      if !tweet.deleted { markDeleted(tweet, source: source) }
    } else {
      seen[home] = tombstone(home, source: source, arrival: arrival)
    }
  }

  private mutating func markDeleted(_ tweet: SeenTweet, source: String) {
    takeBack(tweet)
    seen[tweet.key] = tweet
    seen[tweet.key]?.deleted = true
    count("deleted", source)
  }
}
