import Aggregates
import Tweets

/// A batch as it is counted: what its transaction carries, and its tweets for the log.
struct CountedBatch: Sendable {
  /// A tweet that the batch counts, for the log.
  struct CountedTweet: Sendable {
    var scored: ScoredTweet
    var source: String
    var topics: [String]
  }

  var commit: BatchCommit
  var tweets: [CountedTweet]
}

extension SentimentPipeline {
  /// Starts to classify a batch, when there is room for it behind those that are under way.
  func start(_ batch: MicroBatch, in queue: inout BatchQueue) async throws {
    try Task.checkCancellation()
    let number = monitor.beginBatch(
      of: Set(batch.counters.keys.map(\.source)), arrived: batch.firstArrival ?? .now)
    try await queue.makeRoom()
    let now = clock()
    let keys = batch.items.flatMap { item in
      [key(of: item, arrival: now), alias(of: item, arrival: now)].compactMap { $0 }
    }
    let known = keys.isEmpty ? [:] : try await patiently { try await self.store.seen(keys) }
    let plan = plan(batch, known: known, behind: queue.batches.map(\.versions), arrival: now)
    let before = queue.batches.map(\.counted)
    let previous = queue.batches.last?.committed
    let counted = Task {
      let answers = try await answers(to: batch, where: plan.isRead)
      // What the store did not know yet when it was asked, the oldest first; all of it, as a key may point to any.
      var known = known
      for before in before {
        for tweet in try await before.value.commit.seen { known[tweet.key] = tweet }
      }
      return count(batch, answers: answers, where: plan.isRead, known: known, arrival: now)
    }
    let committed = Task {
      do {
        try await previous?.value
        try await commit(counted.value, of: batch, number: number)
      } catch {
        abandon()  // Wakes the loop, which may be waiting for the next tweet.
        throw error
      }
    }
    queue.append(BatchUnderWay(versions: plan.versions, counted: counted, committed: committed))
  }

  /// Counts a batch whose answers are there.
  private func count(
    _ batch: MicroBatch, answers: [ClassifiedText], where isRead: [Bool],
    known: [DedupKey: SeenTweet], arrival: Timestamp
  ) -> CountedBatch {
    var aggregator = aggregator(known: known)
    var commit = BatchCommit(arrival: arrival)
    commit.files = batch.files
    let tweets = add(
      batch, answers: answers, where: isRead, to: &aggregator, files: &commit.files,
      arrival: arrival)
    commit.aggregates = aggregator.values
    commit.seen = Array(aggregator.seen.values)
    commit.counters = batch.counters.merging(aggregator.counters, uniquingKeysWith: +)
    commit.newest = aggregator.newest
    commit.positions = batch.positions
    commit.streams = batch.streams
    commit.spent = batch.spent
    commit.forgotten = batch.forgotten
    commit.gaps = batch.gaps
    commit.finished = batch.finished
    return CountedBatch(commit: commit, tweets: tweets)
  }

  private func commit(_ counted: CountedBatch, of batch: MicroBatch, number: Int) async throws {
    try Task.checkCancellation()
    // Told before the commit: a crash between the two repeats a line rather than losing it.
    for tweet in counted.tweets {
      announce { $0.tweet(tweet.scored, tweet.source, tweet.topics) }
    }
    try await patiently { try await self.store.commit(counted.commit) }
    note(counted, of: batch, number: number)
  }

  private func aggregator(known: [DedupKey: SeenTweet]) -> BatchAggregator {
    BatchAggregator(
      matcher: configuration.topics, model: classifier.modelName, policy: policy,
      known: known)
  }

  private var policy: EventTimePolicy {
    EventTimePolicy(retention: configuration.retentionSeconds)
  }

  private func key(of item: MicroBatch.Item, arrival: Timestamp) -> DedupKey? {
    switch item {
    case .tweet(let tweet, _):
      DedupKey(tweet: tweet, arrival: arrival)
    case .delete(let id, let namespace, _):
      DedupKey(namespace: namespace, id: id, time: arrival)
    }
  }

  private func alias(of item: MicroBatch.Item, arrival: Timestamp) -> DedupKey? {
    guard case .tweet(let tweet, _) = item else { return nil }
    return DedupKey(aliasOf: tweet, arrival: arrival)
  }

