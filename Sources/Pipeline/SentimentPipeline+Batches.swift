import Aggregates
import Tweets

extension SentimentPipeline {
  /// Classifies and commits one batch.
  func process(_ batch: MicroBatch) async throws {
    try Task.checkCancellation()
    let now = clock()
    let keys = batch.items.compactMap { key(of: $0, arrival: now) }
    let known = keys.isEmpty ? [:] : try await patiently { try await self.store.seen(keys) }
    var aggregator = BatchAggregator(
      matcher: configuration.topics, model: classifier.modelName,
      policy: EventTimePolicy(retention: configuration.retentionSeconds),
      band: configuration.neutralBand, known: known)

    let texts = textsToClassify(of: batch, by: aggregator, arrival: now)
    let answers =
      texts.isEmpty
      ? [] : try await marked(.classifier) { try await self.classifier.classify(texts) }
    precondition(
      answers.count == texts.count, "\(texts.count) texts were given \(answers.count) answers")

    let counted = add(batch, answers: answers, to: &aggregator, arrival: now)
    var commit = BatchCommit(arrival: now)
    commit.aggregates = aggregator.values
    commit.seen = Array(aggregator.seen.values)
    commit.counters = batch.counters.merging(aggregator.counters, uniquingKeysWith: +)
    commit.newest = aggregator.newest
    commit.positions = batch.positions
    commit.forgotten = batch.forgotten
    commit.gaps = batch.gaps
    commit.finished = batch.finished
    // Told before the commit: a crash between the two repeats a line rather than losing it.
    for tweet in counted { events.tweet(tweet.scored, tweet.source, tweet.topics) }
    let ready = commit
    try await patiently { try await self.store.commit(ready) }
    note(counted, of: batch, newest: aggregator.newest)
  }

  /// A tweet that the batch counts, for the log.
  private struct Counted {
    var scored: ScoredTweet
    var source: String
    var topics: [String]
  }

  private func key(of item: MicroBatch.Item, arrival: Timestamp) -> DedupKey? {
    switch item {
    case .tweet(let tweet, _):
      DedupKey(namespace: DedupKey.xNamespace, tweet: tweet, arrival: arrival)
    case .delete(let id, _):
      DedupKey(namespace: DedupKey.xNamespace, id: id, time: arrival)
    }
  }

  /// The texts that the model must read: all but those that are known to be duplicates.
  private func textsToClassify(
    of batch: MicroBatch, by aggregator: BatchAggregator, arrival: Timestamp
  ) -> [String] {
    batch.items.compactMap { item in
      guard case .tweet(let tweet, _) = item,
        aggregator.verdict(
          key: key(of: item, arrival: arrival), version: DedupKey.version(of: tweet)) != .duplicate
      else { return nil }
      return tweet.text
    }
  }

  /// Counts the items in order; `answers` belong to the tweets of `textsToClassify`.
  private func add(
    _ batch: MicroBatch, answers: [ClassifiedText], to aggregator: inout BatchAggregator,
    arrival: Timestamp
  ) -> [Counted] {
    let before = aggregator
    var next = 0
    var counted: [Counted] = []
    for item in batch.items {
      let key = key(of: item, arrival: arrival)
      switch item {
      case .delete(_, let source):
        if let key { aggregator.delete(key: key, source: source) }
      case .tweet(let tweet, let source):
        guard before.verdict(key: key, version: DedupKey.version(of: tweet)) != .duplicate else {
          aggregator.addDuplicate(source: source)
          continue
        }
        let answer = answers[next]
        next += 1
        let scored = ScoredTweet(tweet: tweet, clean: answer.clean, sentiment: answer.sentiment)
        switch aggregator.add(scored, source: source, key: key, arrival: arrival) {
        case .counted(let topics), .corrected(let topics):
          counted.append(Counted(scored: scored, source: source, topics: topics))
        case .duplicate, .lateDropped: break
        }
      }
    }
    return counted
  }

  private func note(_ counted: [Counted], of batch: MicroBatch, newest: [String: Timestamp]) {
    let latency = batch.firstArrival.map { ContinuousClock.now - $0 } ?? .zero
    let tweets = counted.reduce(into: [:]) { $0[$1.source, default: 0] += 1 }
    monitor.committed(tweets: tweets, newest: newest, latency: latency, at: clock())
  }

  /// Repeats what failed for a passing reason, with growing pauses, and says so; throws anything else.
  ///
  /// After a stop it gives up after a while: what is not committed is read again at the next start.
  private func patiently<Value: Sendable>(
    _ operation: () async throws -> Value
  ) async throws -> Value {
    var pause = configuration.retryPause
    var failing: ContinuousClock.Instant?
    defer { if failing != nil { monitor.pause(nil) } }
    while true {
      do {
        let value = try await marked(.committer, operation)
        if failing != nil { events.state("store resumed", []) }
        return value
      } catch  where store.isTemporary(error) {
        let since = failing ?? .now
        if failing == nil {
          failing = since
          monitor.pause("\(error)")
          events.warning("store paused", [("reason", "\(error)")])
        }
        if let stopped, ContinuousClock.now - max(stopped, since) >= configuration.stopPatience {
          throw error
        }
        try await rest(for: pause)
        pause = min(pause * 2, .seconds(10))
      }
    }
  }

  /// Waits; a stop cuts the pause short.
  private func rest(for pause: Duration) async throws {
    let end = ContinuousClock.now + pause
    repeat {
      try await Task.sleep(for: min(configuration.retryPause, end - .now))
    } while stopped == nil && ContinuousClock.now < end
  }

  /// Marks a stage as at work while it is, however that ends.
  private func marked<Value: Sendable>(
    _ stage: PipelineMonitor.Stage, _ work: () async throws -> Value
  ) async throws -> Value {
    monitor.mark(stage, busy: true, at: .now)
    defer { monitor.mark(stage, busy: false, at: .now) }
    return try await work()
  }
}
