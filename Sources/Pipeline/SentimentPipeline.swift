package import Aggregates
package import TweetText
package import Tweets

/// Joins the steps: records in, decoded and cut into micro-batches, classified, aggregated, committed.
///
/// A few batches are under way at a time: while one is committed, those behind it are classified, and the next
/// is decoded. They are counted and committed in order, each knowing the tweets of those before it, as if one
/// came after the other. Whatever happens, a position moves only in the transaction that carries its tweets.
package final class SentimentPipeline: Sendable {
  /// What the pipeline needs to know beside its three partners.
  package struct Configuration: Sendable {
    /// Tweets of a micro-batch at most.
    package var maxTweets = 64
    /// The longest that a tweet waits for company.
    package var maxWait: Duration = .milliseconds(200)
    /// The pause after which it waits no longer: a quiet stream is answered at once.
    package var maxPause: Duration = .milliseconds(20)
    /// Batches between the decoder and the store at most.
    package var batchesUnderWay = 4
    /// Messages that wait between the readers and the classifier.
    package var channelCapacity = 8
    /// How old a tweet may be to be counted, in seconds; nil keeps everything.
    package var retentionSeconds: Int64?
    /// Scores of a two-label model that count as neutral.
    package var neutralBand: NeutralBand?
    /// How tweets find their topics.
    package var topics = TopicMatcher([])
    /// Stops the live sources once all others are read to their end.
    package var untilEnd = false
    /// Decoders by source, for mapped CSV columns.
    package var decoders: [String: TweetDecoder] = [:]
    /// Which languages are counted and scored.
    package var languages = LanguageRules()
    /// Committed positions by file, for pages that were committed in part.
    package var positions: [MicroBatch.FileKey: FilePosition] = [:]
    /// The newest committed event time of each source, from which a gap may begin.
    package var newest: [String: Timestamp] = [:]
    /// The first pause after the store failed for a passing reason; each further one is twice as long.
    package var retryPause: Duration = .milliseconds(250)
    /// How long such a store is tried again after `stop`, before `run` throws its error.
    package var stopPatience: Duration = .seconds(20)

    /// The defaults of the settings file.
    package init() {}
  }

  let configuration: Configuration
  let classifier: any TweetClassifier
  let store: any BatchStore
  let monitor: PipelineMonitor
  let events: PipelineEvents
  let clock: @Sendable () -> Timestamp
  private let channel: BoundedChannel<SourceReader.Message>
  private let readers: [(reader: SourceReader, source: any RecordSource)]
  private let stopTime = Guarded<ContinuousClock.Instant?>(nil)
  /// Calls of the store that failed and are repeated, and what the log knows of it.
  let storePause = Guarded(StorePause())
  /// Bounds the lines of records that were skipped.
  private let skippedRecords = Guarded(RateLimitedLog())
  /// Bounds the lines of files that hold no tweets.
  private let refusedFiles = Guarded(RateLimitedLog(first: 20))
  /// Bounds the lines of files that cannot be read further.
  private let faultyFiles = Guarded(RateLimitedLog(first: 20))

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
    readers = sources.map {
      (SourceReader(channel: channel, monitor: monitor, clock: clock), $0)
    }
  }

  /// Asks the readers to stop; `run` returns after what was taken from their queue is committed.
  ///
  /// Of what still waits in the queue only that is committed which could not be read again.
  package func stop() {
    stopTime.withLock { if $0 == nil { $0 = .now } }
    for (reader, _) in readers { reader.stop() }
  }

  /// When `stop` was called first; nil before.
  var stopped: ContinuousClock.Instant? { stopTime.withLock { $0 } }

  /// Runs until every source is finished or `stop` was called; throws what cannot be mended.
  ///
  /// A cancelled task commits the batch under way at most, and leaves the rest to the next start.
  package func run() async throws {
    defer { tellSummaries(isLast: true) }
    try await withTaskCancellationHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (reader, source) in readers {
          group.addTask { await reader.run(source) }
        }
        // However this ends, no reader may stay blocked in `send`.
        defer { abandon() }
        try await consume()
      }
    } onCancel: {
      abandon()
    }
  }

  private func ends(_ source: String) -> Bool {
    readers.first { $0.source.name == source }?.source.ends ?? true
  }

  private func stopLiveReaders() {
    for (reader, source) in readers where !source.ends { reader.stop() }
  }

  /// Stops everything at once: nothing more is read, and what waits in the queue will not be waited for.
  func abandon() {
    stop()
    channel.close()
  }

  /// The pipeline's own loop: one message or deadline at a time.
  ///
  /// What waits in the channel already is taken before a batch goes out, so that a queue makes the
  /// batches larger, not later: there can be no more of it than the channel holds.
  private func consume() async throws {
    var assembler = BatchAssembler(
      maxTweets: configuration.maxTweets, maxWait: configuration.maxWait,
      maxPause: configuration.maxPause, decoders: configuration.decoders,
      languages: configuration.languages, positions: configuration.positions)
    var underWay = BatchQueue(capacity: configuration.batchesUnderWay)
    do {
      try await consume(into: &assembler, &underWay)
      try await underWay.drain()
    } catch {
      await underWay.cancel()
      throw error
    }
  }

  private func consume(
    into assembler: inout BatchAssembler, _ underWay: inout BatchQueue
  ) async throws {
    var open = readers.count
    var openEnding = readers.count { $0.source.ends }
    var overdue = 0
    var filter = StopFilter()
    while open > 0 {
      var isDue = false
      switch await channel.receive(until: assembler.pauseEnd) {
      case .element(let message):
        if message.isLast {
          open -= 1
          if ends(message.source) { openEnding -= 1 }
          // A live source goes on for ever: it is told when nothing else does.
          if openEnding == 0, configuration.untilEnd { stopLiveReaders() }
        }
        if stopped == nil || filter.keeps(message) { handle(message, in: &assembler) }
        for fault in assembler.takeFaults() { warn(of: fault) }
        for notice in assembler.takeTimeNotices() { tell(of: notice) }
        let isLate = assembler.deadline.map { ContinuousClock.now >= $0 } ?? false
        overdue = isLate ? overdue + 1 : 0
        isDue = overdue > configuration.channelCapacity
      case .timeout: isDue = true
      case .end: open = 0
      }
      while let batch = assembler.takeFull() { try await start(batch, in: &underWay) }
      if isDue {
        overdue = 0
        while let batch = assembler.flush() { try await start(batch, in: &underWay) }
      }
      try Task.checkCancellation()
    }
    while let batch = assembler.flush() { try await start(batch, in: &underWay) }
  }

  private func handle(_ message: SourceReader.Message, in assembler: inout BatchAssembler) {
    let work = monitor.begin(.decoder, at: .now)
    defer { monitor.end(work) }
    switch message {
    case .records(let batch, let source, let arrived):
      // A live source says itself what it does.
      if ends(source) { setState(of: source, to: "reading", batch.path) }
      for gap in batch.gaps { announce(gap) }
      assembler.add(batch, source: source, at: arrived, arrival: clock())
    case .notice(let notice, let source):
      handle(notice, of: source, in: &assembler)
    case .finished(let source):
      monitor.setState(of: source, to: "finished", detail: "")
      assembler.finish(source: source, at: .now)
      announce { $0.state("source finished", [("source", source)]) }
    case .failed(let source, let reason):
      monitor.setState(of: source, to: "failed", detail: reason)
      announce { $0.warning("source failed", [("source", source), ("reason", reason)]) }
    case .stopped: break
    }
  }

  private func handle(
    _ notice: SourceNotice, of source: String, in assembler: inout BatchAssembler
  ) {
    switch notice {
    case .state(let state, let detail):
      setState(of: source, to: state, detail)
    case .gap(let gap):
      announce(gap)
      assembler.add(gap, at: .now)
    case .shed(let gap):
      assembler.count("shed", gap.tweets ?? 0, source: source, at: .now)
      announce(gap)
      assembler.add(gap, at: .now)
    case .counted(let name, let amount):
      assembler.count(name, amount, source: source, at: .now)
    case .replaced(let path, let bytes, let encoding, let isFirst):
      assembler.count("replaced_bytes", bytes, source: source, at: .now)
      guard isFirst else { return }
      announce {
        $0.warning(
          "bytes replaced",
          [
            ("source", source), ("path", path), ("bytes", String(bytes)), ("read_as", encoding),
            ("remedy", "set encoding if the file has another one"),
          ])
      }
    case .fileFinished(let position):
      assembler.finish(position, source: source, at: .now)
    case .file(let note):
      take(note, of: source, in: &assembler)
    case .unread(let count, let names):
      announce {
        $0.state(
          "files left unread", [("source", source), ("files", String(count)), ("first", names)])
      }
    case .fileForgotten(let position):
      assembler.forget(position, source: source, at: .now)
    case .fault(let path, let reason):
      monitor.addFault(of: source)
      let committed = monitor.snapshot.sources.first { $0.name == source }?.newest
      assembler.addUnreadable(
        source: source, path: path, reason: reason,
        lastKnown: committed ?? configuration.newest[source], now: clock(), at: .now
      )
      warn(
        "file cannot be read further", by: faultyFiles, source: source, reason: "unreadable",
        fields: ["path": path, "reason": reason])
    }
  }

  /// Notes what became of a file; the log tells of a refused one.
  private func take(_ note: FileNote, of source: String, in assembler: inout BatchAssembler) {
    assembler.add(note, source: source, at: .now)
    if note.isFailure { monitor.addFault(of: source) }
    guard note.state == .refused else { return }
    warn(
      "file refused", by: refusedFiles, source: source, reason: "refused",
      fields: ["path": note.path, "reason": note.reason, "remedy": note.remedy])
  }

  /// Notes what a source does, and tells the log once: of a live one when it does something else, for its reasons may
  /// change with each attempt; of any other also when it does the same with another file.
  private func setState(of source: String, to state: String, _ detail: String) {
    let changed = monitor.setState(of: source, to: state, detail: detail)
    let isFile = ends(source)
    guard changed.state || (isFile && changed.detail) else { return }
    let fields = [("source", source), (isFile ? "path" : "detail", detail)]
    announce {
      // Somebody has to do something about a refusal; everything else mends itself.
      if state == "refused" {
        $0.warning("source refused", fields)
      } else {
        $0.state("source \(state)", fields)
      }
    }
  }

  /// Tells the log of a gap once, when it is over. While it is open the state of the source says so.
  private func announce(_ gap: Gap) {
    guard gap.isFinal else { return }
    var fields = [
      ("source", gap.source), ("from", "\(gap.from)"), ("to", "\(gap.to)"),
      ("reason", gap.reason), ("recovered_by", gap.recoveredBy),
    ]
    if let detail = gap.detail { fields.append(("detail", detail)) }
    announce { $0.warning("gap", fields) }
  }

  private func warn(of fault: BatchAssembler.Fault) {
    warn(
      "record skipped", by: skippedRecords, source: fault.source, reason: fault.kind,
      count: fault.count,
      fields: ["path": fault.path, "line": String(fault.line), "reason": fault.reason])
  }

  /// A warning that may come for each record or file.
  private func warn(
    _ phrase: String, by log: Guarded<RateLimitedLog>, source: String, reason: String,
    count: Int = 1, fields: [String: String]
  ) {
    let isTold = log.withLock {
      $0.admits(source: source, reason: reason, count: count, fields: fields, at: .now)
    }
    guard isTold else { return }
    announce { $0.warning(phrase, [("source", source)] + fields.sorted { $0.key < $1.key }) }
  }

  /// Tells the summaries of warnings that were too many to be told one by one; to be called every few seconds.
  package func tellSummaries(isLast: Bool = false) {
    for (phrase, log) in [
      ("records skipped", skippedRecords), ("files refused", refusedFiles),
      ("files cannot be read further", faultyFiles),
    ] {
      for summary in log.withLock({ $0.takeSummaries(at: .now, isLast: isLast) }) {
        let newest = summary.newest.sorted { $0.key < $1.key }.map {
          ("newest_\($0.key)", $0.value)
        }
        announce {
          $0.warning(
            phrase,
            [
              ("source", summary.source), ("count", String(summary.count)),
              ("reasons", summary.reasons),
            ] + newest)
        }
      }
    }
  }

  private func tell(of notice: BatchAssembler.TimeNotice) {
    let place = [("source", notice.source), ("path", notice.path)]
    guard let unread = notice.unread else {
      announce { $0.state("tweets without a time count at their arrival", place) }
      return
    }
    announce {
      $0.warning(
        "tweets are not counted: time not understood",
        place + [
          ("line", String(notice.line)), ("time", unread.excerpt), ("cause", unread.cause),
          ("remedy", unread.remedy),
        ])
    }
  }

  /// Tells the log something, which may block: the watchdog sees it.
  func announce(_ tell: (PipelineEvents) -> Void) {
    let work = monitor.begin(.logger, at: .now)
    defer { monitor.end(work) }
    tell(events)
  }
}
