package import Tweets

/// What gives texts a sentiment; the daemon's conformer owns the model's workspace.
package protocol TweetClassifier: Sendable {
  /// The name that the `model` column of the database shows.
  var modelName: String { get }

  /// One answer a text, in order; a text's answer never depends on its neighbours.
  func classify(_ texts: [String]) async throws -> [ClassifiedText]
}

/// The classifier's answer for one text.
package struct ClassifiedText: Sendable {
  /// The text as the model read it.
  package var clean: String
  /// What the model says.
  package var sentiment: Sentiment

  /// An answer from its parts.
  package init(clean: String, sentiment: Sentiment) {
    self.clean = clean
    self.sentiment = sentiment
  }
}