  /// For each item whether the model must read it: no duplicate, not too old to be counted; and the versions
  /// that are counted by then.
  ///
  /// This foresees what `add` will find, item by item, without the answers: neither depends on a sentiment. What
  /// it takes for a duplicate is one: versions only rise, pointers never move, and what is deleted stays so. The
  /// other way round it may err, as where a delete names a tweet by another id; the answer is then not used.
  /// `earlier` are the versions of the batches under way, the oldest first.
  private func plan(
    _ batch: MicroBatch, known: [DedupKey: SeenTweet], behind earlier: [[DedupKey: Int64]],
    arrival: Timestamp
  ) -> (isRead: [Bool], versions: [DedupKey: Int64]) {
    let work = monitor.begin(.aggregator, at: .now)
    defer { monitor.end(work) }
    let aggregator = aggregator(known: known)
    var versions: [DedupKey: Int64] = [:]
    func counted(_ key: DedupKey) -> Int64? {
      versions[key] ?? earlier.reversed().lazy.compactMap { $0[key] }.first
    }
    let isRead = batch.items.map { item in
      let key = key(of: item, arrival: arrival)
      guard case .tweet(let tweet, _) = item else {
        if let key { versions[key] = .max }
        return false
      }
      let version = DedupKey.version(of: tweet)
      let alias = alias(of: item, arrival: arrival)
      if let key, let alias, counted(alias) == .max {
        versions[key] = .max
        return false
      }
      if let key, let counted = counted(key) {
        guard version > counted else { return false }
      } else if aggregator.verdict(key: key, alias: alias, version: version) == .duplicate {
        return false
      }
      guard policy.place(tweet.time, arrival: arrival).time != nil else {
        return false
      }
      if let key { versions[key] = version }
      return true
    }
    return (isRead, versions)
  }

  /// The answers to the marked items, in order: the model's, or that the model does not know the language.
  ///
  /// A large batch is read in slices, so that the watchdog sees each of them pass; a text's answer does
  /// not depend on its neighbours.
  private func answers(
    to batch: MicroBatch, where isRead: [Bool]
  ) async throws -> [ClassifiedText] {
    let tweets = zip(batch.items, isRead).compactMap { item, isRead -> Tweet? in
      guard isRead, case .tweet(let tweet, _) = item else { return nil }
      return tweet
    }
    let isScored = tweets.map { configuration.languages.scores($0.lang) }
    var answers = try await answers(
      to: zip(tweets, isScored).compactMap { $1 ? $0.text : nil }
    ).makeIterator()
    return isScored.map { isScored in
      let answer = isScored ? answers.next() : nil
      return answer ?? ClassifiedText(clean: "", sentiment: .unlabelled(.otherLanguage))
    }
  }

  /// The model's answers to texts, in order.
  private func answers(to texts: [String]) async throws -> [ClassifiedText] {
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
    to aggregator: inout BatchAggregator, files: inout [FileTally], arrival: Timestamp
  ) -> [CountedBatch.CountedTweet] {
    let work = monitor.begin(.aggregator, at: .now)
    defer { monitor.end(work) }
    var answers = answers.makeIterator()
    var counted: [CountedBatch.CountedTweet] = []
    for (index, (item, isRead)) in zip(batch.items, isRead).enumerated() {
      let key = key(of: item, arrival: arrival)
      let file = batch.fileOfItem.indices.contains(index) ? batch.fileOfItem[index] : nil
      switch item {
      case .delete(_, _, let source):
        if let key { aggregator.delete(key: key, source: source, arrival: arrival) }
      case .tweet(let tweet, let source):
        let answer = isRead ? answers.next() : nil
        let scored = ScoredTweet(
          tweet: tweet, clean: answer?.clean ?? "", sentiment: sentiment(answer))
        let alias = alias(of: item, arrival: arrival)
        let outcome = aggregator.add(
          scored, source: source, key: key, alias: alias, arrival: arrival)
        if let file {
          switch outcome {
          case .counted: files[file].count(tweetAt: tweet.createdAt)
          case .untimed: files[file].untimed += 1
          case .corrected, .duplicate, .lateDropped: break
          }
        }
        switch outcome {
        case .counted(let topics), .corrected(let topics):
          precondition(answer != nil, "a tweet of \(source) is counted and was not classified")
          counted.append(
            CountedBatch.CountedTweet(scored: scored, source: source, topics: topics))
        case .duplicate, .lateDropped, .untimed: break
        }
      }
    }
    return counted
  }

  /// What is counted and logged of an answer: the model's say, or `neutral` inside the band of the settings.
  private func sentiment(_ answer: ClassifiedText?) -> Sentiment {
    let sentiment = answer?.sentiment ?? .unlabelled(.noWords)
    return configuration.neutralBand?.applied(to: sentiment) ?? sentiment
  }

  private func note(_ counted: CountedBatch, of batch: MicroBatch, number: Int) {
    let latency = batch.firstArrival.map { ContinuousClock.now - $0 } ?? .zero
    let counters = counted.commit.counters
    let tweets = counters.filter { $0.key.name == "tweets" }
    let decoded = counters.filter { $0.key.name == "decoded" }.values.reduce(0, +)
    monitor.committed(
      tweets: Dictionary(uniqueKeysWithValues: tweets.map { ($0.key.source, Int($0.value)) }),
      newest: counted.commit.newest, gaps: batch.gaps.count(where: \.isFinal), latency: latency,
      at: clock(),
      decoded: Int(decoded), batch: number)
  }
}
