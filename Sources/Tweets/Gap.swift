/// A stretch of a source that was missed, as the gap ledger records it.
package struct Gap: Sendable, Equatable {
  /// The source's name.
  package var source: String
  /// Where the gap begins.
  package var from: Timestamp
  /// Where it ends.
  package var to: Timestamp
  /// Why: `truncated`, `rotated_away`, `shutdown`, `stall`, `disconnect`, `budget`, `overload`, …
  package var reason: String
  /// What filled it: `none`, `backfill`, `recovery`, `search`.
  package var recoveredBy: String
  /// How many tweets are known to be missing, or came when it was filled; nil when unknown.
  package var tweets: Int?

  /// A gap from its parts.
  package init(
    source: String, from: Timestamp, to: Timestamp, reason: String, recoveredBy: String = "none",
    tweets: Int? = nil
  ) {
    self.source = source
    self.from = from
    self.to = to
    self.reason = reason
    self.recoveredBy = recoveredBy
    self.tweets = tweets
  }
}
