import Aggregates
package import TweetText
package import Tweets

/// Decodes records and cuts them into micro-batches by size and by longest wait; a value, time passed in.
///
/// Every record moves its file's position; a batch that ends inside a page of tweets notes how many of
/// the page it holds, so that a restart goes on in the middle of the page.
package struct BatchAssembler: Sendable {
  /// A record that gave no tweet, for the log.
  package struct Fault: Sendable {
    /// The source's name.
    package var source: String
    /// The file.
    package var path: String
    /// The line on which the record begins.
    package var line: Int
    /// Why.
    package var reason: String
  }

  private let maxTweets: Int
  private let maxRecords: Int
  private let maxWait: Duration
  private var decoders: [String: TweetDecoder]
  private var resumed: [MicroBatch.FileKey: FilePosition]
  private var current = MicroBatch()
  private var lastPosition: [MicroBatch.FileKey: FilePosition] = [:]
  private var recordsInCurrent = 0
  private var full: [MicroBatch] = []
  private var faults: [Fault] = []

  /// An assembler; `positions` are the committed ones, whose `itemsDone` are skipped once.
  package init(
    maxTweets: Int, maxWait: Duration, decoders: [String: TweetDecoder],
    positions: [MicroBatch.FileKey: FilePosition]
  ) {
    precondition(maxTweets > 0, "a batch needs room for at least 1 tweet, not \(maxTweets)")
    self.maxTweets = maxTweets
    self.maxRecords = maxTweets * 16
    self.maxWait = maxWait
    self.decoders = decoders
    resumed = positions.filter { $0.value.itemsDone > 0 }
  }

  /// When the batch under way must be flushed; nil while it is empty.
  package var deadline: ContinuousClock.Instant? {
    current.firstArrival.map { $0 + maxWait }
  }

  /// The next full batch, or nil.
  package mutating func takeFull() -> MicroBatch? {
    full.isEmpty ? nil : full.removeFirst()
  }

  /// What is under way, full or not.
  package mutating func flush() -> MicroBatch? {
    if !full.isEmpty { return full.removeFirst() }
    guard !current.isEmpty else { return nil }
    defer { startAnew() }
    return current
  }

  /// The faulty records since the last call.
  package mutating func takeFaults() -> [Fault] {
    defer { faults = [] }
    return faults
  }

  /// Adds a source's records.
  package mutating func add(_ batch: RecordBatch, source: String, at now: ContinuousClock.Instant) {
    for (record, line) in zip(batch.records, batch.lines) {
      add(record, lineAfter: line, of: batch, source: source, at: now)
    }
  }

  /// Adds a row for the gap ledger.
  package mutating func add(_ gap: Gap, at now: ContinuousClock.Instant) {
    arrive(at: now)
    current.gaps.append(gap)
  }

  /// Marks a file as read to its end.
  package mutating func finish(
    _ position: FilePosition, source: String, at now: ContinuousClock.Instant
  ) {
    arrive(at: now)
    current.positions[MicroBatch.FileKey(source: source, position)] = position
  }

  /// Marks a source as read to its end.
  package mutating func finish(source: String, at now: ContinuousClock.Instant) {
    arrive(at: now)
    current.finished.insert(source)
  }

  /// Drops the position of a file that is gone.
  package mutating func forget(
    _ position: FilePosition, source: String, at now: ContinuousClock.Instant
  ) {
    arrive(at: now)
    let key = MicroBatch.FileKey(source: source, position)
    current.positions[key] = nil
    lastPosition[key] = nil
    current.forgotten[key] = position
  }

  private mutating func add(
    _ record: Record, lineAfter line: Int, of batch: RecordBatch, source: String,
    at now: ContinuousClock.Instant
  ) {
    arrive(at: now)
    recordsInCurrent += 1
    if let fault = record.fault {
      current.count("undecodable", source)
      note(record, of: batch, source: source, reason: fault.rawValue)
    } else if record.format == .blank {
      current.count("blank", source)
    } else {
      decode(record, of: batch, source: source, at: now)
    }
    // Counted with the move, so that a page read in two parts is one record.
    current.count("records", source)
    move(batch.start, to: record.end, line: line, source: source)
    cutIfFull()
  }

  private mutating func decode(
    _ record: Record, of batch: RecordBatch, source: String, at now: ContinuousClock.Instant
  ) {
    var decoder = decoders[source] ?? TweetDecoder()
    let decoded = decoder.decode(record)
    decoders[source] = decoder
    let skipped = itemsToSkip(before: record, of: batch, source: source)
    for (index, item) in decoded.enumerated() where index >= skipped {
      if index > skipped {
        stay(batch.start, before: record, itemsDone: index, source: source)
        cutIfFull()
        arrive(at: now)
      }
      switch item {
      case .tweet(let tweet):
        current.count("decoded", source)
        current.items.append(.tweet(tweet, source: source))
      case .notice(.delete(let id)):
        current.count("notices", source)
        current.items.append(.delete(id: id, source: source))
      case .notice:
        current.count("notices", source)
      case .undecodable(let error):
        current.count("undecodable", source)
        note(record, of: batch, source: source, reason: error.description)
      }
    }
  }

  /// How many items of the record were committed before a restart.
  private mutating func itemsToSkip(
    before record: Record, of batch: RecordBatch, source: String
  ) -> Int {
    guard let start = batch.start else { return 0 }
    let key = MicroBatch.FileKey(source: source, start)
    guard let position = resumed[key] else { return 0 }
    resumed[key] = nil
    return record.end > position.offset ? position.itemsDone : 0
  }

  /// The position after a whole record.
  private mutating func move(
    _ start: FilePosition?, to end: Int64, line: Int, source: String
  ) {
    guard var position = start else { return }
    position.offset = end
    position.line = line
    position.itemsDone = 0
    current.positions[MicroBatch.FileKey(source: source, position)] = position
  }

  /// The position inside a record: still before it, with some of its items done.
  private mutating func stay(
    _ start: FilePosition?, before record: Record, itemsDone: Int, source: String
  ) {
    guard let start else { return }
    let key = MicroBatch.FileKey(source: source, start)
    var position = current.positions[key] ?? lastPosition[key] ?? start
    position.itemsDone = itemsDone
    current.positions[key] = position
  }

  private mutating func cutIfFull() {
    guard current.items.count >= maxTweets || recordsInCurrent >= maxRecords else { return }
    lastPosition.merge(current.positions) { $1 }
    full.append(current)
    startAnew()
  }

  private mutating func startAnew() {
    lastPosition.merge(current.positions) { $1 }
    current = MicroBatch()
    recordsInCurrent = 0
  }

  private mutating func arrive(at now: ContinuousClock.Instant) {
    if current.firstArrival == nil { current.firstArrival = now }
  }

  private mutating func note(
    _ record: Record, of batch: RecordBatch, source: String, reason: String
  ) {
    // The log of a flood of bad records is bounded; the counters still count each.
    guard faults.count < 16 else { return }
    faults.append(Fault(source: source, path: batch.path, line: record.line, reason: reason))
  }
}
