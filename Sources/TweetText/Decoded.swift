package import Tweets

/// What the bytes of a record, or one element of a page, turned out to be.
package enum Decoded: Sendable, Equatable {
  /// A tweet.
  case tweet(Tweet)
  /// A message of the platform that is no tweet.
  case notice(Notice)
  /// Nothing that can be read; it is counted.
  case undecodable(DecodeError)
}

/// A message of the platform that is no tweet.
package enum Notice: Sendable, Equatable {
  /// A tweet was deleted; its id, or an alias of it, within the namespace.
  case delete(id: String, namespace: String = "x")
  /// Any other kind, by its name: `limit`, `scrub_geo`, `status_withheld`, `user_withheld`, `warning`,
  /// `disconnect`, `errors`, `problem`, `counts`, `meta`, `empty`, or the action of a compliance line.
  case other(String)
}
