/// Cuts what a server sends into messages (RFC 6455, 5); a value that knows no socket.
package struct WebSocketParser: Sendable {
  /// What a frame, or several, came to.
  package enum Event: Sendable, Equatable {
    /// A whole message; `isText`: sent as text.
    case message([UInt8], isText: Bool)
    /// A message longer than the limit; its bytes were skipped.
    case tooLong
    /// The server asks for a sign of life; the payload comes back with it.
    case ping([UInt8])
    /// The answer to our ping.
    case pong
    /// The server closes; 1005: without a code.
    case close(code: Int, reason: String)
  }

  /// The server breaks the protocol: nothing that follows can be trusted.
  package struct Violation: Error, Sendable, Equatable {
    /// What it did.
    package var cause: String
  }

  /// A frame of more is never skipped: it would take minutes.
  private static let mostSkipped: UInt64 = 64 << 20

  private let mostBytes: Int
  private var buffer: [UInt8] = []
  private var head = 0
  private var message: [UInt8] = []
  private var opcode: WebSocketFrame.Opcode?
  private var isTooLong = false
  private var toSkip: UInt64 = 0

  /// A parser that skips messages of more bytes than that.
  package init(mostBytes: Int) { self.mostBytes = mostBytes }

  /// Adds bytes that follow those added before.
  package mutating func append(_ bytes: ArraySlice<UInt8>) {
    if head > 0 {
      buffer.removeSubrange(0..<head)
      head = 0
    }
    buffer += bytes
  }

  /// The next event; nil when it is not there whole.
  package mutating func next() throws(Violation) -> Event? {
    while true {
      if toSkip > 0 {
        let count = min(toSkip, UInt64(buffer.count - head))
        head += Int(count)
        toSkip -= count
        if toSkip > 0 { return nil }
        if opcode == nil {
          isTooLong = false
          return .tooLong
        }
      }
      guard let frame = try header() else { return nil }
      if !frame.opcode.isControl, try begin(frame) { continue }
      guard buffer.count - head >= frame.headerLength + Int(frame.length) else { return nil }
      let start = head + frame.headerLength
      let payload = buffer[start..<start + Int(frame.length)]
      head = start + Int(frame.length)
      if let event = try end(frame, payload) { return event }
    }
  }

  private struct Frame {
    var opcode: WebSocketFrame.Opcode
    var isFinal: Bool
    var length: UInt64
    var headerLength: Int
  }

  /// The head of the next frame, left where it is; nil when it is not there whole.
  private func header() throws(Violation) -> Frame? {
    guard buffer.count - head >= 2 else { return nil }
    let (first, second) = (buffer[head], buffer[head + 1])
    guard first & 0x70 == 0 else {
      throw Violation(cause: "a frame has bits that nobody asked for")
    }
    guard second & 0x80 == 0 else { throw Violation(cause: "a frame of the server is masked") }
    guard let opcode = WebSocketFrame.Opcode(rawValue: first & 0x0F) else {
      throw Violation(cause: "a frame has the unknown opcode \(first & 0x0F)")
    }
    let extra = second == 127 ? 8 : second == 126 ? 2 : 0
    guard buffer.count - head >= 2 + extra else { return nil }
    var length = UInt64(second)
    if extra > 0 {
      length = buffer[head + 2..<head + 2 + extra].reduce(0) { $0 << 8 | UInt64($1) }
    }
    let frame = Frame(
      opcode: opcode, isFinal: first & 0x80 != 0, length: length, headerLength: 2 + extra)
    if opcode.isControl, !frame.isFinal || length > 125 {
      throw Violation(cause: "a control frame is cut or longer than 125 bytes")
    }
    return frame
  }

  /// Begins a frame of a message; true when its bytes are skipped because the message is too long.
  private mutating func begin(_ frame: Frame) throws(Violation) -> Bool {
    guard (frame.opcode == .continuation) == (opcode != nil) else {
      throw Violation(cause: "a message begins within another, or goes on without one")
    }
    guard isTooLong || UInt64(message.count) + frame.length > UInt64(mostBytes) else {
      return false
    }
    guard frame.length <= WebSocketParser.mostSkipped else {
      throw Violation(cause: "a frame claims \(frame.length) bytes")
    }
    isTooLong = true
    message = []
    head += frame.headerLength
    toSkip = frame.length
    opcode = frame.isFinal ? nil : opcode ?? frame.opcode
    return true
  }

  private mutating func end(
    _ frame: Frame, _ payload: ArraySlice<UInt8>
  ) throws(Violation) -> Event? {
    switch frame.opcode {
    case .ping: return .ping(Array(payload))
    case .pong: return .pong
    case .close:
      guard payload.count >= 2 else { return .close(code: 1005, reason: "") }
      let code = payload.prefix(2).reduce(0) { $0 << 8 | Int($1) }
      return .close(code: code, reason: String(decoding: payload.dropFirst(2), as: UTF8.self))
    case .text, .binary, .continuation:
      message += payload
      let kind = opcode ?? frame.opcode
      guard frame.isFinal else {
        opcode = kind
        return nil
      }
      opcode = nil
      defer { message = [] }
      return .message(message, isText: kind == .text)
    }
  }
}
