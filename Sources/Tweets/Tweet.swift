/// One tweet as its source gave it, with the full text of long and retweeted tweets resolved.
package struct Tweet: Sendable, Equatable {
  /// Whose ids these are: `x`, `mastodon`, `bluesky`, or a source's own.
  package var namespace: String
  /// The tweet's own id, digits beyond 2^53 included; nil where the source has none.
  package var id: String?
  /// What names the chain of the tweet's versions, where its id does not: at X the first id of an edit history, at
  /// Mastodon the address that is the same on every server.
  package var chain: String?
  /// Another id within the namespace by which a delete may name the tweet; nil where there is none.
  package var alias: String?
  /// What orders the versions of one tweet; nil where the number of its own id does.
  package var version: Int64?
  /// True when `id` is the platform's own id, fit to recognise a duplicate by.
  package var hasStableID: Bool
  /// The full text, entities of HTML decoded once, valid UTF-8, no NUL.
  package var text: String
  /// When the tweet was written, as its field or its id tells.
  package var time: TweetTime
  /// The platform's language tag (`en`, `und`); nil where absent.
  package var lang: String?
  /// Tags of the stream rules that matched; they are topics too.
  package var tags: [String]

  /// A tweet from its parts; `createdAt` is short for a known `time`.
  package init(
    namespace: String = "x", id: String? = nil, chain: String? = nil, alias: String? = nil,
    version: Int64? = nil, hasStableID: Bool = false, text: String,
    createdAt: Timestamp? = nil, time: TweetTime? = nil, lang: String? = nil, tags: [String] = []
  ) {
    self.namespace = namespace
    self.id = id
    self.chain = chain
    self.alias = alias
    self.version = version
    self.hasStableID = hasStableID
    self.text = text
    self.time = time ?? createdAt.map { .known($0) } ?? .missing
    self.lang = lang
    self.tags = tags
  }

  /// When the tweet was written; nil where its time is missing or not understood.
  package var createdAt: Timestamp? { time.moment }
}
