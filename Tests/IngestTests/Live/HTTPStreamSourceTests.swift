import FaultServer
import Glibc
import Ingest
import Testing
import Tweets

@Suite struct HTTPStreamSourceTests {
  private let clock = TestClock()

  private func source(
    _ server: FaultServer, token: TokenFile? = nil, position: StreamPosition? = nil
  ) -> HTTPStreamSource {
    HTTPStreamSource(
      name: "feed",
      endpoint: HTTPStreamSource.Endpoint(
        url: server.url + "/stream?key=hidden", token: token?.file, patience: .seconds(60)),
      options: .test(clock), position: position)
  }

  @Test func `documents come, and a gap since the last one stands in the ledger`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      "/stream", [.stream(), .line("{\"a\":1}"), .line(""), .line("{\"a\":2}"), .stall])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 5))
    let token = TokenFile()
    var source = source(server, token: token, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 2 })
    #expect(probe.gaps.map(\.reason) == ["shutdown"])
    #expect(server.requests.first?.headers["authorization"] == "Bearer canary-4711")
    #expect(server.requests.first?.query["key"] == "hidden")
    // What stands in the query may be a secret.
    #expect(probe.details.allSatisfy { !$0.contains("hidden") })
  }

  @Test func `silence is noticed, a short answer is not asked for at once`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue("/stream", [.stream(), .line("{\"a\":1}"), .stall])
    server.enqueue("/stream", [.stream(), .line("{\"a\":2}"), .finish])
    server.enqueue("/stream", [.stream(), .line("{\"a\":3}"), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    clock.advance(.seconds(60))
    #expect(try probe.pull(&source, clock, step: .milliseconds(1)) { $0.lines.count == 2 })
    #expect(try probe.pull(&source, clock) { $0.counts["disconnects"] == 1 })
    let ended = clock.wall
    #expect(try probe.pull(&source, clock, step: .milliseconds(100)) { $0.lines.count == 3 })
    #expect((5000...5400).contains(clock.wall.milliseconds - ended.milliseconds))
    #expect(probe.gaps.map(\.reason) == ["stall", "disconnect"])
  }

  @Test func `an outage is open in the ledger at once, and is settled with the place`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue("/stream", [.respond(503, body: "{\"title\":\"Maintenance\"}")])
    server.enqueue("/stream", [.stream(), .line("{\"a\":1}"), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.unfinished.count == 1 })
    let open = try #require(probe.unfinished.first)
    #expect(open.stage == .open)
    #expect(open.from == clock.start)
    #expect(open.reason == "disconnect")
    #expect(open.detail == "HTTP 503: Maintenance")
    clock.advance(.seconds(10))
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    #expect(probe.gaps.map(\.from) == [clock.start])
    #expect(probe.gaps.map(\.to) == [clock.wall])
    #expect(probe.position?.time == clock.wall)
  }

  @Test func `a restart goes on with the gap that was open`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue("/stream", [.stream(), .line("{\"a\":1}"), .stall])
    let open = Gap(
      source: "feed", from: Timestamp(seconds: clock.start.seconds - 90),
      to: Timestamp(seconds: clock.start.seconds - 80), reason: "refusal", stage: .open)
    var source = HTTPStreamSource(
      name: "feed", endpoint: HTTPStreamSource.Endpoint(url: server.url + "/stream"),
      options: .test(clock),
      position: StreamPosition(
        host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 95)), unfinished: open)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    #expect(
      probe.gaps == [Gap(source: "feed", from: open.from, to: clock.start, reason: "refusal")])
  }

  @Test func `a stream that was not looked at for long is read before it is given up`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      "/stream",
      [.stream(), .line("{\"a\":1}"), .wait(for: "more"), .line("{\"a\":2}"), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    server.release("more")
    while server.delivered.count < 2 { usleep(1000) }
    usleep(20_000)
    clock.advance(.seconds(300))
    #expect(try probe.pull(&source, clock) { $0.lines.count == 2 })
    #expect(probe.states == ["connecting", "reading"])
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [FaultServer.TLSFault.expired, .wrongHost, .selfSigned, .oldProtocol])
  func `a server that is not who it should be gets no request`(fault: FaultServer.TLSFault) throws {
    let server = FaultServer(tls: fault)
    defer { server.stop() }
    let token = TokenFile()
    var source = HTTPStreamSource(
      name: "feed",
      endpoint: HTTPStreamSource.Endpoint(url: server.url + "/stream", token: token.file),
      options: .test(clock, authorities: server.authorities))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.contains("reconnecting") })
    #expect(server.requests.isEmpty)
  }
}
