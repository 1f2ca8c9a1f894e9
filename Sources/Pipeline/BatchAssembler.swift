import Aggregates
package import TweetText
package import Tweets

/// Decodes records and cuts them into micro-batches by size, by longest wait and by pauses; a value, time
/// passed in.
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
    /// Why, in a word to count by.
    package var kind: String
    /// Why.
    package var reason: String
    /// How many of this kind it stands for; the place is that of the newest.
    package var count = 1
  }

  /// What the times of a file or source call for, to be told once.
  package struct TimeNotice: Sendable {
    /// The source's name.
    package var source: String
    /// The file.
    package var path: String
    /// The line on which the first such record begins.
    package var line: Int
    /// The first time of the file that is not understood; nil: the source's tweets have no time.
    package var unread: UnreadTime?
  }

  /// Faults that are kept apart until they are taken.
  private static let mostFaults = 16

  private let maxTweets: Int
  private let maxRecords: Int
  private let maxWait: Duration
  private let maxPause: Duration
  private var decoders: [String: TweetDecoder]
  private let languages: LanguageRules
  private var resumed: [MicroBatch.FileKey: FilePosition]
  private var newest: [String: Timestamp] = [:]
  private var current = MicroBatch()
  private var recordsInCurrent = 0
  private var lastArrival: ContinuousClock.Instant?
  private var full: [MicroBatch] = []
  private var arrival: Timestamp?
  private var faults: [Fault] = []
  /// Standard inputs that have begun: they have no position that tells their first record.
  private var begun: Set<String> = []
  /// True until the first record of a file is added.
  private var startsFile = false
  private var timeNotices: [TimeNotice] = []
  private var toldTimes: Set<String> = []

  /// An assembler; a batch is due when its first item has waited for `maxWait`, or when nothing has come for
  /// `maxPause`. `positions` are the committed ones, whose `itemsDone` are skipped once.
  package init(
    maxTweets: Int, maxWait: Duration, maxPause: Duration = .seconds(3600),
    decoders: [String: TweetDecoder], languages: LanguageRules = LanguageRules(),
    positions: [MicroBatch.FileKey: FilePosition]
  ) {
    precondition(maxTweets > 0, "a batch needs room for at least 1 tweet, not \(maxTweets)")
    self.maxTweets = maxTweets
    self.maxRecords = maxTweets * 16
    self.maxWait = maxWait
    self.maxPause = maxPause
    self.decoders = decoders
    self.languages = languages
    resumed = positions.filter { $0.value.itemsDone > 0 }
  }

  /// When the batch under way must be flushed, whatever keeps coming; nil while it is empty.
  package var deadline: ContinuousClock.Instant? {
    current.firstArrival.map { $0 + maxWait }
  }

  /// When it is to be flushed if nothing comes before: no company is to be expected then.
  package var pauseEnd: ContinuousClock.Instant? {
    guard let deadline, let lastArrival else { return nil }
    return min(deadline, lastArrival + maxPause)
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

  /// What is to be told of times since the last call.
  package mutating func takeTimeNotices() -> [TimeNotice] {
    defer { timeNotices = [] }
    return timeNotices
  }

  /// Adds a source's records; `arrival` is the time of day, by which a time in the far future is recognised.
  package mutating func add(
    _ batch: RecordBatch, source: String, at now: ContinuousClock.Instant,
    arrival: Timestamp? = nil
  ) {
    var position = batch.start
    startsFile = begins(batch, source: source)
    decoders[source, default: TweetDecoder()].begin(batch.opening)
    self.arrival = arrival
    for (record, line) in zip(batch.records, batch.lines) {
      add(record, after: position, of: batch, source: source, at: now)
      position?.offset = record.end
      position?.line = line
      position?.itemsDone = 0
      move(to: position, source: source)
      cutIfFull()
    }
    if let stream = batch.stream {
      // Behind the last of the records, in their transaction or in a later one.
      arrive(at: now)
      current.streams[source] = stream
    }
    for gap in batch.gaps { add(gap, at: now) }
    if batch.spent > 0 { current.spent[source, default: 0] += Int64(batch.spent) }
  }

  /// True when the batch holds the first record of a file.
  private mutating func begins(_ batch: RecordBatch, source: String) -> Bool {
    guard batch.facts != nil else { return false }
    if let start = batch.start { return start.offset == 0 && start.itemsDone == 0 }
    return begun.insert(source).inserted
  }

  /// The place of the batch's file in the tallies of the current micro-batch; nil for a live stream.
  private mutating func tally(of batch: RecordBatch, source: String) -> Int? {
    guard let facts = batch.facts else { return nil }
    let index = current.file(batch.path, of: source)
    current.files[index].facts = facts
    current.files[index].state = .reading
    if startsFile {
      current.files[index].startsAnew = true
      startsFile = false
    }
    return index
  }

  /// Adds a row for the gap ledger.
  package mutating func add(_ gap: Gap, at now: ContinuousClock.Instant) {
    arrive(at: now)
    current.gaps.append(gap)
  }

  /// Counts something that happened to a source.
  package mutating func count(
    _ name: String, _ amount: Int, source: String, at now: ContinuousClock.Instant
  ) {
    arrive(at: now)
    current.count(name, source, Int64(amount))
  }

  /// Counts a file that cannot be read further, and notes a gap from the source's newest event time to `now`.
  ///
  /// `lastKnown` is the newest event time that was committed; a time in the future is not believed, and
  /// without any the gap begins `now`.
  package mutating func addUnreadable(
    source: String, path: String = "", reason: String = "", lastKnown: Timestamp?, now: Timestamp,
    at instant: ContinuousClock.Instant
  ) {
    let times = [newest[source], lastKnown].compactMap { $0 }.filter { $0 <= now }
    add(
      Gap(source: source, from: times.max() ?? now, to: now, reason: "unreadable"), at: instant)
    current.count("unreadable_files", source)
    guard !path.isEmpty else { return }
    let index = current.file(path, of: source)
    current.files[index].state = .failed
    current.files[index].reason = reason
  }

  /// Marks a file as read to its end.
  package mutating func finish(
    _ position: FilePosition, source: String, at now: ContinuousClock.Instant
  ) {
    arrive(at: now)
    current.positions[MicroBatch.FileKey(source: source, position)] = position
    guard position.memberNumber == 0 else { return }  // Each member has told its end.
    let index = current.file(position.path, of: source)
    current.files[index].state = .finished
  }

  /// Notes what became of a file; a refused one is counted once.
  package mutating func add(_ note: FileNote, source: String, at now: ContinuousClock.Instant) {
    arrive(at: now)
    if note.state == .refused, note.isFirst { current.count("refused_files", source) }
    let index = current.file(note.path, of: source)
    current.files[index].state = note.state
    current.files[index].reason = note.reason
    if note.facts != FileFacts() { current.files[index].facts = note.facts }
    guard let position = note.position else { return }
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
    resumed[key] = nil
    current.positions[key] = nil
    current.forgotten[key] = position
  }

  private mutating func add(
    _ record: Record, after position: FilePosition?, of batch: RecordBatch, source: String,
    at now: ContinuousClock.Instant
  ) {
    arrive(at: now)
    recordsInCurrent += 1
    let skipped = itemsToSkip(after: position, source: source)
    let file = tally(of: batch, source: source)
    if let frame = record.frame {
      if frame == .heartbeat { current.count("heartbeats", source) }
      return
    }
    if let file { current.files[file].records += 1 }
    if let fault = record.fault {
      current.count("undecodable", source)
      if let file { current.files[file].undecodable += 1 }
      note(record, of: batch, source: source, DecodeError(fault))
    } else {
      decode(record, after: position, skipping: skipped, of: batch, source: source, at: now)
    }
    // Counted with the last item, so that a page read in two parts is one record.
    current.count("records", source)
  }

  private mutating func decode(
    _ record: Record, after position: FilePosition?, skipping skipped: Int, of batch: RecordBatch,
    source: String, at now: ContinuousClock.Instant
  ) {
    var decoder = decoders[source] ?? TweetDecoder()
    let decoded = decoder.decode(record)
    decoders[source] = decoder
    if decoded.isEmpty { current.count("blank", source) }
    for (index, item) in decoded.enumerated() where index >= skipped {
      if index > skipped {
        move(to: position, itemsDone: index, source: source)
        cutIfFull()
        arrive(at: now)
      }
      switch item {
      case .tweet(var tweet):
        current.count("decoded", source)
        tweet.lang = languages.language(tweet)
        guard languages.keeps(tweet.lang, of: source) else {
          current.count("language_dropped", source)
          continue
        }
        check(&tweet.time)
        note(tweet.time, of: record, of: batch, source: source)
        current.fileOfItem.append(tally(of: batch, source: source))
        current.items.append(.tweet(tweet, source: source))
        if let time = tweet.createdAt { newest[source] = max(newest[source] ?? time, time) }
      case .notice(.delete(let id, let namespace)):
        current.count("notices", source)
        current.fileOfItem.append(nil)
        current.items.append(.delete(id: id, namespace: namespace, source: source))
      case .notice:
        current.count("notices", source)
      case .undecodable(let error):
        current.count("undecodable", source)
        if let file = tally(of: batch, source: source) { current.files[file].undecodable += 1 }
        note(record, of: batch, source: source, error)
      }
    }
  }

  /// How many items of the record after the position were committed before a restart.
  ///
  /// Asked at the first record of each resumed file; a file that does not begin there is another one.
  private mutating func itemsToSkip(after position: FilePosition?, source: String) -> Int {
    // A source that found the file again elsewhere, renamed or packed, says so itself.
    if let position, position.itemsDone > 0 {
      resumed[MicroBatch.FileKey(source: source, position)] = nil
      return position.itemsDone
    }
    guard !resumed.isEmpty, let position,
      let committed = resumed.removeValue(forKey: MicroBatch.FileKey(source: source, position)),
      committed.offset == position.offset, committed.memberNumber == position.memberNumber,
      committed.fingerprintLength < position.fingerprintLength
        || (committed.fingerprintLength == position.fingerprintLength
          && committed.fingerprint == position.fingerprint)
    else { return 0 }
    return committed.itemsDone
  }

  /// Notes how far the file is read: whole records, and items of the record that follows them.
  private mutating func move(to position: FilePosition?, itemsDone: Int = 0, source: String) {
    guard var position else { return }
    position.itemsDone = itemsDone
    current.positions[MicroBatch.FileKey(source: source, position)] = position
  }

  private mutating func cutIfFull() {
    guard current.items.count >= maxTweets || recordsInCurrent >= maxRecords else { return }
    full.append(current)
    startAnew()
  }

  private mutating func startAnew() {
    current = MicroBatch()
    recordsInCurrent = 0
    lastArrival = nil
  }

  private mutating func arrive(at now: ContinuousClock.Instant) {
    // A message of another source may have waited longer for its turn.
    current.firstArrival = min(current.firstArrival ?? now, now)
    lastArrival = max(lastArrival ?? now, now)
  }

  /// A time far in the future is in a wrong unit or year.
  private func check(_ time: inout TweetTime) {
    guard let arrival, let moment = time.moment,
      moment.milliseconds - arrival.milliseconds > EventTimePolicy.longestSkew * 1000
    else { return }
    time = .unread(UnreadTime(text: "\(moment)", reason: .tooLate))
  }

  /// Notes a time that is not understood once a file, and a source without times once.
  private mutating func note(
    _ time: TweetTime, of record: Record, of batch: RecordBatch, source: String
  ) {
    let unread: UnreadTime?
    let subject: String
    switch time {
    case .known: return
    case .missing: (unread, subject) = (nil, source)
    case .unread(let time): (unread, subject) = (time, source + "\0" + batch.path)
    }
    guard !toldTimes.contains(subject) else { return }
    // A spool may hold any number of files; forgetting means at worst that one is told of twice.
    if toldTimes.count >= 4096 { toldTimes.removeAll() }
    toldTimes.insert(subject)
    timeNotices.append(
      TimeNotice(source: source, path: batch.path, line: record.line, unread: unread))
  }

  private mutating func note(
    _ record: Record, of batch: RecordBatch, source: String, _ error: DecodeError
  ) {
    let fault = Fault(
      source: source, path: batch.path, line: record.line, kind: error.reason.rawValue,
      reason: error.description)
    guard faults.count >= BatchAssembler.mostFaults else { return faults.append(fault) }
    // A flood is bounded: one entry stands for all of its kind.
    let same = faults.lastIndex { $0.source == source && $0.kind == fault.kind }
    guard let same else { return faults.append(fault) }
    let count = faults[same].count + 1
    faults[same] = fault
    faults[same].count = count
  }
}
