import Ingest
import Testing

@Suite struct WebSocketParserTests {
  private func frame(
    _ opcode: UInt8, _ payload: [UInt8], final: Bool = true, reserved: UInt8 = 0
  ) -> [UInt8] {
    var bytes: [UInt8] = [(final ? 0x80 : 0) | reserved | opcode]
    switch payload.count {
    case ..<126: bytes.append(UInt8(payload.count))
    case ..<65_536:
      bytes += [126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    default:
      bytes += [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    return bytes + payload
  }

  private func events(
    _ bytes: [UInt8], chunk: Int, most: Int = 1 << 20
  ) throws -> [WebSocketParser.Event] {
    var parser = WebSocketParser(mostBytes: most)
    var events: [WebSocketParser.Event] = []
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      parser.append(bytes[start..<min(start + chunk, bytes.count)])
      while let event = try parser.next() { events.append(event) }
    }
    return events
  }

  @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
  func `messages of every length come whole, however they are cut`(length: Int) throws {
    let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    let bytes = frame(1, payload) + frame(2, Array("é".utf8))
    for chunk in [1, 2, 3, 7, 4096, bytes.count] where chunk > 1 || length < 1000 {
      #expect(
        try events(bytes, chunk: chunk)
          == [.message(payload, isText: true), .message(Array("é".utf8), isText: false)])
    }
  }

  @Test func `a message in fragments comes once, with control frames in between`() throws {
    let bytes =
      frame(1, Array("ab".utf8), final: false) + frame(9, [1, 2])
      + frame(0, Array("cd".utf8), final: false)
      + frame(10, []) + frame(0, Array("ef".utf8))
    for chunk in 1...bytes.count {
      #expect(
        try events(bytes, chunk: chunk)
          == [.ping([1, 2]), .pong, .message(Array("abcdef".utf8), isText: true)])
    }
  }

  @Test
  func `a message that is too long is skipped, whole or in fragments, and the next one comes`()
    throws
  {
    let long = [UInt8](repeating: 65, count: 5000)
    let next = frame(1, Array("next".utf8))
    let expected: [WebSocketParser.Event] = [.tooLong, .message(Array("next".utf8), isText: true)]
    for chunk in [1, 13, 5000, 20_000] {
      #expect(try events(frame(1, long) + next, chunk: chunk, most: 1000) == expected)
      let half = Array(long.prefix(700))
      let fragments = frame(1, half, final: false) + frame(0, half, final: false) + frame(0, half)
      #expect(try events(fragments + next, chunk: chunk, most: 1000) == expected)
    }
  }

  @Test func `a close tells its code and reason, or none`() throws {
    #expect(
      try events(frame(8, [0x03, 0xE8] + Array("bye".utf8)) + frame(8, []), chunk: 4)
        == [.close(code: 1000, reason: "bye"), .close(code: 1005, reason: "")])
  }

  @Test func `what breaks the protocol is refused`() {
    let masked: [UInt8] = [0x81, 0x80, 1, 2, 3, 4]
    let huge: [UInt8] = [0x82, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255]
    let cases: [[UInt8]] = [
      masked, huge, frame(1, [], reserved: 0x40), frame(3, []), frame(0, [1]),
      frame(1, [1], final: false) + frame(1, [2]), frame(9, [1], final: false),
      frame(9, [UInt8](repeating: 0, count: 126)),
    ]
    for bytes in cases {
      #expect(throws: WebSocketParser.Violation.self, "\(bytes.prefix(12))") {
        try events(bytes, chunk: 1)
      }
    }
  }

  @Test func `a client's frame is masked`() {
    let bytes = WebSocketFrame.control(.pong, [1, 2, 3, 4, 5], mask: 0x0102_0304)
    #expect(bytes == [0x8A, 0x85, 1, 2, 3, 4, 0, 0, 0, 0, 4])
  }

  @Test func `digests and texts are those of the standards`() {
    func hex(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(hex(SHA1.digest(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(hex(SHA1.digest([])) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(hex(SHA1.digest(Array(long.utf8))) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
    for (text, encoded) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(Base64.encode(Array(text.utf8)) == encoded)
    }
  }
}
