package import Tweets

/// Turns the scored tweets of one batch into differences of the aggregates.
///
/// A pure value: what is known of earlier tweets comes in, what is to be stored comes out.
package struct BatchAggregator: Sendable {
  /// Whether a tweet has to be counted, as its key and version tell.
  package enum Verdict: Sendable, Equatable {
    /// It was not seen before, or cannot be recognised.
    case new
    /// It replaces the version that is counted.
    case edit
    /// This version or a later one is counted, or the tweet was deleted.
    case duplicate
  }

  /// What became of a tweet.
  package enum Outcome: Sendable, Equatable {
    /// Counted under these topics besides `all`.
    case counted(topics: [String])
    /// Counted in place of its older version.
    case corrected(topics: [String])
    /// Not counted: it is counted already, or was deleted.
    case duplicate
    /// Not counted: older than what is kept.
    case lateDropped
    /// Not counted: its time is not understood.
    case untimed
  }

  /// The differences to add to the stored aggregates.
  package private(set) var values: [AggregateKey: AggregateValue] = [:]
  /// The tweets to remember.
  package internal(set) var seen: [DedupKey: SeenTweet] = [:]
  /// The counters to add: `tweets`, `duplicates`, `corrected`, `deleted`, `uncorrectable`, `late_dropped`,
  /// `untimed`, `clock_skew`, `arrival_timed`, `undecided`, `no_words`, `other_language`, `truncated`.
  package private(set) var counters: [CounterKey: Int64] = [:]
  /// The newest event time of each source in the batch.
  package private(set) var newest: [String: Timestamp] = [:]

  private let matcher: TopicMatcher
  private let model: String
  private let policy: EventTimePolicy
  let known: [DedupKey: SeenTweet]

  /// An empty batch; `known` is what the store remembers of the keys that the batch will meet, and of those that
  /// they point to.
  package init(
    matcher: TopicMatcher, model: String, policy: EventTimePolicy,
    known: [DedupKey: SeenTweet] = [:]
  ) {
    self.matcher = matcher
    self.model = model
    self.policy = policy
    self.known = known
  }

  /// Tells, before the model is asked, whether a tweet has to be counted; `alias` is the key of its other id.
  package func verdict(key: DedupKey?, alias: DedupKey? = nil, version: Int64) -> Verdict {
    guard let key else { return .new }
    if isDeleted(alias: alias) { return .duplicate }
    guard let old = row(home(of: key)) else { return .new }
    return old.deleted || version <= old.version ? .duplicate : .edit
  }

  /// Counts a tweet that came from `source` at `arrival`.
  @discardableResult
  package mutating func add(
    _ scored: ScoredTweet, source: String, key: DedupKey?, alias: DedupKey? = nil,
    arrival: Timestamp
  ) -> Outcome {
    let version = DedupKey.version(of: scored.tweet)
    let verdict = verdict(key: key, alias: alias, version: version)
    let home = key.map { self.home(of: $0) }
    guard verdict != .duplicate else {
      count("duplicates", source)
      if let home { learn(alias, of: home, source: source, arrival: arrival) }
      return .duplicate
    }
    let time: Timestamp
    switch policy.place(scored.tweet.time, arrival: arrival) {
    case .untimed:
      count("untimed", source)
      return .untimed
    case .lateDropped:
      count("late_dropped", source)
      return .lateDropped
    case .eventTime(let moment): time = moment
    case .clockSkew(let moment):
      count("clock_skew", source)
      time = moment
    case .arrival(let moment):
      count("arrival_timed", source)
      time = moment
    }
    if let home, let old = row(home) { takeBack(old) }

    let sentiment = scored.sentiment
    let fresh = SeenTweet(
      key: home ?? DedupKey(day: 0, hash: 0), version: version,
      home: AggregateKey(
        bucketStart: AggregateKey.bucketStart(of: time), source: source, topic: Topic.all,
        lang: AggregateKey.lang(scored.tweet.lang), model: model),
      topics: matcher.topics(of: scored.tweet, from: source), label: sentiment.label,
      score: sentiment.score.map(AggregateValue.millionths) ?? 0,
      probabilities: sentiment.probabilityParts)
    for row in fresh.keys { values[row, default: AggregateValue()].merge(fresh.value) }
    if let home {
      seen[home] = fresh
      learn(alias, of: home, source: source, arrival: arrival)
    }
    newest[source] = max(newest[source] ?? time, time)
    if let reason = sentiment.noLabel {
      count("undecided", source)
      count(reason.rawValue, source)
    }
    if sentiment.truncated { count("truncated", source) }
    count(verdict == .edit ? "corrected" : "tweets", source)
    return verdict == .edit ? .corrected(topics: fresh.topics) : .counted(topics: fresh.topics)
  }

  mutating func takeBack(_ old: SeenTweet) {
    for row in old.keys { values[row, default: AggregateValue()].subtract(old.value) }
  }

  mutating func count(_ name: String, _ source: String) {
    counters[CounterKey(source: source, name: name), default: 0] += 1
  }

  /// A row that keeps a tweet from being counted, which is deleted before it is known.
  func tombstone(_ key: DedupKey, source: String, arrival: Timestamp) -> SeenTweet {
    SeenTweet(
      key: key, version: Int64.max,
      home: AggregateKey(
        bucketStart: AggregateKey.bucketStart(of: arrival), source: source, topic: Topic.all,
        lang: "und", model: model),
      topics: [], label: nil, score: 0, deleted: true)
  }
}
