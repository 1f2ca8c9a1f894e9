package import Aggregates
package import TweetText
package import Tweets

/// Joins the steps: records in, decoded and cut into micro-batches, classified, aggregated, committed.
///
/// One batch is under way at a time, so that a tweet's duplicate in the next batch already finds it in
/// the store. Whatever happens, a position moves only in the transaction that carries its tweets.
package final class SentimentPipeline: Sendable {
  /// What the pipeline needs to know beside its three partners.
  package struct Configuration: Sendable {
    /// Tweets of a micro-batch at most.
    package var maxTweets = 64
    /// The longest that a tweet waits for company.
    package var maxWait: Duration = .milliseconds(200)
    /// Messages that wait between the readers and the classifier.
    package var channelCapacity = 8
    /// How old a tweet may be to be counted, in seconds; nil keeps everything.
    package var retentionSeconds: Int64?
    /// Scores of a two-label model that count as neutral.
    package var neutralBand: NeutralBand?
    /// How tweets find their topics.
    package var topics = TopicMatcher([])
    /// Decoders by source, for mapped CSV columns.
    package var decoders: [String: TweetDecoder] = [:]
    /// Committed positions by file, for pages that were committed in part.
    package var positions: [MicroBatch.FileKey: FilePosition] = [:]

    /// The defaults of the settings file.
    package init() {}
  }

  private let configuration: Configuration
  private let classifier: any TweetClassifier
  private let store: any BatchStore
  private let monitor: PipelineMonitor
  private let events: PipelineEvents
  private let clock: @Sendable () -> Timestamp
  private let channel: BoundedChannel<SourceReader.Message>
  private let readers: [(reader: SourceReader, source: any RecordSource)]

  /// A pipeline over the sources; nothing runs before `run`.
  package init(
    sources: [any RecordSource], classifier: any TweetClassifier, store: any BatchStore,
    configuration: Configuration, monitor: PipelineMonitor, events: PipelineEvents,
    clock: @escaping @Sendable () -> Timestamp
  ) {
    self.configuration = configuration
    self.classifier = classifier
    self.store = store
    self.monitor = monitor
    self.events = events
    self.clock = clock
    let channel = BoundedChannel<SourceReader.Message>(capacity: configuration.channelCapacity)
    self.channel = channel
    readers = sources.map { (SourceReader(channel: channel, clock: clock), $0) }
  }

  /// Asks the readers to stop; `run` returns after what they had read is committed.
  package func stop() {
    for (reader, _) in readers { reader.stop() }
  }

  /// Runs until every source is finished or `stop` was called; throws what cannot be mended.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (reader, source) in readers {
        group.addTask { await reader.run(source) }
      }
      do {
        try await consume()
      } catch {
        stop()
        channel.close()
        throw error
      }
      for try await _ in group {}
    }
  }

  /// The pipeline's own loop: one message or deadline at a time.
  private func consume() async throws {
    var assembler = BatchAssembler(
      maxTweets: configuration.maxTweets, maxWait: configuration.maxWait,
      decoders: configuration.decoders, positions: configuration.positions)
    var open = readers.count
    while open > 0 {
      let received = await channel.receive(until: assembler.deadline)
      switch received {
      case .element(let message):
        monitor.mark(.reader, busy: true, at: .now)
        if handle(message, in: &assembler) { open -= 1 }
        monitor.mark(.reader, busy: false, at: .now)
        for fault in assembler.takeFaults() { warn(of: fault) }
        while let batch = assembler.takeFull() { try await process(batch) }
      case .timeout:
        while let batch = assembler.flush() { try await process(batch) }
      case .end:
        open = 0
      }
      if let deadline = assembler.deadline, ContinuousClock.now >= deadline {
        while let batch = assembler.flush() { try await process(batch) }
      }
    }
    while let batch = assembler.flush() { try await process(batch) }
    channel.close()
  }

  /// True when the message was a source's last.
  private func handle(_ message: SourceReader.Message, in assembler: inout BatchAssembler) -> Bool {
    switch message {
    case .records(let batch, let source, let arrived):
      if monitor.setState(of: source, to: "reading", detail: batch.path) {
        events.state("source reading", [("source", source), ("path", batch.path)])
      }
      assembler.add(batch, source: source, at: arrived)
    case .notice(let notice, let source):
      handle(notice, of: source, in: &assembler)
    case .finished(let source):
      monitor.setState(of: source, to: "finished", detail: "")
      assembler.finish(source: source, at: .now)
      events.state("source finished", [("source", source)])
      return true
    case .failed(let source, let reason):
      monitor.setState(of: source, to: "failed", detail: reason)
      events.warning("source failed", [("source", source), ("reason", reason)])
      return true
    }
    return false
  }

  private func handle(
    _ notice: SourceNotice, of source: String, in assembler: inout BatchAssembler
  ) {
    switch notice {
    case .state(let state, let detail):
      if monitor.setState(of: source, to: state, detail: detail) {
        events.state("source \(state)", [("source", source), ("path", detail)])
      }
    case .gap(let gap):
      events.warning("gap", [("source", source), ("reason", gap.reason)])
      assembler.add(gap, at: .now)
    case .fileFinished(let position):
      assembler.finish(position, source: source, at: .now)
    case .fileForgotten(let position):
      assembler.forget(position, source: source, at: .now)
    case .fault(let path, let reason):
      events.warning(
        "file cannot be read further", [("source", source), ("path", path), ("reason", reason)])
    }
  }

  private func warn(of fault: BatchAssembler.Fault) {
    events.warning(
      "record skipped",
      [
        ("source", fault.source), ("path", fault.path), ("line", String(fault.line)),
        ("reason", fault.reason),
      ])
  }

  /// Classifies and commits one batch.
  private func process(_ batch: MicroBatch) async throws {
    let now = clock()
    let keys = batch.items.compactMap { key(of: $0, arrival: now) }
    let known = keys.isEmpty ? [:] : try await patiently { try await self.store.seen(keys) }
    var aggregator = BatchAggregator(
      matcher: configuration.topics, model: classifier.modelName,
      policy: EventTimePolicy(retention: configuration.retentionSeconds),
      band: configuration.neutralBand, known: known)

    let texts = textsToClassify(of: batch, by: aggregator, arrival: now)
    monitor.mark(.classifier, busy: !texts.isEmpty, at: .now)
    let answers = texts.isEmpty ? [] : try await classifier.classify(texts)
    monitor.mark(.classifier, busy: false, at: .now)
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
    try await write(commit)
    announce(counted, of: batch, newest: aggregator.newest)
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

  private func write(_ commit: BatchCommit) async throws {
    monitor.mark(.committer, busy: true, at: .now)
    try await patiently { try await self.store.commit(commit) }
    monitor.mark(.committer, busy: false, at: .now)
  }

  private func announce(
    _ counted: [Counted], of batch: MicroBatch, newest: [String: Timestamp]
  ) {
    let latency = batch.firstArrival.map { ContinuousClock.now - $0 } ?? .zero
    let tweets = counted.reduce(into: [:]) { $0[$1.source, default: 0] += 1 }
    monitor.committed(tweets: tweets, newest: newest, latency: latency, at: clock())
    for tweet in counted { events.tweet(tweet.scored, tweet.source, tweet.topics) }
  }

  /// Repeats what failed for a passing reason, with growing pauses, and says so; throws anything else.
  private func patiently<Value: Sendable>(
    _ operation: () async throws -> Value
  ) async throws -> Value {
    var pause = Duration.milliseconds(250)
    var paused = false
    while true {
      do {
        let value = try await operation()
        if paused {
          monitor.pause(nil)
          events.state("store resumed", [])
        }
        return value
      } catch  where store.isTemporary(error) {
        if !paused {
          paused = true
          monitor.pause("\(error)")
          events.warning("store paused", [("reason", "\(error)")])
        }
        monitor.mark(.committer, busy: false, at: .now)
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .seconds(10))
      }
    }
  }
}
