package import Tweets

/// What a tweet is recognised by when it comes again.
package struct DedupKey: Sendable, Hashable {
  /// The namespace of X: its ids tell their own time.
  package static let xNamespace = "x"

  /// The day of the tweet, in days since 1970-01-01 UTC; keys expire by whole days.
  package var day: Int32
  /// A 63-bit hash of namespace and id, never negative.
  package var hash: Int64

  /// A key from its parts.
  package init(day: Int32, hash: Int64) {
    self.day = day
    self.hash = hash
  }

  /// The key of an id within its platform's namespace.
  ///
  /// The day must be the same each time the tweet comes, edited or deleted. Where ids tell their time it is read
  /// from them, and an id that should and does not is of no day (`noDay`); else it is the day of `time`, the
  /// tweet's own time or, for want of one, its arrival.
  package init(namespace: String, id: String, time: Timestamp) {
    var hash = SipHash()
    hash.append(namespace.utf8)
    hash.append(CollectionOfOne(0))
    hash.append(id.utf8)
    self.init(
      day: DedupKey.day(namespace: namespace, id: id, time: time),
      hash: Int64(truncatingIfNeeded: hash.finish() >> 1))
  }

  /// The key of a tweet by the id of its chain, or its own; nil without a stable id.
  package init?(tweet: Tweet, arrival: Timestamp) {
    guard tweet.hasStableID, let id = tweet.chain ?? tweet.id else { return nil }
    self.init(namespace: tweet.namespace, id: id, time: tweet.createdAt ?? arrival)
  }

  /// The key of the other id by which a delete may name the tweet; nil without one.
  package init?(aliasOf tweet: Tweet, arrival: Timestamp) {
    guard let alias = tweet.alias else { return nil }
    self.init(namespace: tweet.namespace, id: alias, time: tweet.createdAt ?? arrival)
  }

  /// The version of a tweet within its chain of edits: its own, else the number of its id, else 0.
  ///
  /// The highest number of all is that of a deleted tweet.
  package static func version(of tweet: Tweet) -> Int64 {
    min(tweet.version ?? tweet.id.flatMap { Int64($0) } ?? 0, .max - 1)
  }

  /// The time in an id of X; nil for an older id or for what is none.
  ///
  /// Ids carry their time since 4 November 2010; the first of them is a little below 3·10^10.
  package static func time(ofSnowflake id: String) -> Timestamp? {
    guard (11...19).contains(id.utf8.count), id.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int64(id), number >= 29_700_000_000
    else { return nil }
    return Timestamp(milliseconds: (number >> 22) + 1_288_834_974_657)
  }
}
