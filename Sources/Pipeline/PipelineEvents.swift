package import Tweets

/// What the pipeline tells the log. Tweets come in order; a state may be told from another task meanwhile.
package struct PipelineEvents: Sendable {
  /// A tweet was counted and is about to be committed: it comes again when that fails, and is never missed.
  package var tweet: @Sendable (_ scored: ScoredTweet, _ source: String, _ topics: [String]) -> Void
  /// A source or the pipeline changed its state: a fixed phrase and its fields.
  package var state: @Sendable (_ phrase: String, _ fields: [(String, String)]) -> Void
  /// Something went wrong that an operator should see.
  package var warning: @Sendable (_ phrase: String, _ fields: [(String, String)]) -> Void

  /// Handlers for the three kinds of event.
  package init(
    tweet: @escaping @Sendable (ScoredTweet, String, [String]) -> Void,
    state: @escaping @Sendable (String, [(String, String)]) -> Void,
    warning: @escaping @Sendable (String, [(String, String)]) -> Void
  ) {
    self.tweet = tweet
    self.state = state
    self.warning = warning
  }

  /// Handlers that say nothing.
  package static let silent = PipelineEvents(
    tweet: { _, _, _ in }, state: { _, _ in }, warning: { _, _ in })
}
