import Glibc
import Tweets

/// What every live source keeps: its link, when it heard something last, and what it has to tell.
struct LiveCore: Sendable {
  /// The name of the settings.
  let name: String
  /// The address, for messages.
  let place: String
  let options: LiveOptions
  var link: Link
  /// When the last complete line arrived; nil when nothing ever did.
  var lastHeard: Timestamp?
  /// Why nothing is heard, in the words of the gap ledger; nil while a good stream is open.
  private(set) var interruption: String?
  /// Why the stream ended, in words, and when; nil while a good stream is open.
  private var outage: (detail: String, since: ContinuousClock.Instant)?
  /// True while the ledger has an unfinished row of this source.
  private var isInLedger = false
  /// How long the source is interrupted before the ledger has an open row of it.
  private let ledgerDelay: Duration
  private var outbox: [SourceEvent] = []
  private var lastState = ""
  private var lastSaid: SourceEvent?

  init(
    name: String, place: String, patience: Duration, options: LiveOptions,
    position: StreamPosition?, unfinished: Gap?, ledgerDelay: Duration = .zero
  ) {
    self.name = name
    self.place = place
    self.options = options
    self.ledgerDelay = ledgerDelay
    link = Link(patience: patience, now: options.clock(), jitter: options.jitter)
    lastHeard = unfinished?.from ?? position?.time
    interruption = unfinished?.reason ?? "shutdown"
    isInLedger = unfinished != nil
  }

  var now: ContinuousClock.Instant { options.clock() }

  /// The next thing to tell.
  mutating func takeEvent() -> SourceEvent? { outbox.isEmpty ? nil : outbox.removeFirst() }

  /// Puts something behind what is to be told already.
  mutating func tell(_ event: SourceEvent) { outbox.append(event) }

  /// Says what the source is doing, once.
  mutating func say(_ state: String, _ detail: String) {
    guard lastState != state + detail else { return }
    lastState = state + detail
    lastSaid = .state(state, detail: detail)
    outbox.append(.state(state, detail: detail))
  }

  /// Says again what the source is doing, to somebody who did not hear it. A source that was refused tries again at once: a
  /// reload may mean a new token.
  mutating func restate() {
    guard let lastSaid else { return }
    outbox.insert(lastSaid, at: 0)
    if case .state("refused", _) = lastSaid { link.rest(until: now) }
  }

  /// A request goes out.
  mutating func connecting() {
    link.connecting(at: now)
    if link.connections == 0, lastState.isEmpty { say("connecting", place) }
  }

  /// A complete line came. For the first of a connection, what was missed before it, without how it is filled.
  ///
  /// The stage of the gap is `settled` when the ledger has an open row that it must replace, else `single`.
  mutating func heard(wall: Timestamp) -> Gap? {
    defer { lastHeard = wall }
    guard link.heard(at: now) else { return nil }
    if link.connections > 1 { tell(.counted("reconnects", 1)) }
    say("reading", place)
    defer {
      interruption = nil
      outage = nil
      isInLedger = false
    }
    guard let lastHeard, let interruption, isInLedger || wall > lastHeard else { return nil }
    return Gap(
      source: name, from: lastHeard, to: max(wall, lastHeard), reason: interruption,
      detail: outage?.detail, stage: isInLedger ? .settled : .single)
  }

  /// The connection, or the attempt at one, is over.
  ///
  /// The ledger's reason is that of the first failure after a good stream; the state is that of the last.
  mutating func failed(_ end: LinkEnd, wall: Timestamp) {
    interrupt(end.reason, isLonger: false)
    if outage == nil { outage = (end.detail, now) }
    tellOutage(wall: wall, atOnce: end.reason == "stall")
    tell(.counted(end.reason + "s", 1))
    let wait = link.failed(end.failure, at: now, wall: wall)
    var words = end.detail.isEmpty ? place : end.detail
    if wait >= .seconds(60) {
      let next = Timestamp(seconds: wall.seconds + wait.components.seconds)
      words += "; the next attempt is at \(next)"
    }
    say(end.state, words)
  }

  /// Puts the open gap into the ledger once the interruption has lasted for the delay; `atOnce`: without the delay.
  mutating func tellOutage(wall: Timestamp, atOnce: Bool = false) {
    guard !isInLedger, let interruption, let outage,
      atOnce || now - outage.since >= ledgerDelay
    else { return }
    isInLedger = true
    let from = lastHeard ?? wall
    lastHeard = from
    tell(
      .gap(
        Gap(
          source: name, from: from, to: max(wall, from), reason: interruption,
          detail: outage.detail, stage: .open)))
  }

  /// Notes why nothing is heard. The first reason after a good stream stays; `isLonger`: a mere stop of the daemon does not.
  private mutating func interrupt(_ reason: String, isLonger: Bool) {
    let isWeak = lastHeard == nil || (isLonger && interruption == "shutdown")
    if interruption == nil || (isWeak && !isInLedger) { interruption = reason }
  }

  /// Records as they are handed on, with the place that the stream is at behind them, and the gaps before that place.
  func batch(
    _ records: [Record], at position: StreamPosition?, spent: Int = 0, of path: String? = nil,
    gaps: [Gap] = []
  ) -> SourceEvent {
    var batch = SourceBatch(
      records: records, lines: records.map(\.line), start: nil, path: path ?? place)
    batch.stream = position
    batch.spent = spent
    batch.gaps = gaps
    return .batch(batch)
  }

  /// Nothing is read until then, and not for want of a connection; `detail` says why in words.
  mutating func rest(
    until moment: ContinuousClock.Instant, as reason: String, _ detail: String, wall: Timestamp
  ) {
    interrupt(reason, isLonger: true)
    if outage == nil { outage = (detail, now) }
    tellOutage(wall: wall)
    link.rest(until: moment)
  }

  /// Waits on the calling thread, for one pull's pause at most.
  func wait(_ span: Duration) {
    let pause = min(span, options.pause)
    usleep(UInt32(clamping: max(1, pause.wholeMilliseconds) * 1000))
  }
}
