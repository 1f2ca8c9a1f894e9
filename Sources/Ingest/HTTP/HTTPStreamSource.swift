package import Tweets

/// Any endpoint that sends one JSON document a line, as a source.
package struct HTTPStreamSource: ~Copyable, Sendable {
  /// What is read, and how long it may be silent.
  package struct Endpoint: Sendable {
    /// The address.
    package var url: String
    /// Where its bearer token lies; nil where none is asked for.
    package var token: SecretFile?
    /// How long it may be without a complete line; empty lines count.
    package var patience: Duration

    /// An endpoint from its parts.
    package init(url: String, token: SecretFile? = nil, patience: Duration = .seconds(60)) {
      self.url = url
      self.token = token
      self.patience = patience
    }

    /// The request of a connection, with the token as it is now.
    func request() throws(IngestError) -> HTTPRequest {
      HTTPRequest(
        url: url, headers: ["Accept: application/x-ndjson, application/json"],
        token: try token?.read())
    }
  }

  /// The name of the settings.
  package let name: String
  private let endpoint: Endpoint
  private var core: LiveCore
  private var stream: LineStream?
  private var openedAt: ContinuousClock.Instant

  /// A source that notes what it missed since the position.
  package init(
    name: String, endpoint: Endpoint, options: LiveOptions = LiveOptions(),
    position: StreamPosition? = nil, unfinished: Gap? = nil
  ) {
    self.name = name
    self.endpoint = endpoint
    openedAt = options.clock()
    core = LiveCore(
      name: name, place: String(endpoint.url.prefix { $0 != "?" }), patience: endpoint.patience,
      options: options,
      position: position, unfinished: unfinished)
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
      leave(LinkEnd(silentFor: endpoint.patience, wasOpen: core.link.isOpen), now)
    case .read: read(maxRecords, now, wait: core.options.pause)
    }
    return core.takeEvent() ?? .quiet
  }

  private mutating func connect(_ now: Timestamp) {
    core.connecting()
    openedAt = core.now
    do {
      stream = try LineStream(try endpoint.request(), core.options)
    } catch {
      leave(LinkEnd(error), now)
    }
  }

  private mutating func leave(_ end: LinkEnd, _ now: Timestamp) {
    stream = nil
    core.failed(end, wall: now)
  }

  private mutating func read(_ maxRecords: Int, _ now: Timestamp, wait: Duration) {
    guard let event = stream?.poll(wait: wait, most: maxRecords) else { return }
    switch event {
    case .quiet: break
    case .lines(let records):
      let gap = core.heard(wall: now)
      let host = URLText.host(of: endpoint.url) ?? ""
      core.tell(
        core.batch(
          records, at: StreamPosition(host: host, time: now), gaps: gap.map { [$0] } ?? []))
    case .refused(let refusal): leave(LinkEnd(refusal), now)
    case .ended(let error):
      // An answer that ends soon is no stream; asking for it again and again would be an attack.
      let isStream = core.link.isOpen && core.now - openedAt >= .seconds(10)
      let words = error.map { "\($0)" } ?? "the server ended its answer"
      leave(LinkEnd(isStream ? .dropped : .unavailable, words), now)
    }
  }
}
