/// Which shape the JSON of a source has.
package enum TweetShape: Sendable, Equatable {
  /// Any shape of X and of its archives, told apart record by record.
  case automatic
  /// The events of a Mastodon server's stream, and the statuses that its API answers with.
  case mastodon(host: String)
  /// The messages of Bluesky's Jetstream, in either version.
  case jetstream
  /// One tweet a record, its parts at places that the settings name.
  case mapped(JSONMapping)
}
