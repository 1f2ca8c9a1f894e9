package import Tweets

/// What is remembered of a counted tweet, enough to take it back when it is edited or deleted.
///
/// A tweet that a delete may name otherwise has a pointer beside it, under which nothing is counted.
package struct SeenTweet: Sendable, Equatable {
  /// What the tweet is recognised by.
  package var key: DedupKey
  /// The version that is counted; a higher one replaces it.
  package var version: Int64
  /// The bucket, source, language and model it is counted under; the topic is `all`.
  package var home: AggregateKey
  /// The further topics it is counted under.
  package var topics: [String]
  /// Its label; nil when undecided.
  package var label: Label?
  /// Its score in millionths.
  package var score: Int64
  /// Its probabilities of negative, neutral and positive in millionths; nil without a label, and for a tweet that was
  /// counted by a database of version 1 or 2.
  package var probabilities: [Int64]?
  /// True once it was deleted: nothing of it is counted, and it does not come back.
  package var deleted: Bool
  /// For a pointer, the key that the tweet is counted under; nil for a tweet.
  package var pointsTo: DedupKey?

  /// A remembered tweet from its parts.
  package init(
    key: DedupKey, version: Int64, home: AggregateKey, topics: [String], label: Label?,
    score: Int64, probabilities: [Int64]? = nil, deleted: Bool = false, pointsTo: DedupKey? = nil
  ) {
    self.key = key
    self.version = version
    self.home = home
    self.topics = topics
    self.label = label
    self.score = score
    self.probabilities = probabilities
    self.deleted = deleted
    self.pointsTo = pointsTo
  }

  /// What each of these rows counts of it.
  package var value: AggregateValue {
    AggregateValue(label: label, score: score, probabilities: probabilities)
  }

  /// Every row the tweet is counted in.
  package var keys: [AggregateKey] {
    [home]
      + topics.map { topic in
        var key = home
        key.topic = topic
        return key
      }
  }
}
