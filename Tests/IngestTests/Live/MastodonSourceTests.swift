import FaultServer
import Ingest
import Testing
import Tweets

@Suite struct MastodonSourceTests {
  private static let path = "/api/v1/streaming/public"
  private static let timeline = "/api/v1/timelines/public"
  private let clock = TestClock()
  private let token = TokenFile()

  /// The id of a status that was written so many seconds after the clock's start.
  private func id(_ second: Int64) -> String { "\((1_800_000_000_000 + second * 1000) << 16)" }

  private func status(_ second: Int64) -> String {
    "{\"id\":\"\(id(second))\",\"uri\":\"https://h/\(second)\",\"content\":\"<p>s</p>\"}"
  }

  private func event(_ name: String, _ data: String) -> FaultStep {
    .chunk(Array("event: \(name)\ndata: \(data)\n\n".utf8))
  }

  private func source(
    _ server: FaultServer, stream: MastodonOptions.Stream = .everything,
    position: StreamPosition? = nil
  ) -> MastodonSource {
    MastodonSource(
      name: "m",
      mastodon: MastodonOptions(server: server.url, stream: stream, token: token.file),
      options: .test(
        clock, authorities: server.authorities.isEmpty ? nil : server.authorities),
      position: position)
  }

  private let thump = FaultStep.chunk(Array(":thump\n".utf8))

  @Test func `events come by name, comments are heartbeats, the place is the newest id`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path,
      [
        .stream(), .chunk(Array(":)\n".utf8)), event("update", status(2)), thump,
        event("update", status(1)), event("delete", id(2)), event("status.update", status(9)),
        event("filters_changed", "1"), .stall,
      ])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 5 })
    let names = probe.records.compactMap { record -> String? in
      if case .event(let name) = record.format { name } else { nil }
    }
    #expect(names == ["update", "update", "delete", "status.update", "filters_changed"])
    #expect(probe.position?.cursor == id(2))
    let request = try #require(server.requests.last)
    #expect(request.headers["authorization"] == "Bearer canary-4711")
    #expect(request.headers["accept"] == "text/event-stream")
    // The question where it streams is asked without the token.
    #expect(server.requests.first?.path == "/api/v2/instance")
    #expect(server.requests.first?.headers["authorization"] == nil)
  }

  @Test func `an id of the future does not move the place`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path,
      [
        .stream(), event("update", status(1)), event("update", status(999_999)),
        event("update", "{\"id\":\"99999999999999999999\",\"content\":\"x\"}"), .stall,
      ])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 3 })
    #expect(probe.position?.cursor == id(1))
  }

  @Test func `the stream is read where the server says it is`() throws {
    let streaming = FaultServer()
    let server = FaultServer()
    defer {
      streaming.stop()
      server.stop()
    }
    let base = "ws" + streaming.url.dropFirst(4)
    server.enqueue(
      "/api/v2/instance",
      [.respond(200, body: "{\"configuration\":{\"urls\":{\"streaming\":\"\(base)\"}}}")])
    streaming.enqueue(
      "/api/v1/streaming/hashtag", [.stream(), event("update", status(1)), .stall])
    var source = source(server, stream: .hashtag("a b"))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    #expect(streaming.requests.first?.query["tag"] == "a b")
  }

  @Test func `a silent stall is noticed after 45 s, and the stream resumes behind the last id`()
    throws
  {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), event("update", status(1)), .stall])
    server.enqueue(
      Self.path, [.stream(), thump, .wait(for: "more"), event("update", status(60)), .stall])
    server.enqueue(
      Self.timeline, [.respond(200, body: "[\(status(20)),\(status(10)),\(status(1))]")])
    server.enqueue(Self.timeline, [.respond(200, body: "[\(status(30))]")])
    server.enqueue(Self.timeline, [.respond(200, body: "[]")])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    let silent = clock.wall
    clock.advance(.milliseconds(44_900))
    #expect(
      try probe.pull(&source, clock, step: .milliseconds(10)) { $0.states.last == "stalled" })
    #expect((45_000...45_200).contains(clock.wall.milliseconds - silent.milliseconds))
    #expect(try probe.pull(&source, clock, step: .milliseconds(50)) { $0.gaps.count == 1 })
    #expect(probe.gaps.first?.reason == "stall")
    #expect(probe.gaps.first?.recoveredBy == "backfill")
    #expect(probe.gaps.first?.tweets == 4)
    let asked = server.requests.filter { $0.path == Self.timeline }.map { $0.query["min_id"] }
    // A minute before the last id, then behind the newest of each page.
    #expect(asked == [id(1 - 60), id(20), id(30)])
    server.release("more")
    #expect(try probe.pull(&source, clock) { $0.lines.count == 4 })
    #expect(probe.position?.cursor == id(60))
  }

  @Test func `the place stays before the gap until it is filled`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), event("update", status(50)), .stall])
    server.enqueue(Self.timeline, [.respond(503)])
    server.enqueue(Self.timeline, [.respond(200, body: "[]")])
    let old = StreamPosition(
      host: "127.0.0.1", cursor: id(0), time: Timestamp(seconds: clock.start.seconds - 9))
    var source = source(server, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    #expect(probe.position == old)
    #expect(try probe.pull(&source, clock, step: .seconds(1)) { $0.gaps.count == 1 })
    #expect(probe.gaps.first?.reason == "shutdown")
    #expect(probe.gaps.first?.recoveredBy == "backfill")
  }

  @Test func `a server that does not show its timeline leaves the gap open`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.handle(Self.path) { _, connection in
      connection.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
      while connection.chunk(Array(":thump\n".utf8)), !connection.isOver {
        connection.wait(.milliseconds(3))
      }
    }
    server.enqueue(Self.timeline, [.respond(503)])
    server.enqueue(Self.timeline, [.respond(401, body: "{\"error\":\"no user\"}")])
    let old = StreamPosition(
      host: "127.0.0.1", cursor: id(0), time: Timestamp(seconds: clock.start.seconds - 9))
    var source = source(server, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(500)) { $0.gaps.count == 1 })
    #expect(probe.gaps.first?.recoveredBy == "none")
    #expect(probe.gaps.first?.detail == "the timeline: HTTP 401: no user")
    #expect(probe.unfinished.map(\.detail) == [nil, "the timeline: HTTP 503"])
  }

  @Test func `drops, resets and refusals follow the table`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.respond(401, body: "{\"error\":\"The access token is invalid\"}")])
    server.enqueue(Self.path, [.stream(), event("update", status(1)), .reset])
    server.enqueue(Self.path, [.stream(), event("update", status(2)), .finish])
    server.enqueue(Self.path, [.stream(), event("update", status(3)), .stall])
    server.handle(Self.timeline) { _, connection in
      connection.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]".utf8))
    }
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.last == "refused" })
    #expect(probe.details.last?.contains("The access token is invalid") == true)
    clock.advance(.seconds(900))
    #expect(try probe.pull(&source, clock, step: .milliseconds(10)) { $0.lines.count >= 3 })
    #expect(probe.counts["reconnects"] == 2)
  }

  @Test(arguments: [FaultServer.TLSFault.expired, .wrongHost, .selfSigned, .oldProtocol])
  func `a server that is not who it should be gets no request`(fault: FaultServer.TLSFault) throws {
    let server = FaultServer(tls: fault)
    defer { server.stop() }
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.contains("reconnecting") })
    #expect(server.requests.isEmpty)
  }
}
