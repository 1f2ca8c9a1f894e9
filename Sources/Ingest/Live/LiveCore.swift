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
  private var outbox: [SourceEvent] = []
  private var lastState = ""

  init(
    name: String, place: String, patience: Duration, options: LiveOptions,
    position: StreamPosition?
  ) {
    self.name = name
    self.place = place
    self.options = options
    link = Link(patience: patience, now: options.clock(), jitter: options.jitter)
    lastHeard = position?.time
    interruption = "shutdown"
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
    outbox.append(.state(state, detail: detail))
  }

  /// A request goes out.
  mutating func connecting() {
    link.connecting(at: now)
    if link.connections == 0, lastState.isEmpty { say("connecting", place) }
  }

  /// A complete line came. For the first of a connection, what was missed before it, without how it is filled.
  mutating func heard(wall: Timestamp) -> Gap? {
    defer { lastHeard = wall }
    guard link.heard(at: now) else { return nil }
    if link.connections > 1 { tell(.counted("reconnects", 1)) }
    say("reading", place)
    defer { interruption = nil }
    guard let lastHeard, let interruption, wall > lastHeard else { return nil }
    return Gap(source: name, from: lastHeard, to: wall, reason: interruption)
  }

  /// The connection, or the attempt at one, is over.
  ///
  /// The ledger's reason is that of the first failure after a good stream; the state is that of the last.
  mutating func failed(_ end: LinkEnd, wall: Timestamp) {
    if interruption == nil { interruption = end.reason }
    tell(.counted(end.reason + "s", 1))
    let wait = link.failed(end.failure, at: now, wall: wall)
    var words = end.detail.isEmpty ? place : end.detail
    if wait >= .seconds(60) {
      let next = Timestamp(seconds: wall.seconds + wait.components.seconds)
      words += "; the next attempt is at \(next)"
    }
    say(end.state, words)
  }

  /// Records as they are handed on, with the place that the stream is at behind them.
  func batch(
    _ records: [Record], at position: StreamPosition?, spent: Int = 0, of path: String? = nil
  ) -> SourceEvent {
    var batch = SourceBatch(
      records: records, lines: records.map(\.line), start: nil, path: path ?? place)
    batch.stream = position
    batch.spent = spent
    return .batch(batch)
  }

  /// Nothing is read until then, and not for want of a connection.
  mutating func rest(until moment: ContinuousClock.Instant, as reason: String) {
    if interruption == nil || lastHeard == nil || interruption == "shutdown" {
      interruption = reason
    }
    link.rest(until: moment)
  }

  /// Waits on the calling thread, for one pull's pause at most.
  func wait(_ span: Duration) {
    let pause = min(span, options.pause)
    usleep(UInt32(clamping: max(1, pause.wholeMilliseconds) * 1000))
  }
}
