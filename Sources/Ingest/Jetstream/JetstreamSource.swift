package import Tweets

/// The posts of Bluesky by its Jetstream servers as a source (https://github.com/bluesky-social/jetstream).
///
/// It goes on where it was: each connection asks for everything since a few seconds before the last frame, and what
/// comes twice is recognised. A server that has forgotten that far back leaves a gap.
package struct JetstreamSource: ~Copyable, Sendable {
  /// A quiet connection is asked for a sign of life after this.
  package static let pingAfter: Duration = .seconds(30)
  /// Without one for so long in all it is dead.
  package static let patience: Duration = .seconds(45)
  /// How far back each connection begins, in milliseconds: servers drop and reorder around a break.
  private static let rewind: Int64 = 5000
  /// A stream that begins later than asked for by more than that has forgotten something.
  private static let tolerance: Int64 = 60_000
  /// The cursor makes up for a short break, so the ledger has an open row of a longer one only.
  private static let ledgerDelay: Duration = .seconds(5)

  /// The name of the settings.
  package let name: String
  private let jetstream: JetstreamOptions
  private var core: LiveCore
  private var socket: WebSocketConnection?
  private var zstd: ZstdMessages?
  private var server = 0
  private var lastPing: ContinuousClock.Instant?
  /// The furthest frame that was handed on, and the server that it came from.
  private var last: (frame: Place, host: String)?
  /// The frame that the connection was asked to begin behind; nil once its first frame was looked at.
  private var expected: Place?
  /// True after the server said that it has forgotten our cursor.
  private var isForgotten = false
  /// A break whose end the next message shows.
  private var broken: Gap?
  /// When the last message came, or the connection opened.
  private var lastMessage: ContinuousClock.Instant
  /// The time of day of the last message, or of the connection's opening.
  private var lastMessageTime: Timestamp?

  private struct Place: Sendable {
    var cursor: Int64
    var time: Timestamp
  }

  /// A source that goes on behind the position.
  package init(
    name: String, jetstream: JetstreamOptions, options: LiveOptions = LiveOptions(),
    position: StreamPosition? = nil, unfinished: Gap? = nil
  ) {
    self.name = name
    self.jetstream = jetstream
    core = LiveCore(
      name: name, place: jetstream.servers[0], patience: JetstreamSource.patience,
      options: options, position: position, unfinished: unfinished,
      ledgerDelay: JetstreamSource.ledgerDelay)
    lastMessage = options.clock()
    last = position.flatMap { JetstreamSource.place(of: $0, version: jetstream.version) }
    if last == nil, let position {
      // What came since then and was not committed cannot be asked for.
      broken = Gap(source: name, from: position.time, to: position.time, reason: "shutdown")
    }
  }

  /// The place that a position stands for; nil when the stream cannot be asked to begin there.
  private static func place(
    of position: StreamPosition, version: JetstreamOptions.Version
  ) -> (frame: Place, host: String)? {
    if let cursor = Int64(position.cursor) {
      // A time as cursor tells when the frame was; a number does not, and the arrival stands for it.
      let time =
        cursor >= 1_000_000_000_000_000 ? Timestamp(milliseconds: cursor / 1000) : position.time
      return (Place(cursor: cursor, time: time), position.host)
    }
    // Nothing was committed since the source began to listen: it begins there again.
    guard version == .v1 else { return nil }
    return (Place(cursor: position.time.milliseconds * 1000, time: position.time), position.host)
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
      core.tellOutage(wall: now)
      core.wait(span)
    case .connect: connect(now)
    case .read where isIdle:
      // While the pipeline was slower than the stream, nobody looked whether a message came.
      read(maxRecords, now, wait: .zero)
      if isIdle, let idle = jetstream.idle {
        // Pongs were heard since, but nothing is known of what was posted.
        core.lastHeard = lastMessageTime ?? core.lastHeard
        leave(LinkEnd(silentFor: idle, "no message", wasOpen: true), now)
      }
    case .read: read(maxRecords, now, wait: core.options.pause)
    case .giveUp:
      // While the pipeline was slower than the stream, nobody looked whether a pong came.
      let phase = core.link.phase
      read(maxRecords, now, wait: .zero)
      guard core.link.phase == phase else { break }
      leave(
        LinkEnd(silentFor: JetstreamSource.patience, "no sign of life", wasOpen: false), now)
    }
    return core.takeEvent() ?? .quiet
  }

  /// True when the server has sent no message for too long, whatever it answers.
  private var isIdle: Bool {
    guard let idle = jetstream.idle, core.link.isOpen else { return false }
    return core.now - lastMessage >= idle
  }

  private var base: String { jetstream.servers[server] }
  private var host: String { URLText.host(of: base) ?? "" }

  // MARK: Connecting

  private mutating func connect(_ now: Timestamp) {
    core.connecting()
    lastPing = nil
    do {
      if zstd == nil, let path = jetstream.dictionary {
        let file = try FileDescriptor.open(path, admitting: .regularFile)
        zstd = try ZstdMessages(
          dictionary: try file.read(4 << 20, at: 0, path: path),
          mostBytes: core.options.frame.recordBytes)
      }
      socket = try WebSocketConnection(
        url: jetstream.url(
          server: base, cursor: cursor, mostBytes: core.options.frame.recordBytes),
        headers: jetstream.headers, mostBytes: core.options.frame.recordBytes,
        core.options.network)
      expected = last?.frame
    } catch {
      leave(LinkEnd(error), now)
    }
  }

  /// The cursor of the next connection; nil: from now on.
  private var cursor: String? {
    guard let last, !isForgotten else { return nil }
    switch jetstream.version {
    case .v1: return "\(max(0, last.frame.cursor - JetstreamSource.rewind * 1000))"
    case .v2: return last.host == host ? "\(last.frame.cursor)" : nil
    }
  }

  private mutating func leave(_ end: LinkEnd, _ now: Timestamp) {
    socket?.close()
    socket = nil
    var end = end
    end.detail = "\(host): \(end.detail)"
    core.failed(end, wall: now)
    server = (server + 1) % jetstream.servers.count
  }

  // MARK: Reading

  private mutating func read(_ maxRecords: Int, _ now: Timestamp, wait: Duration) {
    sendPing()
    guard let event = socket?.poll(wait: wait, most: maxRecords) else { return }
    switch event {
    case .quiet: break
    case .opened:
      lastMessage = core.now
      lastMessageTime = now
      heard(now)
    case .events(let events):
      heard(now)
      take(events, now)
    case .refused(let refusal): refuse(refusal, now)
    case .failed(let error): leave(LinkEnd(error.cause, wasOpen: core.link.isOpen), now)
    }
  }

  private mutating func refuse(_ refusal: HTTPRefusal, _ now: Timestamp) {
    if refusal.status == 400, refusal.words.hasPrefix("CursorTooOld"), !isForgotten {
      isForgotten = true
      socket = nil
      core.link.rest(until: core.now)
      return
    }
    leave(LinkEnd(refusal), now)
  }

  /// Anything that came is a sign of life. What was missed is told by the frames, not by the time of day.
  private mutating func heard(_ now: Timestamp) {
    lastPing = nil
    guard var gap = core.heard(wall: now) else { return }
    if let broken {
      gap.from = min(gap.from, broken.from)
      gap.reason = broken.reason
      if broken.stage == .settled { gap.stage = .settled }
    }
    broken = gap
  }

  private mutating func sendPing() {
    guard case .open(let lastLine) = core.link.phase, lastPing == nil,
      core.now - lastLine >= JetstreamSource.pingAfter
    else { return }
    socket?.ping()
    lastPing = core.now
  }

  private mutating func take(_ events: [WebSocketParser.Event], _ now: Timestamp) {
    var records: [Record] = []
    var gaps: [Gap] = []
    var end: (failure: Reconnect.Failure, words: String)?
    for event in events {
      switch event {
      case .message(let bytes, let isText):
        lastMessage = core.now
        lastMessageTime = now
        guard let record = record(bytes, isText: isText, number: records.count + 1) else {
          continue
        }
        if let error = JetstreamFrame.error(record.bytes) { end = (.unavailable, error) }
        records.append(record)
        if let gap = pass(record, now) { gaps.append(gap) }
      case .tooLong:
        records.append(
          Record(bytes: [], format: .json, line: records.count + 1, end: 0, fault: .tooLong))
      case .close(let code, let reason):
        end = (.dropped, "the server closed: \(code) \(reason)")
      case .ping, .pong: break
      }
    }
    if !records.isEmpty { deliver(records, gaps, now) }
    if let (failure, words) = end {
      leave(LinkEnd(failure, words), now)
    }
  }

  private mutating func record(_ bytes: [UInt8], isText: Bool, number: Int) -> Record? {
    if isText || zstd == nil { return Record(bytes: bytes, format: .json, line: number, end: 0) }
    let plain = zstd?.decode(bytes)
    return Record(
      bytes: plain ?? [], format: .json, line: number, end: 0,
      fault: plain == nil ? .tooLong : nil)
  }

  /// Notes how far the stream is; at its beginning, the gap that is settled by what it begins with.
  private mutating func pass(_ record: Record, _ now: Timestamp) -> Gap? {
    // A frame of the future would make a cursor that passes everything over.
    guard record.fault == nil, let frame = JetstreamFrame(record.bytes),
      frame.time.milliseconds <= now.milliseconds + 3_600_000
    else { return nil }
    let gap = settle(frame, now)
    if last.map({ frame.cursor > $0.frame.cursor }) ?? true {
      last = (Place(cursor: frame.cursor, time: frame.time), host)
    }
    return gap
  }

  /// Compares the first frame of a connection with what was asked for: what is missing, or the open row of the ledger as it ends.
  private mutating func settle(_ frame: JetstreamFrame, _ now: Timestamp) -> Gap? {
    let wanted = expected
    let ended = broken
    (expected, broken) = (nil, nil)
    guard let wanted else {
      // Nothing was asked for: the stream began with what was new.
      return ended.map { gap in
        var gap = gap
        gap.to = max(gap.from, frame.time)
        return gap
      }
    }
    let isLate = frame.time.milliseconds - wanted.time.milliseconds > JetstreamSource.tolerance
    let wasLive = isForgotten || cursor == nil
    let isMissing = isLate || (wasLive && frame.time > wanted.time)
    let reason = isForgotten || isLate ? "clamped_cursor" : "disconnect"
    // A number of another server, or from before the gap, is of no use any more.
    if wasLive { last = nil }
    isForgotten = false
    let isInLedger = ended?.stage == .settled
    if isMissing {
      let from = isInLedger ? min(wanted.time, ended?.from ?? wanted.time) : wanted.time
      return Gap(
        source: name, from: from, to: max(from, frame.time), reason: reason,
        detail: ended?.detail, stage: isInLedger ? .settled : .single)
    }
    guard isInLedger, var gap = ended else { return nil }
    gap.to = max(gap.from, now)
    gap.recoveredBy = "cursor"
    return gap
  }

  private mutating func deliver(_ records: [Record], _ gaps: [Gap], _ now: Timestamp) {
    let position = last.map {
      StreamPosition(host: $0.host, cursor: "\($0.frame.cursor)", time: now)
    }
    core.tell(
      core.batch(
        records, at: position ?? StreamPosition(host: host, time: now), of: base, gaps: gaps))
  }
}
