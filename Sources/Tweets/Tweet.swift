/// One tweet as its source gave it, with the full text of long and retweeted tweets resolved.
package struct Tweet: Sendable, Equatable {
  /// The tweet's own id, digits beyond 2^53 included; nil where the source has none.
  package var id: String?
  /// The first id of the tweet's edit history, which names the chain of its versions; nil when unedited.
  package var chain: String?
  /// True when `id` is the platform's own id, fit to recognise a duplicate by.
  package var hasStableID: Bool
  /// The full text, entities of HTML decoded once, valid UTF-8, no NUL.
  package var text: String
  /// When the tweet was written, from its field or its id; nil where neither tells.
  package var createdAt: Timestamp?
  /// The platform's language tag (`en`, `und`); nil where absent.
  package var lang: String?
  /// Tags of the stream rules that matched; they are topics too.
  package var tags: [String]

  /// A tweet from its parts.
  package init(
    id: String? = nil, chain: String? = nil, hasStableID: Bool = false, text: String,
    createdAt: Timestamp? = nil, lang: String? = nil, tags: [String] = []
  ) {
    self.id = id
    self.chain = chain
    self.hasStableID = hasStableID
    self.text = text
    self.createdAt = createdAt
    self.lang = lang
    self.tags = tags
  }
}
