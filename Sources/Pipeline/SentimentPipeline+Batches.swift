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
      policy: policy,
      band: configuration.neutralBand, known: known)

    let isRead = tweetsToClassify(of: batch, by: aggregator, arrival: now)
    let answers = try await answers(to: batch, where: isRead)
    let counted = add(batch, answers: answers, where: isRead, to: &aggregator, arrival: now)
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
    for tweet in counted {
      announce { $0.tweet(tweet.scored, tweet.source, tweet.topics) }
    }
    let ready = commit
    try await patiently { try await self.store.commit(ready) }
    note(counted, of: batch, newest: aggregator.newest)
  }

  private var policy: EventTimePolicy {
    EventTimePolicy(retention: configuration.retentionSeconds)
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

  /// For each item whether the model must read it: no duplicate, not too old to be counted.
  ///
  /// This foresees what `add` will find, item by item, without the answers: neither depends on a sentiment.
  private func tweetsToClassify(
    of batch: MicroBatch, by aggregator: BatchAggregator, arrival: Timestamp
  ) -> [Bool] {
    monitor.mark(.aggregator, busy: true, at: .now)
    defer { monitor.mark(.aggregator, busy: false, at: .now) }
    // The version that will be counted by then; that of a deleted tweet is beyond every other.
    var versions: [DedupKey: Int64] = [:]
    return batch.items.map { item in
      let key = key(of: item, arrival: arrival)
      guard case .tweet(let tweet, _) = item else {
        if let key { versions[key] = .max }
        return false
      }
      let version = DedupKey.version(of: tweet)
      if let key, let counted = versions[key] {
        guard version > counted else { return false }
      } else if aggregator.verdict(key: key, version: version) == .duplicate {
        return false
      }
      guard policy.place(createdAt: tweet.createdAt, arrival: arrival).time != nil else {
        return false
      }
      if let key { versions[key] = version }
      return true
    }
  }

  /// The model's answers to the texts of the marked items, in order.
  ///
  /// A large batch is read in slices, so that the watchdog sees each of them pass; a text's answer does
  /// not depend on its neighbours.
  private func answers(
    to batch: MicroBatch, where isRead: [Bool]
  ) async throws -> [ClassifiedText] {
    let texts = zip(batch.items, isRead).compactMap { item, isRead -> String? in
      guard isRead, case .tweet(let tweet, _) = item else { return nil }
      return tweet.text
    }
    var answers: [ClassifiedText] = []
    answers.reserveCapacity(texts.count)
    while answers.count < texts.count {
      try Task.checkCancellation()
      let slice = Array(texts[answers.count..<min(answers.count + 64, texts.count)])
      let some = try await marked(.classifier) { try await self.classifier.classify(slice) }
      precondition(
        some.count == slice.count, "\(slice.count) texts were given \(some.count) answers")
      answers += some
    }
    return answers
  }

  /// Counts the items in order; `answers` belong to the items that the model has read.
  private func add(
    _ batch: MicroBatch, answers: [ClassifiedText], where isRead: [Bool],
    to aggregator: inout BatchAggregator, arrival: Timestamp
  ) -> [Counted] {
    monitor.mark(.aggregator, busy: true, at: .now)
    defer { monitor.mark(.aggregator, busy: false, at: .now) }
    var answers = answers.makeIterator()
    var counted: [Counted] = []
    for (item, isRead) in zip(batch.items, isRead) {
      let key = key(of: item, arrival: arrival)
      switch item {
      case .delete(_, let source):
        if let key { aggregator.delete(key: key, source: source) }
      case .tweet(let tweet, let source):
        let answer = isRead ? answers.next() : nil
        let scored = ScoredTweet(
          tweet: tweet, clean: answer?.clean ?? "", sentiment: answer?.sentiment ?? .undecided)
        switch aggregator.add(scored, source: source, key: key, arrival: arrival) {
        case .counted(let topics), .corrected(let topics):
          precondition(answer != nil, "a tweet of \(source) is counted and was not classified")
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
    monitor.committed(
      tweets: tweets, newest: newest, gaps: batch.gaps.count, latency: latency, at: clock())
  }
}
