/// A stretch of a source that was missed, as the gap ledger records it.
package struct Gap: Sendable, Equatable {
  /// What is known of the stretch.
  package enum Stage: Sendable, Equatable {
    /// It was over when it was noticed. It is a row of its own.
    case single
    /// It goes on: its end is not known.
    case open
    /// It is over, and what was missed is being fetched.
    case filling
    /// It was open or being filled, and nothing about it changes any more.
    case settled
  }

  /// The source's name.
  package var source: String
  /// Where the gap begins.
  package var from: Timestamp
  /// Where it ends. Of an open gap: when it was told last.
  package var to: Timestamp
  /// Why: `truncated`, `rotated_away`, `shutdown`, `stall`, `disconnect`, `budget`, `overload`, …
  package var reason: String
  /// What filled it: `none`, `backfill`, `recovery`, `search`, `cursor`.
  package var recoveredBy: String
  /// How many tweets are known to be missing, or came when it was filled; nil when unknown.
  package var tweets: Int?
  /// The error in words: why the source was interrupted, or why the gap could not be filled; nil when there is none.
  package var detail: String?
  /// What is known of it. A stage other than `single` replaces the unfinished row of the source that it belongs to.
  package var stage: Stage

  /// A gap from its parts.
  package init(
    source: String, from: Timestamp, to: Timestamp, reason: String, recoveredBy: String = "none",
    tweets: Int? = nil, detail: String? = nil, stage: Stage = .single
  ) {
    self.source = source
    self.from = from
    self.to = to
    self.reason = reason
    self.recoveredBy = recoveredBy
    self.tweets = tweets
    self.detail = detail
    self.stage = stage
  }

  /// The same gap at another stage.
  package func at(_ stage: Stage) -> Gap {
    var gap = self
    gap.stage = stage
    return gap
  }

  /// True when nothing about it changes any more.
  package var isFinal: Bool { stage == .single || stage == .settled }
}
