package import Tweets

/// A stream of X API v2 as a source: connects, notices silence, comes again, and fills what it missed.
///
/// One thread pulls it; a pull waits for the network for a tenth of a second at most, and for an answer to a
/// question of recovery for ten seconds.
package struct XSource: ~Copyable, Sendable {
  /// A stream without a complete line for so long is dead: heartbeats come every 20 s, a little late at times.
  package static let patience: Duration = .seconds(22)
  /// The stream gives the last five minutes again when it is asked to.
  private static let backfillReach: Int64 = 300_000

  /// The name of the settings.
  package let name: String
  private let x: XOptions
  private var core: LiveCore
  private var stream: LineStream?
  private var budget: PostBudget?
  private var fill: XFill?
  /// What the server said before it closed.
  private var farewell: String?
  /// The position before a break, kept until what was missed is here: a crash meanwhile asks for all of it again.
  private var held: StreamPosition?
  /// The gap that the stream itself is filling; posts from its end on are no backfill any more.
  private var backfill: Gap?
  /// Gaps that are settled; they wait until the place may move over them.
  private var settled: [Gap] = []

  /// A source that goes on at the position, with what was missed since.
  package init(
    name: String, x: XOptions, options: LiveOptions = LiveOptions(),
    position: StreamPosition? = nil, unfinished: Gap? = nil
  ) {
    self.name = name
    self.x = x
    core = LiveCore(
      name: name, place: x.url, patience: XSource.patience, options: options, position: position,
      unfinished: unfinished)
    budget = x.budget
  }

  /// Says again what the source is doing.
  package mutating func restate() { core.restate() }

  /// What came.
  package mutating func poll(
    maxRecords: Int, now: Timestamp
  ) throws(IngestError) -> SourceEvent {
    if let event = core.takeEvent() { return event }
    switch core.link.action(at: core.now) {
    case .wait(let span):
      if let event = fillOn(now) { return event }
      core.wait(span)
    case .connect: connect(now)
    case .giveUp:
      // While the pipeline was slower than the stream, or a reload went on, nobody looked what came.
      let phase = core.link.phase
      if let event = read(maxRecords, now, wait: .zero) { return event }
      guard core.link.phase == phase else { break }
      leave(LinkEnd(silentFor: XSource.patience, wasOpen: core.link.isOpen), now)
    case .read:
      if let event = fillOn(now) { return event }
      if let event = read(maxRecords, now, wait: core.options.pause) { return event }
    }
    return core.takeEvent() ?? .quiet
  }

  // MARK: Connecting

  private mutating func connect(_ now: Timestamp) {
    if let (limit, until) = budget?.exhausted(at: now) {
      core.rest(
        until: core.now + .milliseconds(min(until.milliseconds - now.milliseconds, 60_000)),
        as: "budget", "\(limit) is spent", wall: now)
      core.say("over_budget", "\(limit) is spent; goes on at \(until)")
      return
    }
    core.connecting()
    do {
      var more: [(String, String)] = []
      let since = held?.time ?? core.lastHeard
      if x.recovery == .backfill, let since, core.interruption != "budget" {
        let missed = now.milliseconds - since.milliseconds
        if missed > 0 {
          more = [("backfill_minutes", "\(min(5, max(1, (missed + 59_999) / 60_000)))")]
        }
      }
      stream = try LineStream(try x.request(more), core.options)
    } catch {
      leave(LinkEnd(error), now)
    }
  }

  private mutating func leave(_ end: LinkEnd, _ now: Timestamp) {
    stream = nil
    farewell = nil
    core.failed(end, wall: now)
  }

  // MARK: Reading

  private mutating func read(
    _ maxRecords: Int, _ now: Timestamp, wait: Duration
  ) -> SourceEvent? {
    guard let event = stream?.poll(wait: wait, most: maxRecords) else { return nil }
    switch event {
    case .quiet: return nil
    case .lines(let records): return take(records, now)
    case .refused(let refusal): leave(LinkEnd(refusal), now)
    case .ended(let error):
      let words = farewell ?? error.map { "\($0)" } ?? "the server closed the stream"
      leave(LinkEnd(words, wasOpen: core.link.isOpen), now)
    }
    return nil
  }

  private mutating func take(_ records: [Record], _ now: Timestamp) -> SourceEvent {
    let before = core.lastHeard.map { StreamPosition(host: host, time: $0) }
    let interruption = core.interruption
    if let gap = core.heard(wall: now) { missed(gap, before: before, because: interruption) }
    var posts = 0
    for record in records where record.format == .json && record.fault == nil {
      if let words = XLine.disconnect(record.bytes) { farewell = words } else { posts += 1 }
    }
    endBackfill(records)
    budget?.spend(posts, at: now)
    core.tell(
      core.batch(
        records, at: held ?? StreamPosition(host: host, time: now), spent: billed(posts),
        gaps: takeSettled()))
    if let (limit, _) = budget?.exhausted(at: now) {
      stream = nil
      core.rest(until: core.now, as: "budget", "\(limit) is spent", wall: now)
    }
    return core.takeEvent() ?? .quiet
  }

  /// What of these posts is kept account of.
  private func billed(_ posts: Int) -> Int { budget == nil ? 0 : posts }

  private var host: String { URLText.host(of: x.base) ?? "" }

  // MARK: What was missed

  /// Decides how a gap is filled; it stands in the ledger once that is done, or known to be impossible.
  ///
  /// A break while an older gap is being filled makes one gap of both: who knows how much of it came.
  private mutating func missed(_ gap: Gap, before: StreamPosition?, because reason: String?) {
    var gap = gap
    if let older = backfill ?? fill?.gap {
      gap.from = min(gap.from, older.from)
      gap.reason = older.reason
    }
    if let older = fill?.gap { gap.from = min(gap.from, older.from) }
    settled.removeAll { $0.from >= gap.from }
    backfill = nil
    fill = nil
    guard reason != "budget", x.recovery != .none else {
      held = nil
      settled.append(gap.at(.settled))
      return
    }
    held = held ?? before
    if x.recovery == .search {
      core.tell(.gap(gap.at(.filling)))
      fill = XFill(gap, x: x, options: core.options, from: core.now)
      return
    }
    let reach = Timestamp(milliseconds: gap.to.milliseconds - XSource.backfillReach)
    if gap.from < reach {
      var older = gap
      older.to = reach
      gap.from = reach
      core.tell(.gap(older.at(.filling)))
      fill = XFill(older, x: x, options: core.options, from: core.now)
    }
    gap.recoveredBy = "backfill"
    gap.detail = nil
    core.tell(.gap(gap.at(.filling)))
    backfill = gap
  }

  /// The backfill is over with the first post that is newer than the connection, or with a heartbeat: the
  /// server has nothing older to send.
  private mutating func endBackfill(_ records: [Record]) {
    guard let gap = backfill else { return }
    let isOver = records.contains { record in
      record.format == .blank || XLine.time(record.bytes).map { $0 >= gap.to } ?? false
    }
    guard isOver else { return }
    backfill = nil
    if fill == nil { held = nil }
    settled.append(gap.at(.settled))
  }

  /// The settled gaps, once nothing before the place is being filled any more.
  private mutating func takeSettled() -> [Gap] {
    guard backfill == nil, fill == nil else { return [] }
    defer { settled = [] }
    return settled
  }

  /// One step of filling a gap, when one is due.
  private mutating func fillOn(_ now: Timestamp) -> SourceEvent? {
    guard var step = fill.take() else { return nil }
    if let (limit, _) = budget?.exhausted(at: now) {
      step.giveUp("recent search: \(limit) is spent")
    }
    switch step.poll(now: now) {
    case .notYet:
      fill = consume step
      return nil
    case .records(let records, let posts):
      fill = consume step
      budget?.spend(posts, at: now)
      return core.batch(records, at: held, spent: billed(posts))
    case .failed(let gap):
      fill = consume step
      return .gap(gap.at(.filling))
    case .done(let gap):
      settled.append(gap.at(.settled))
      guard backfill == nil else { return nil }
      held = nil
      return core.batch(
        [], at: StreamPosition(host: host, time: core.lastHeard ?? now), gaps: takeSettled())
    }
  }
}
