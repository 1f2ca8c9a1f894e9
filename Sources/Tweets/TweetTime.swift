/// What a record tells about when its tweet was written.
package enum TweetTime: Sendable, Hashable {
  /// This moment, from a field or from the id.
  case known(Timestamp)
  /// Nothing: the record has no field for a time.
  case missing
  /// The record has a time, which is not understood.
  case unread(UnreadTime)

  /// The moment; nil where it is not known.
  package var moment: Timestamp? {
    if case .known(let moment) = self { moment } else { nil }
  }
}
