import CCodecs
import FaultServer
import Ingest
import Testing
import Tweets

@Suite struct JetstreamSourceTests {
  private static let path = "/subscribe"
  private let clock = TestClock()

  /// A frame of the moment so many seconds after the clock's start.
  private func frame(_ second: Int64) -> String {
    "{\"did\":\"did:plc:a\",\"time_us\":\(microseconds(second)),\"kind\":\"commit\",\"commit\":{}}"
  }

  private func microseconds(_ second: Int64) -> Int64 { (1_800_000_000 + second) * 1_000_000 }

  private func position(_ second: Int64) -> StreamPosition {
    StreamPosition(
      host: "127.0.0.1", cursor: "\(microseconds(second))",
      time: Timestamp(seconds: 1_800_000_000 + second))
  }

  private func source(
    _ servers: [FaultServer], version: JetstreamOptions.Version = .v1,
    position: StreamPosition? = nil
  ) -> JetstreamSource {
    JetstreamSource(
      name: "b", jetstream: JetstreamOptions(servers: servers.map(\.url), version: version),
      options: .test(
        clock, authorities: servers[0].authorities.isEmpty ? nil : servers[0].authorities),
      position: position)
  }

  @Test func `frames come, in fragments or in one, and the place is the newest`() throws {
    let server = FaultServer()
    defer { server.stop() }
    let long = Array(frame(3).utf8)
    server.enqueue(
      Self.path,
      [
        .upgrade(), .text(frame(2)), .text(frame(1)), .frame(0x01, Array(long.prefix(20))),
        .frame(0x89, [1, 2]), .frame(0x80, Array(long.dropFirst(20))), .stall,
      ])
    var source = source([server])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 3 }, "\(probe.details)")
    #expect(probe.lines == [frame(2), frame(1), frame(3)])
    #expect(probe.position == position(3).at(clock.start))
    #expect(probe.states == ["connecting", "reading"])
    let request = try #require(server.requests.first)
    #expect(request.query["wantedCollections"] == "app.bsky.feed.post")
    #expect(request.query["cursor"] == nil)
    // The server's ping was answered with its payload.
    let connection = try #require(server.connections.first)
    _ = try probe.pull(&source, clock) { _ in !connection.clientFrames.isEmpty }
    #expect(connection.clientFrames.first?.opcode == 10)
    #expect(connection.clientFrames.first?.payload == [1, 2])
  }

  @Test func `a restart asks for what came since five seconds before`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.upgrade(), .text(frame(-4)), .text(frame(1)), .stall])
    var source = source([server], position: position(0))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 2 })
    #expect(server.requests.first?.query["cursor"] == "\(microseconds(-5))")
    #expect(probe.gaps.isEmpty)
  }

  @Test func `a drop goes on at the next server, and nothing is missing`() throws {
    let (first, second) = (FaultServer(), FaultServer())
    defer {
      first.stop()
      second.stop()
    }
    first.enqueue(Self.path, [.upgrade(), .text(frame(1)), .reset])
    second.enqueue(
      Self.path, [.upgrade(), .text(frame(1)), .text(frame(2)), .frame(0x88, [0x03, 0xE9])])
    first.enqueue(Self.path, [.upgrade(), .text(frame(3)), .stall])
    var source = source([first, second])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(10)) { $0.lines.count == 4 })
    #expect(probe.lines == [1, 1, 2, 3].map(frame))
    #expect(second.requests.first?.query["cursor"] == "\(microseconds(-4))")
    #expect(first.requests.last?.query["cursor"] == "\(microseconds(-3))")
    #expect(probe.gaps.isEmpty)
    #expect(probe.counts == ["disconnects": 2, "reconnects": 2])
  }

  @Test func `a cursor that was moved forward leaves a gap`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.upgrade(), .text(frame(3600)), .stall])
    var source = source([server], position: position(0))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    #expect(
      probe.gaps == [
        Gap(
          source: "b", from: clock.start, to: Timestamp(seconds: clock.start.seconds + 3600),
          reason: "clamped_cursor")
      ])
  }

  @Test func `a frame of the future does not move the place`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path, [.upgrade(), .text(frame(1)), .text(frame(999_999)), .text(frame(2)), .reset])
    server.enqueue(Self.path, [.upgrade(), .text(frame(3)), .stall])
    var source = source([server])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 4 })
    #expect(server.requests.last?.query["cursor"] == "\(microseconds(-3))")
    #expect(probe.position?.cursor == "\(microseconds(3))")
  }

  @Test func `a silent connection is asked after 30 s, and dead after 45 s`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.upgrade(), .text(frame(1)), .stall])
    server.enqueue(Self.path, [.upgrade(), .text(frame(2)), .stall])
    var source = source([server])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    let connection = try #require(server.connections.first)
    clock.advance(.milliseconds(29_990))
    #expect(
      try probe.pull(&source, clock, step: .milliseconds(5)) { _ in
        !connection.clientFrames.isEmpty
      })
    #expect(clock.wall.milliseconds - clock.start.milliseconds >= 30_000)
    #expect(connection.clientFrames.first?.opcode == 9)
    // Answered: quiet is not dead.
    clock.advance(.seconds(20))
    for _ in 0..<10 { probe.take(try source.poll(maxRecords: 64, now: clock.wall)) }
    #expect(probe.states == ["connecting", "reading"])
    #expect(server.requests.count == 1)
    connection.mute()
    clock.advance(.seconds(31))
    #expect(
      try probe.pull(&source, clock, step: .milliseconds(20)) { $0.states.last == "stalled" })
    #expect(try probe.pull(&source, clock, step: .milliseconds(20)) { $0.lines.count == 2 })
  }

  @Test func `a server that answers pings and sends nothing is left for the next one`() throws {
    let (first, second) = (FaultServer(), FaultServer())
    defer {
      first.stop()
      second.stop()
    }
    first.enqueue(Self.path, [.upgrade(), .text(frame(1)), .stall])
    second.enqueue(Self.path, [.upgrade(), .text(frame(1)), .text(frame(61)), .stall])
    var source = JetstreamSource(
      name: "b",
      jetstream: JetstreamOptions(servers: [first.url, second.url], idle: .seconds(60)),
      options: .test(clock))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    let silent = clock.wall
    let connection = try #require(first.connections.first)
    clock.advance(.seconds(31))
    #expect(try probe.pull(&source, clock) { _ in !connection.clientFrames.isEmpty })
    #expect(try probe.pull(&source, clock, step: .milliseconds(50)) { !$0.unfinished.isEmpty })
    #expect((60_000...61_000).contains(clock.wall.milliseconds - silent.milliseconds))
    #expect(connection.clientFrames.contains { $0.opcode == 9 })
    #expect(probe.unfinished.map(\.reason) == ["stall"])
    #expect(probe.unfinished.first?.from == silent)
    #expect(try probe.pull(&source, clock) { $0.lines.count == 3 })
    #expect(second.requests.first?.query["cursor"] == "\(microseconds(-4))")
    #expect(probe.gaps.map(\.recoveredBy) == ["cursor"])
    #expect(probe.gaps.first?.from == silent)
    #expect(probe.counts["stalls"] == 1)
  }

  @Test func `a long outage is open in the ledger, a short one is not`() throws {
    let server = FaultServer()
    server.enqueue(Self.path, [.upgrade(), .text(frame(1)), .reset])
    var source = source([server])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.counts["disconnects"] == 1 })
    server.stop()
    let broken = clock.wall
    #expect(try probe.pull(&source, clock, step: .milliseconds(50)) { !$0.unfinished.isEmpty })
    #expect(clock.wall.milliseconds - broken.milliseconds >= 5000)
    #expect(probe.unfinished.map(\.reason) == ["disconnect"])
  }

  @Test func `a source that was killed before its first commit begins where it began to listen`()
    throws
  {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.upgrade(), .text(frame(-3)), .stall])
    let since = StreamPosition(
      host: "127.0.0.1", time: Timestamp(seconds: clock.start.seconds - 3))
    var source = source([server], position: since)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.lines.count == 1 })
    #expect(server.requests.first?.query["cursor"] == "\(microseconds(-8))")
    #expect(probe.gaps.isEmpty)
  }

  @Test func `a wrong answer to the upgrade is no stream`() throws {
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(Self.path, [.upgrade(isWrong: true), .text(frame(1)), .stall])
    server.enqueue(Self.path, [.respond(503)])
    server.enqueue(Self.path, [.upgrade(), .text(frame(2)), .stall])
    var source = source([server])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(100)) { $0.lines.count == 1 })
    #expect(probe.lines == [frame(2)])
  }

  @Test func `messages that are too long are skipped and counted`() throws {
    let server = FaultServer()
    defer { server.stop() }
    let huge = [UInt8](repeating: 0x61, count: 3 << 20)
    server.enqueue(Self.path, [.upgrade(), .frame(0x81, huge), .text(frame(2)), .stall])
    var source = source([server])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.records.count == 2 })
    #expect(probe.records.map(\.fault) == [.tooLong, nil])
  }

  @Test func `compressed messages are read with the dictionary, damaged and huge ones are counted`()
    throws
  {
    let folder = try TemporaryFolder()
    let dictionary = Array(frame(0).utf8)
    try folder.write(dictionary, to: "dictionary")
    let bomb = [UInt8](repeating: 0x20, count: 8 << 20)
    let server = FaultServer()
    defer { server.stop() }
    server.enqueue(
      Self.path,
      [
        .upgrade(), .frame(0x82, compressed(Array(frame(1).utf8), dictionary)),
        .frame(0x82, [1, 2, 3]), .frame(0x82, compressed(bomb, dictionary)), .text(frame(2)),
        .stall,
      ])
    var source = JetstreamSource(
      name: "b",
      jetstream: JetstreamOptions(servers: [server.url], dictionary: folder.file("dictionary")),
      options: .test(clock))
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.records.count == 4 })
    #expect(probe.records.map(\.fault) == [nil, .tooLong, .tooLong, nil])
    #expect(probe.lines.filter { !$0.isEmpty } == [frame(1), frame(2)])
    #expect(server.requests.first?.query["compress"] == "true")
    #expect(server.requests.first?.headers["socket-encoding"] == "zstd")
  }

  /// A message as a server compresses it.
  private func compressed(_ message: [UInt8], _ dictionary: [UInt8]) -> [UInt8] {
    unsafe dictionary.withUnsafeBytes { dictionary in
      let prepared = unsafe ZSTD_createCDict(dictionary.baseAddress, dictionary.count, 3)
      let context = unsafe ZSTD_createCCtx()
      defer {
        unsafe ZSTD_freeCDict(prepared)
        unsafe ZSTD_freeCCtx(context)
      }
      var output = [UInt8](repeating: 0, count: ZSTD_compressBound(message.count))
      let count = unsafe output.withUnsafeMutableBytes { output in
        unsafe message.withUnsafeBytes { message in
          unsafe ZSTD_compress_usingCDict(
            context, output.baseAddress, output.count, message.baseAddress, message.count, prepared)
        }
      }
      return Array(output[..<count])
    }
  }

  @Test func `a server of the second version that has forgotten says so`() throws {
    let server = FaultServer()
    defer { server.stop() }
    let path = "/xrpc/network.bsky.jetstream.subscribeEvents"
    func frame(_ number: Int, _ time: String) -> String {
      "{\"$type\":\"message\",\"payload\":{\"seq\":\(number),\"time\":\"\(time)\"}}"
    }
    server.enqueue(path, [.respond(400, body: "{\"error\":\"CursorTooOld\",\"message\":\"gone\"}")])
    server.enqueue(
      path,
      [
        .upgrade(), .text(frame(900, "2027-01-15T09:00:00Z")),
        .text("{\"$type\":\"error\",\"error\":\"ConsumerTooSlow\"}"),
      ])
    server.enqueue(path, [.upgrade(), .text(frame(901, "2027-01-15T09:00:01Z")), .stall])
    let old = StreamPosition(host: "127.0.0.1", cursor: "17", time: clock.start)
    var source = source([server], version: .v2, position: old)
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock, step: .milliseconds(100)) { $0.lines.count == 3 })
    #expect(server.requests.map { $0.query["cursor"] } == ["17", nil, "900"])
    #expect(server.requests[0].headers["sec-websocket-protocol"] == "xrpc.v1.json")
    #expect(probe.gaps.map(\.reason) == ["clamped_cursor"])
    #expect(probe.position?.cursor == "901")
  }

  @Test(arguments: [FaultServer.TLSFault.expired, .wrongHost, .selfSigned, .oldProtocol])
  func `a server that is not who it should be gets no request`(fault: FaultServer.TLSFault) throws {
    let server = FaultServer(tls: fault)
    defer { server.stop() }
    var source = source([server])
    var probe = LiveProbe()
    #expect(try probe.pull(&source, clock) { $0.states.contains("reconnecting") })
    #expect(server.requests.isEmpty)
  }
}

extension StreamPosition {
  func at(_ time: Timestamp) -> StreamPosition {
    StreamPosition(host: host, cursor: cursor, time: time)
  }
}
