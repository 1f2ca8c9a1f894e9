import FaultServer
import Ingest
import Testing
import Tweets

@Suite struct XSourceTests {
  private static let path = "/2/tweets/search/stream"
  private let clock = TestClock()
  private let token = TokenFile()

  private func post(_ number: Int) -> String {
    let id = (1_800_000_000_000 + number - 1_288_834_974_657) << 22
    return "{\"data\":{\"id\":\"\(id)\",\"text\":\"post \(number)\"}}"
  }

  private func posts(_ numbers: ClosedRange<Int>) -> [FaultStep] {
    numbers.map { .line(post($0)) }
  }

  private func source(
    _ server: FaultServer, recovery: XOptions.Recovery = .none, budget: PostBudget? = nil,
    position: StreamPosition? = nil
  ) -> XSource {
    XSource(
      name: "x",
      x: XOptions(base: server.url, token: token.file, recovery: recovery, budget: budget),
      options: .test(
        clock, authorities: server.authorities.isEmpty ? nil : server.authorities),
      position: position)
  }

  @Test func `posts and heartbeats come, the request asks for whole posts with the token`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream()] + posts(1...3) + [.line(""), .line(post(4)), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 4 })
    #expect(probe.lines == (1...4).map(post))
    #expect(probe.states == ["connecting", "reading"])
    #expect(probe.gaps.isEmpty)
    let request = try #require(server.requests.first)
    #expect(request.headers["authorization"] == "Bearer canary-4711")
    #expect(request.headers["user-agent"] == "elmond/test")
    #expect(request.query["tweet.fields"]?.contains("note_tweet") == true)
    #expect(request.query["expansions"] == "referenced_tweets.id")
    #expect(request.query["backfill_minutes"] == nil)
    #expect(probe.position == StreamPosition(host: "127.0.0.1", time: clock.start))
  }

  @Test func `a cut inside a character or a chunk changes nothing`() throws {
    let text = "{\"data\":{\"id\":\"1\",\"text\":\"héllo 😂 日本\"}}"
    let bytes = Array((text + "\r\n").utf8)
    for size in 1...bytes.count {
      let server = FaultServer()
      defer { server.stop() }
      server.enqueue(
        Self.path, [.stream(), .pieces(bytes, sizes: [size]), .line(post(2)), .stall])
      var source = source(server)
      var probe = LiveProbe()
      #expect(try probe.pull(&source, clock) { $0.lines.count == 2 })
      #expect(probe.lines == [text, post(2)], "cut at \(size), \(probe.details)")
    }
  }

  @Test func `a silent stall is noticed after 22 s, and the stream resumes`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream()] + posts(1...2) + [.stall])
    server.enqueue(Self.path, [.stream()] + posts(3...4) + [.stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 2 })
    let silent = clock.wall
    clock.advance(.milliseconds(21_900))
    #expect(try probe.pull(&source, clock, step: .milliseconds(1)) { $0.lines.count == 4 })
    #expect(probe.states == ["connecting", "reading", "stalled", "reading"])
    #expect(clock.wall.milliseconds - silent.milliseconds < 22_200)
    #expect(probe.counts == ["stalls": 1, "reconnects": 1])
    #expect(probe.gaps.map(\.reason) == ["stall"])
    #expect(probe.gaps.first?.from == silent)
    #expect(
      (22_000...22_200).contains((probe.gaps.first?.to.milliseconds ?? 0) - silent.milliseconds))
    #expect(probe.gaps.first?.recoveredBy == "none")
  }

  @Test func `a drip of bytes is a stall`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path,
      [.stream()] + posts(1...1)
        + [.drip([UInt8](repeating: 0x20, count: 4000), every: .milliseconds(2)), .stall])
    server.enqueue(Self.path, [.stream()] + posts(2...2) + [.stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    clock.advance(.seconds(23))
    #expect(try probe.pull(&source, clock, step: .seconds(1)) { $0.lines.count == 2 })
    #expect(probe.states.contains("stalled"))
  }

  @Test func `heartbeats keep a quiet stream alive`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.handle(Self.path) { _, connection in
      connection.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
      while connection.chunk([0x0D, 0x0A]), !connection.isOver { connection.wait(.milliseconds(3)) }
    }
    var source = source(server)
    var probe = LiveProbe()
    #expect(
      try probe.pull(&source, clock, step: .milliseconds(100)) { _ in
        clock.wall.seconds - clock.start.seconds > 50
      })
    #expect(probe.records.count > 10)
    #expect(probe.states == ["connecting", "reading"])
    #expect(server.requests.count == 1)
  }

  @Test func `a dropped stream is asked for again at once, and the ledger has the gap`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream()] + posts(1...2) + [.reset])
    server.enqueue(Self.path, [.stream()] + posts(3...3) + [.finish])
    server.enqueue(Self.path, [.stream()] + posts(4...4) + [.close])
    server.enqueue(Self.path, [.stream()] + posts(5...5) + [.stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(10)) { $0.lines.count == 5 })
    #expect(probe.lines == (1...5).map(post))
    #expect(probe.gaps.count == 3)
    #expect(probe.gaps.allSatisfy { $0.reason == "disconnect" && $0.from <= $0.to })
    #expect(probe.counts == ["disconnects": 3, "reconnects": 3])
  }

  @Test func `a post that the end cuts off is a faulty record, not a silent loss`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path, [.stream(), .line(post(1)), .chunk(Array("{\"data\":{\"te".utf8)), .reset])
    server.enqueue(Self.path, [.stream(), .line(post(2)), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(10)) { $0.lines.count == 3 })
    #expect(probe.lines == [post(1), "{\"data\":{\"te", post(2)])
  }

  @Test func `server errors and rate limits wait by the table, to the millisecond`() throws {
    let server = FaultServer()
    defer { server.stop() }
    let reset = clock.start.seconds + 500
    server.enqueue(Self.path, [.respond(503)])
    server.enqueue(Self.path, [.respond(502)])
    server.enqueue(Self.path, [.respond(429)])
    server.enqueue(Self.path, [.respond(429, headers: ["x-rate-limit-reset: \(reset)"])])
    server.enqueue(
      Self.path,
      [
        .respond(
          429,
          body: """
            {"title":"ConnectionException","detail":"too many","connection_issue":\
            "TooManyConnections","type":"https://api.x.com/2/problems/streaming-connection"}
            """)
      ])
    server.enqueue(Self.path, [.stream(), .line(post(1)), .stall])
    var source = source(server)
    var probe = LiveProbe()
    // Two failures of the server, a rate limit, one that lasts until the reset, and a third of the server's kind.
    for (failures, wait) in [(1, 5000), (2, 10_000), (3, 60_000), (4, 425_000), (5, 20_000)] {
      #expect(try probe.pull(&source, clock) { $0.counts["disconnects"] == failures })
      clock.advance(.milliseconds(wait - 1))
      #expect(try !probe.pullBriefly(&source, clock))
      #expect(server.requests.count == failures, "after \(wait - 1) ms")
      clock.advance(.milliseconds(1))
      #expect(try probe.pull(&source, clock) { _ in server.requests.count == failures + 1 })
    }
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    #expect(
      probe.states == [
        "connecting", "reconnecting", "reconnecting", "rate_limited", "rate_limited",
        "reconnecting",
        "reading",
      ])
  }

  @Test(arguments: [400, 401, 403, 404, 302])
  func `a refusal is probed slowly and says why`(status: Int) throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path,
      [
        .respond(
          status, headers: ["Location: https://elsewhere.example/"],
          body: "{\"title\":\"Unauthorized\",\"detail\":\"who are you\"}")
      ])
    server.enqueue(Self.path, [.stream(), .line(post(1)), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.last == "refused" })
    #expect(probe.details.last?.contains("HTTP \(status)") == true)
    #expect(probe.details.contains { $0.contains("canary") } == false)
    clock.advance(.milliseconds(899_000))
    #expect(try !probe.pullBriefly(&source, clock))
    #expect(server.requests.count == 1)
    clock.advance(.seconds(1))
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
  }

  @Test func `network errors wait a quarter of a second more each time`() throws {
    let server = FaultServer()
    server.stop()
    var source = source(server)
    var probe = LiveProbe()
    var moments: [Int64] = []
    while moments.count < 5 {
      let before = probe.counts["disconnects"] ?? 0
      probe.take(try source.poll(maxRecords: 64, now: clock.wall))
      if probe.counts["disconnects"] ?? 0 > before {
        moments.append(clock.wall.milliseconds - clock.start.milliseconds)
        clock.advance(.milliseconds(250 * moments.count))
      }
    }
    #expect(moments == [0, 250, 750, 1500, 2500])
    #expect(probe.states == ["connecting", "reconnecting"])
  }

  @Test func `what the server says in stream before it closes is told`() throws {
    let server = FaultServer()
    defer { server.stop() }
    let farewell = """
      {"errors":[{"title":"operational-disconnect","disconnect_type":\
      "UpstreamOperationalDisconnect","detail":"upstream is gone","type":"x"}]}
      """
    let both = "{\"errors\":[{\"title\":\"partial\"}],\"data\":{\"id\":\"9\",\"text\":\"kept\"}}"
    server.enqueue(Self.path, [.stream(), .line(both), .line(farewell), .close])
    server.enqueue(Self.path, [.stream(), .line(post(1)), .stall])
    var source = source(server, budget: PostBudget(perDay: 100, perMonth: nil))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 3 })
    #expect(probe.lines == [both, farewell, post(1)])
    #expect(probe.details.contains { $0.hasPrefix("UpstreamOperationalDisconnect") })
    #expect(probe.spent == 2)
  }

  @Test func `the budget stops the stream cleanly, and it goes on the next day`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream()] + posts(1...5) + [.stall])
    server.enqueue(Self.path, [.stream()] + posts(6...6) + [.stall])
    var source = source(server, budget: PostBudget(perDay: 5, perMonth: nil))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.last == "over_budget" })
    #expect(probe.spent == 5)
    let day: Int64 = 86_400
    let midnight = (clock.start.seconds / day + 1) * day
    #expect(probe.details.last?.contains("\(Timestamp(seconds: midnight))") == true)
    clock.advance(.seconds(midnight - clock.start.seconds - 1))
    #expect(try !probe.pullBriefly(&source, clock))
    #expect(server.requests.count == 1)
    clock.advance(.seconds(61))
    #expect(try probe.pull(&source, clock) { $0.lines.count == 6 && $0.gaps.count == 1 })
    #expect(probe.gaps.map(\.reason) == ["budget"])
  }

  @Test func `a stop by the budget is an open gap`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream()] + posts(1...5) + [.stall])
    var source = source(server, budget: PostBudget(perDay: 5, perMonth: nil))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.last == "over_budget" })
    #expect(probe.unfinished.map(\.stage) == [.open])
    #expect(probe.unfinished.map(\.reason) == ["budget"])
    #expect(probe.unfinished.map(\.detail) == ["posts_per_day = 5 is spent"])
  }

  @Test func `a search that X refuses says why, at once`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), .line(post(9)), .stall])
    server.enqueue(
      Self.path + "/rules",
      [.respond(200, body: "{\"data\":[{\"id\":\"1\",\"value\":\"cats\"}],\"meta\":{}}")])
    server.enqueue(
      "/2/tweets/search/recent",
      [.respond(403, body: "{\"title\":\"Client Forbidden\",\"detail\":\"no project\"}")])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 60))
    var source = source(server, recovery: .search, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(300)) { $0.gaps.count == 1 })
    #expect(probe.unfinished.map(\.stage) == [.filling])
    #expect(probe.gaps.first?.recoveredBy == "none")
    #expect(
      probe.gaps.first?.detail == "recent search: HTTP 403: Client Forbidden: no project")
    #expect(server.requests.count { $0.path == "/2/tweets/search/recent" } == 1)
  }

  @Test func `a restart asks for what was missed, and keeps its place until that came`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path,
      [.stream()] + posts(-60_000 ... -59_999)
        + [.wait(for: "more"), .line(""), .line(post(3)), .stall])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 130))
    var source = source(server, recovery: .backfill, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 2 })
    #expect(server.requests.first?.query["backfill_minutes"] == "3")
    #expect(probe.position == old)
    #expect(probe.gaps.isEmpty)
    server.release("more")
    #expect(try probe.pull(&source, clock) { $0.lines.count == 3 })
    #expect(probe.position?.time == clock.start)
    #expect(
      probe.gaps == [
        Gap(
          source: "x", from: old.time, to: clock.start, reason: "shutdown",
          recoveredBy: "backfill")
      ])
  }

  @Test func `a break in the middle of a backfill asks for all of it again`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream()] + posts(-90_000 ... -89_999) + [.reset])
    server.enqueue(
      Self.path, [.stream()] + posts(-90_000 ... -89_997) + [.line(""), .stall])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 130))
    var source = source(server, recovery: .backfill, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.counts["disconnects"] == 1 })
    clock.advance(.seconds(60))
    #expect(try probe.pull(&source, clock) { $0.lines.count == 6 && $0.gaps.count == 1 })
    #expect(server.requests.map { $0.query["backfill_minutes"] } == ["3", "4"])
    #expect(
      probe.gaps == [
        Gap(
          source: "x", from: old.time, to: clock.wall, reason: "shutdown",
          recoveredBy: "backfill")
      ])
  }

  @Test func `a break in the middle of a search makes one gap of both`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), .line(post(1)), .reset])
    server.enqueue(Self.path, [.stream(), .line(post(2)), .stall])
    server.enqueue(
      Self.path + "/rules",
      [.respond(200, body: "{\"data\":[{\"id\":\"1\",\"value\":\"cats\"}],\"meta\":{}}")])
    server.enqueue("/2/tweets/search/recent", [.respond(200, body: "{\"meta\":{}}")])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 60))
    var source = source(server, recovery: .search, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(300)) { $0.gaps.count == 1 })
    let search = server.requests.first { $0.path == "/2/tweets/search/recent" }
    #expect(search?.query["start_time"] == "\(old.time)")
    #expect(probe.gaps.first?.from == old.time)
    #expect(probe.gaps.first?.reason == "shutdown")
    // The place moves with the gap, in one transaction.
    #expect(probe.position?.time ?? old.time > old.time)
  }

  @Test func `a search stops where the budget does`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), .line(post(1)), .line(post(2)), .stall])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 60))
    var source = source(
      server, recovery: .search, budget: PostBudget(perDay: 2, perMonth: nil), position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(100)) { $0.gaps.count == 1 })
    #expect(probe.gaps.first?.recoveredBy == "none")
    #expect(server.requests.count == 1)
  }

  @Test func `a long gap is filled by start and end`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), .line(post(9)), .line(""), .stall])
    server.enqueue(Self.path, [.stream()] + posts(1...3) + [.finish])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 3600))
    var source = source(server, recovery: .backfill, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.gaps.count == 2 })
    #expect(server.requests[0].query["backfill_minutes"] == "5")
    #expect(server.requests[1].query["start_time"] == "\(old.time)")
    #expect(
      server.requests[1].query["end_time"]
        == "\(Timestamp(seconds: clock.start.seconds - 299))")
    #expect(probe.lines.sorted() == ([9] + Array(1...3)).map(post).sorted())
    #expect(probe.gaps.map(\.recoveredBy).sorted() == ["backfill", "recovery"])
    #expect(probe.gaps.first { $0.recoveredBy == "recovery" }?.tweets == 3)
  }

  @Test func `a gap is filled by recent search with each rule, and tagged by it`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), .line(post(9)), .stall])
    server.enqueue(
      Self.path + "/rules",
      [
        .respond(
          200,
          body: """
            {"data":[{"id":"1","value":"cats","tag":"pets \\"x\\""},{"id":"2","value":"dogs"}],"meta":{}}
            """)
      ])
    let search = "/2/tweets/search/recent"
    server.enqueue(
      search,
      [
        .respond(
          200, body: "{\"data\":[{\"id\":\"1\",\"text\":\"a\"}],\"meta\":{\"next_token\":\"n\"}}")
      ])
    server.enqueue(
      search, [.respond(200, body: "{\"data\":[{\"id\":\"2\",\"text\":\"b\"}],\"meta\":{}}")])
    server.enqueue(search, [.respond(200, body: "{\"meta\":{\"result_count\":0}}")])
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 60))
    var source = source(server, recovery: .search, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(300)) { $0.gaps.count == 1 })
    let searches = server.requests.filter { $0.path == search }
    #expect(searches.map { $0.query["query"] } == ["cats", "cats", "dogs"])
    #expect(searches.map { $0.query["next_token"] } == [nil, "n", nil])
    #expect(searches.allSatisfy { $0.query["start_time"] == "\(old.time)" })
    #expect(probe.lines[1].hasPrefix("{\"matching_rules\":[{\"tag\":\"pets \\\"x\\\"\"}],\"data\""))
    #expect(probe.gaps.first?.recoveredBy == "search")
    #expect(probe.gaps.first?.tweets == 2)
    #expect(probe.position?.time ?? old.time > old.time)
  }

  @Test func `a search that fails three times leaves the gap open`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.handle(Self.path) { _, connection in
      connection.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
      while connection.chunk([0x0D, 0x0A]), !connection.isOver { connection.wait(.milliseconds(3)) }
    }
    let old = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 60))
    var source = source(server, recovery: .search, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(500)) { $0.gaps.count == 1 })
    #expect(probe.gaps.first?.recoveredBy == "none")
  }

  @Test(arguments: [
    FaultServer.TLSFault.expired, .wrongHost, .selfSigned, .oldProtocol,
  ])
  func `a server that is not who it should be gets no request`(fault: FaultServer.TLSFault) throws {
    let server = FaultServer(tls: fault)
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), .line(post(1)), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.contains("reconnecting") })
    #expect(server.requests.isEmpty)
    #expect(probe.lines.isEmpty)
  }

  @Test func `a good certificate of a known authority is taken`() throws {
    let server = FaultServer(tls: FaultServer.TLSFault.none)
    defer { server.stop() }
    server.enqueue(Self.path, [.stream(), .line(post(1)), .stall])
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
  }

  @Test func `hostile lines cost bounded time and memory, and the next post comes`() throws {
    let server = FaultServer()
    defer { server.stop() }
    let deep = String(repeating: "[", count: 100_000)
    let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
    server.handle(Self.path) { _, connection in
      connection.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
      connection.chunk(Array((deep + "\r\n").utf8))
      for _ in 0..<100 { connection.chunk(megabyte) }
      connection.chunk(Array("\r\n{\"data\":{\"id\":\"1\",\"text\":\"after\"}}\r\n".utf8))
      while !connection.isOver { connection.wait(.milliseconds(5)) }
    }
    var source = source(server)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.records.count == 3 })
    #expect(probe.records.map { $0.fault } == [nil, .tooLong, nil])
    #expect(probe.lines[2].contains("after"), "\(probe.details)")
  }

  @Test func `a token that could smuggle a header in is refused`() {
    #expect(Secret("good-token_1") != nil)
    for bad in ["", "a b", "a\r\nX: y", "é", String(repeating: "a", count: 5000)] {
      #expect(Secret(bad) == nil)
    }
    #expect("\(Secret("hidden") as Any)".contains("hidden") == false)
  }
}

extension LiveProbe {
  /// Pulls a few times; true when records came.
  mutating func pullBriefly(_ source: inout XSource, _ clock: TestClock) throws -> Bool {
    let before = records.count
    for _ in 0..<10 { take(try source.poll(maxRecords: 64, now: clock.wall)) }
    return records.count > before
  }
}
