package import Tweets

/// What a tweet is recognised by when it comes again.
package struct DedupKey: Sendable, Hashable {
  /// The namespace of X: its ids tell their own time.
  package static let xNamespace = "x"
  /// The namespace of Bluesky, with `did/rkey` as id.
  package static let blueskyNamespace = "bluesky"
  /// The namespace of Mastodon: the address of a status, or `host/id` as one server calls it.
  package static let mastodonNamespace = "mastodon"

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
  /// The day must be the same each time the tweet comes, or is deleted: where ids tell their time it is read from them
  /// (X, Bluesky, and what a Mastodon server calls a status), else it is that of `time`, the tweet's own time or, for
  /// want of one, its arrival.
  package init(namespace: String, id: String, time: Timestamp) {
    var hash = SipHash()
    hash.append(namespace.utf8)
    hash.append(CollectionOfOne(0))
    hash.append(id.utf8)
    let idTime: Timestamp? =
      switch namespace {
      case DedupKey.xNamespace: DedupKey.time(ofSnowflake: id)
      // An id that tells no time is at the beginning of all times, for its delete too.
      case DedupKey.blueskyNamespace: DedupKey.time(ofRecord: id) ?? Timestamp(seconds: 0)
      case DedupKey.mastodonNamespace: DedupKey.time(ofStatus: id)
      default: nil
      }
    let days = Timestamp.floorDivide((idTime ?? time).milliseconds, 86_400_000)
    self.init(
      day: Int32(clamping: days), hash: Int64(truncatingIfNeeded: hash.finish() >> 1))
  }

  /// The key of another name of the tweet, by which a delete may come; nil without one.
  package init?(aliasOf tweet: Tweet, arrival: Timestamp) {
    guard tweet.hasStableID, let alias = tweet.alias else { return nil }
    self.init(namespace: tweet.namespace, id: alias, time: tweet.createdAt ?? arrival)
  }

  /// The key of a tweet by the id of its chain, or its own; nil without a stable id.
  package init?(tweet: Tweet, arrival: Timestamp) {
    guard tweet.hasStableID, let id = tweet.chain ?? tweet.id else { return nil }
    self.init(namespace: tweet.namespace, id: id, time: tweet.createdAt ?? arrival)
  }

  /// The version of a tweet within its chain of edits: its own, else the number of its id, else 0.
  package static func version(of tweet: Tweet) -> Int64 {
    tweet.version ?? tweet.id.flatMap { Int64($0) } ?? 0
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

  /// The time in a record key of Bluesky, `did/rkey` with a TID: 13 digits to the base of 32, 53 bits of microseconds
  /// above 10 of the clock (https://atproto.com/specs/tid); nil for any other, and for times that cannot be.
  package static func time(ofRecord id: String) -> Timestamp? {
    guard let slash = id.lastIndex(of: "/"),
      let number = TID.number(id[id.index(after: slash)...])
    else { return nil }
    let milliseconds = (number >> 10) / 1000
    return (1_640_995_200_000..<4_102_444_800_000).contains(milliseconds)  // 2022 … 2100
      ? Timestamp(milliseconds: milliseconds) : nil
  }

  /// The time in the id that a Mastodon server gives, `host/id`: milliseconds above 16 bits; nil for any other.
  package static func time(ofStatus id: String) -> Timestamp? {
    guard let slash = id.lastIndex(of: "/"), !id.contains("://"),
      let number = Int64(id[id.index(after: slash)...])
    else { return nil }
    let milliseconds = number >> 16
    return (1_262_304_000_000..<4_102_444_800_000).contains(milliseconds)  // 2010 … 2100
      ? Timestamp(milliseconds: milliseconds) : Timestamp(seconds: 0)
  }
}
