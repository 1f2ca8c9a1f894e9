package import Tweets

/// A public stream of a Mastodon server as a source (https://docs.joinmastodon.org/methods/streaming/).
///
/// The stream has no memory: what a break made us miss is fetched from the timeline behind the last known id.
package struct MastodonSource: ~Copyable, Sendable {
  /// A stream without a complete line for so long is dead: `:thump` comes every 15 s.
  package static let patience: Duration = .seconds(45)

  /// The name of the settings.
  package let name: String
  private let mastodon: MastodonOptions
  private var core: LiveCore
  private var stream: LineStream?
  private var parser: EventParser
  /// Where the stream is served; nil until the server said it.
  private var streamingBase: String?
  private var newest: String?
  private var fill: MastodonFill?
  /// The position before a break, kept until what was missed is here.
  private var held: StreamPosition?

  /// A source that goes on behind the position.
  package init(
    name: String, mastodon: MastodonOptions, options: LiveOptions = LiveOptions(),
    position: StreamPosition? = nil, unfinished: Gap? = nil
  ) {
    self.name = name
    self.mastodon = mastodon
    let known = position?.host == mastodon.host ? position : nil
    core = LiveCore(
      name: name, place: mastodon.server + mastodon.stream.path,
      patience: MastodonSource.patience, options: options, position: known,
      unfinished: unfinished)
    newest = known.flatMap { $0.cursor.isEmpty ? nil : $0.cursor }
    parser = EventParser(mostBytes: options.frame.recordBytes)
  }

  /// Says again what the source is doing.
  package mutating func restate() { core.restate() }

  /// What came.
  package mutating func poll(
    maxRecords: Int, now: Timestamp
  ) throws(IngestError) -> SourceEvent {
    if let event = core.takeEvent() { return event }
    switch core.link.action(at: core.now) {
    case .wait(let span): core.wait(span)
    case .connect: connect(now)
    case .giveUp:
      // While the pipeline was slower than the stream, or a reload went on, nobody looked what came.
      let phase = core.link.phase
      read(maxRecords, now, wait: .zero)
      guard core.link.phase == phase else { break }
      leave(LinkEnd(silentFor: MastodonSource.patience, wasOpen: core.link.isOpen), now)
    case .read:
      fillOn(now)
      read(maxRecords, now, wait: core.options.pause)
    }
    return core.takeEvent() ?? .quiet
  }

  private mutating func connect(_ now: Timestamp) {
    core.connecting()
    do {
      let base = try streamingBase ?? mastodon.findStreaming(core.options.network)
      streamingBase = base
      parser = EventParser(mostBytes: core.options.frame.recordBytes)
      stream = try LineStream(try mastodon.request(at: base), core.options)
    } catch {
      leave(LinkEnd(error), now)
    }
  }

  private mutating func leave(_ end: LinkEnd, _ now: Timestamp) {
    stream = nil
    streamingBase = nil
    core.failed(end, wall: now)
  }

  private mutating func read(_ maxRecords: Int, _ now: Timestamp, wait: Duration) {
    guard let event = stream?.poll(wait: wait, most: maxRecords) else { return }
    switch event {
    case .quiet: break
    case .lines(let lines): take(lines, now)
    case .refused(let refusal): leave(LinkEnd(refusal), now)
    case .ended(let error):
      let words = error.map { "\($0)" } ?? "the server closed the stream"
      leave(LinkEnd(words, wasOpen: core.link.isOpen), now)
    }
  }

  private mutating func take(_ lines: [Record], _ now: Timestamp) {
    let before = newest.map {
      StreamPosition(host: mastodon.host, cursor: $0, time: core.lastHeard ?? now)
    }
    var settled: [Gap] = []
    if let gap = core.heard(wall: now) {
      if let before {
        // A break while an older one is being filled: the fill begins anew, from the older id.
        let position = held ?? before
        var whole = gap
        whole.from = min(gap.from, position.time)
        held = position
        core.tell(.gap(whole.at(.filling)))
        fill = MastodonFill(
          whole, after: position.cursor, mastodon, core.options, from: core.now)
      } else {
        settled = [gap]
      }
    }
    var records: [Record] = []
    for line in lines {
      guard let record = parser.take(line) else { continue }
      records.append(record)
      if record.format == .event("update"), let id = MastodonID.of(record.bytes),
        MastodonID.isBelievable(id, now: now),
        newest.map({ MastodonID.isOlder($0, than: id) }) ?? true
      {
        newest = id
      }
    }
    guard !records.isEmpty || !settled.isEmpty else { return }
    deliver(records, now, settled)
  }

  private mutating func deliver(_ records: [Record], _ now: Timestamp, _ gaps: [Gap] = []) {
    let position = StreamPosition(host: mastodon.host, cursor: newest ?? "", time: now)
    core.tell(core.batch(records, at: held ?? position, gaps: gaps))
  }

  /// One step of filling a gap, when one is due.
  private mutating func fillOn(_ now: Timestamp) {
    guard var step = fill else { return }
    let result = step.poll()
    fill = step
    switch result {
    case .notYet: break
    case .page(let page):
      // A restart goes on behind this page.
      held?.cursor = step.minimum
      deliver([page], now)
    case .failed(let gap): core.tell(.gap(gap.at(.filling)))
    case .done(let gap):
      fill = nil
      held = nil
      deliver([], core.lastHeard ?? now, [gap.at(.settled)])
    }
  }
}
