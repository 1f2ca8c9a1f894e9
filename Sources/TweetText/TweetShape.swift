/// Whose documents a decoder reads.
package enum TweetShape: Sendable, Equatable {
  /// Whatever the document turns out to be: X of every age, archives, scrapers.
  case automatic
  /// Statuses and events of a Mastodon server, whose ids are its own.
  case mastodon(host: String)
  /// Frames of Bluesky's Jetstream.
  case jetstream
  /// Documents of an endpoint whose fields the settings name.
  case mapped(JSONMapping)
}

/// Where the parts of a tweet lie in a document: paths of keys and of places in lists, `post.texts.0`.
package struct JSONMapping: Sendable, Equatable {
  /// The text.
  package var text: String
  /// The id; nil where there is none.
  package var id: String?
  /// When it was written; nil where nothing says.
  package var time: String?
  /// Its language; nil where nothing says.
  package var lang: String?
  /// Whose ids these are.
  package var namespace: String

  /// A mapping from its paths.
  package init(
    text: String, id: String? = nil, time: String? = nil, lang: String? = nil, namespace: String
  ) {
    self.text = text
    self.id = id
    self.time = time
    self.lang = lang
    self.namespace = namespace
  }
}
