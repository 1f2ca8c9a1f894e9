package import Tweets

/// What a live source delivered and the pipeline had no room for yet; a value of bounded size, time passed in.
///
/// When it is half full the source is left alone until it has emptied to a quarter: a burst, such as what a server sends again
/// after a break, costs nothing. When the source has more to give for longer than the server's patience, it is read on, and from
/// half full on a
/// sample is kept: one record in 2, from three quarters on one in 4, from seven eighths on one in 8, and nothing when it is
/// full. A record is chosen by a hash of its bytes: neither its moment nor its length nor what it says matters, and
/// the same record is chosen again when it comes again.
package struct Backlog: Sendable {
  /// For how long nothing may have been dropped before an episode is over.
  private static let calm: Int64 = 10_000
  /// An episode is entered in the ledger at least so often.
  private static let longest: Int64 = 60_000

  /// The source's name.
  let source: String
  private let limits: OverloadPolicy.Limits
  private var messages: [SourceReader.Message] = []
  private var head = 0
  private var records = 0
  private var bytes = 0
  private var episode: Gap?
  private var stance = Stance.reading

  private var behindSince: ContinuousClock.Instant?
  /// How far the stream is read while something is dropped that the ledger does not have yet: a position must not be
  /// committed before it, or a crash would lose what was dropped without a word.
  private var held: StreamPosition?
  /// Gaps that belong to the held position.
  private var heldGaps: [Gap] = []

  private enum Stance: Sendable {
    case reading, pausing, shedding
  }

  /// An empty backlog of the source.
  package init(source: String, limits: OverloadPolicy.Limits) {
    self.source = source
    self.limits = limits
  }

  /// What has waited longest.
  package var first: SourceReader.Message? { head < messages.count ? messages[head] : nil }

  /// How many records wait.
  package var count: Int { records }

  /// True while records are being dropped.
  package var isShedding: Bool { episode != nil }

  /// The source had nothing more to give.
  package mutating func sourceIsEmpty() { behindSince = nil }

  /// Whether the source may be read now, by how full the backlog is and for how long the source has had more to give than
  /// there was room for.
  package mutating func mayRead(at now: ContinuousClock.Instant) -> Bool {
    switch stance {
    case .reading where filled >= 0.5:
      stance = .pausing
      behindSince = behindSince ?? now
    case .pausing where filled < 0.25: stance = .reading
    case .shedding where filled < 0.125: stance = .reading
    default: break
    }
    if stance != .shedding, let behindSince, now - behindSince >= limits.patience {
      stance = .shedding
      self.behindSince = nil
    }
    return stance != .pausing
  }

  /// The share of the room that is taken, by records or by bytes.
  private var filled: Double {
    max(Double(records) / Double(limits.records), Double(bytes) / Double(limits.bytes))
  }

  /// Takes away what has waited longest, once it was handed on.
  package mutating func removeFirst() {
    if case .records(let batch, _, _) = messages[head] {
      records -= batch.records.count
      bytes -= batch.records.reduce(0) { $0 + $1.bytes.count }
    }
    head += 1
    if head >= 64 || head == messages.count {
      messages.removeSubrange(0..<head)
      head = 0
    }
  }

  /// Adds a message that is no batch of records; these are few and small.
  package mutating func append(_ message: SourceReader.Message) { messages.append(message) }

  /// Adds the records that there is room for, and counts those that it drops. The position and the spending of the
  /// batch stay: what was dropped stands in the ledger.
  package mutating func append(
    _ batch: RecordBatch, arrived: ContinuousClock.Instant, now: Timestamp
  ) {
    var kept = batch
    kept.records = []
    kept.lines = []
    var dropped = 0
    for (record, line) in zip(batch.records, batch.lines) {
      guard keeps(record) else {
        if record.format != .blank { dropped += 1 }
        continue
      }
      kept.records.append(record)
      kept.lines.append(line)
      records += 1
      bytes += record.bytes.count
    }
    if dropped > 0 { note(dropped, at: now) }
    if episode != nil {
      held = kept.stream ?? held
      kept.stream = nil
      heldGaps += kept.gaps
      kept.gaps = []
    }
    if kept.records.isEmpty, case .records(var last, _, let earlier)? = messages.last, first != nil
    {
      // Nothing but a position: a flood must not leave a message a pull behind.
      last.stream = kept.stream ?? last.stream
      last.spent += kept.spent
      last.gaps += kept.gaps
      messages[messages.count - 1] = .records(last, source: source, arrived: earlier)
    } else {
      messages.append(.records(kept, source: source, arrived: arrived))
    }
  }

  /// Ends the episode of dropping when it is over, or long enough to be told of: its gap and the position behind it are
  /// added to what waits. Returns the gap; nil while there is none to tell.
  package mutating func takeEpisode(at now: Timestamp, isStopping: Bool = false) -> Gap? {
    guard let gap = episode,
      isStopping || now.milliseconds - gap.to.milliseconds >= Backlog.calm
        || now.milliseconds - gap.from.milliseconds >= Backlog.longest
    else { return nil }
    episode = nil
    messages.append(.notice(.shed(gap), source: source))
    if let held {
      let position = RecordBatch(
        records: [], lines: [], start: nil, path: "", stream: held, gaps: heldGaps)
      messages.append(.records(position, source: source, arrived: .now))
    }
    held = nil
    heldGaps = []
    return gap
  }

  private mutating func note(_ dropped: Int, at now: Timestamp) {
    var gap = episode ?? Gap(source: source, from: now, to: now, reason: "overload", tweets: 0)
    gap.to = max(gap.to, now)
    gap.tweets = (gap.tweets ?? 0) + dropped
    episode = gap
  }

  private func keeps(_ record: Record) -> Bool {
    if filled >= 1 || bytes + record.bytes.count > limits.bytes { return false }
    guard stance == .shedding, filled >= 0.5 else { return true }
    let mask: UInt64 = filled < 0.75 ? 1 : filled < 0.875 ? 3 : 7
    return Backlog.hash(record.bytes) & mask == 0
  }

  /// FNV-1a, with its high half folded in: the low bits of FNV alone depend on the low bits of the bytes alone.
  private static func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash ^ hash >> 32
  }
}
