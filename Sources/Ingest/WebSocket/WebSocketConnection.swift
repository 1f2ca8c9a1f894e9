import Tweets

/// A WebSocket of the client's side, over a bare connection of libcurl: the library of Debian 12 knows no `wss`.
struct WebSocketConnection: ~Copyable, Sendable {
  /// What one pull brings.
  enum Event: Sendable {
    /// Nothing came.
    case quiet
    /// The server took the upgrade.
    case opened
    /// Messages and pongs, in order.
    case events([WebSocketParser.Event])
    /// The server did not take the upgrade.
    case refused(HTTPRefusal)
    /// It is over.
    case failed(NetworkError)
  }

  private enum Phase {
    case connecting, upgrading, open
  }

  private static let mostHeadBytes = 64 << 10

  private let host: String
  private var transfer: CurlTransfer
  private var phase = Phase.connecting
  private var outgoing: [UInt8]
  private let accept: String
  private var head: [UInt8] = []
  private var parser: WebSocketParser
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// Begins to connect to an `https` address.
  init(
    url: String, headers: [String] = [], mostBytes: Int, _ options: NetworkOptions
  ) throws(NetworkError) {
    host = URLText.host(of: url) ?? "?"
    var random = SystemRandomNumberGenerator()
    let key = Base64.encode((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
    accept = WebSocketConnection.accept(for: key)
    parser = WebSocketParser(mostBytes: mostBytes)
    let target = WebSocketConnection.target(of: url)
    let lines =
      [
        "GET \(target.path) HTTP/1.1", "Host: \(target.authority)", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Key: \(key)", "Sec-WebSocket-Version: 13",
        "User-Agent: \(options.userAgent)",
      ] + headers
    outgoing = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    transfer = try CurlTransfer(HTTPRequest(url: url), options, connectOnly: true)
  }

  /// What the server must answer to a key (RFC 6455, 4.2.2).
  static func accept(for key: String) -> String {
    Base64.encode(SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
  }

  /// Authority and path of an address.
  private static func target(of url: String) -> (authority: String, path: String) {
    let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let path = rest.dropFirst(authority.count)
    return (String(authority), path.hasPrefix("/") ? String(path) : "/" + path)
  }

  /// Asks the server for a sign of life.
  mutating func ping() { send(.ping, []) }

  /// Says good-bye, as far as the socket takes it at once.
  mutating func close() {
    guard phase == .open else { return }
    send(.close, [0x03, 0xE8])
    _ = flush()
  }

  private mutating func send(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8]) {
    // A server that takes nothing off its socket gets no second answer.
    guard outgoing.count < 4096 else { return }
    outgoing += WebSocketFrame.control(
      opcode, payload[...], mask: UInt32.random(in: 0...UInt32.max))
  }

  /// What came; waits for it at most that long. At most `most` events are handed out.
  mutating func poll(wait: Duration, most: Int) -> Event {
    if phase == .connecting {
      transfer.pull(wait: wait)
      switch transfer.progress {
      case .underWay: return .quiet
      case .failed(let error): return .failed(error)
      case .done: phase = .upgrading
      }
    }
    let waiting = take(most: most)
    if case .quiet = waiting {} else { return waiting }
    if let error = flush() { return .failed(error) }
    do throws(NetworkError) {
      if try receive() == nil {
        transfer.waitForSocket(wait, toSend: !outgoing.isEmpty)
        if let error = flush() { return .failed(error) }
        guard try receive() != nil else { return .quiet }
      }
    } catch {
      return .failed(error)
    }
    return take(most: most)
  }

  /// Sends what the socket takes.
  private mutating func flush() -> NetworkError? {
    do throws(NetworkError) {
      while !outgoing.isEmpty {
        let count = try transfer.send(outgoing[...])
        guard count > 0 else { return nil }
        outgoing.removeSubrange(0..<count)
      }
      return nil
    } catch {
      return error
    }
  }

  /// Receives once; nil when nothing is there.
  private mutating func receive() throws(NetworkError) -> Int? {
    guard let count = try transfer.receive(into: &buffer) else { return nil }
    guard count > 0 else {
      throw NetworkError(.broken, host: host, "the server closed the connection without a word")
    }
    if phase == .open { parser.append(buffer[..<count]) } else { head += buffer[..<count] }
    return count
  }

  private mutating func take(most: Int) -> Event {
    guard phase == .open else { return upgrade() }
    var events: [WebSocketParser.Event] = []
    do {
      while events.count < most, let event = try parser.next() {
        if case .ping(let payload) = event { send(.pong, payload) }
        events.append(event)
      }
    } catch {
      guard events.isEmpty else { return .events(events) }
      return .failed(NetworkError(.protocolError, host: host, error.cause))
    }
    if !events.isEmpty, let error = flush() { return .failed(error) }
    return events.isEmpty ? .quiet : .events(events)
  }

  /// Reads the answer to the upgrade once its head is whole.
  private mutating func upgrade() -> Event {
    let end = Array("\r\n\r\n".utf8)
    guard let found = head.indices.first(where: { head[$0...].starts(with: end) }) else {
      guard head.count <= WebSocketConnection.mostHeadBytes else {
        return .failed(NetworkError(.tooLarge, host: host, "the answer's head does not end"))
      }
      return .quiet
    }
    let lines = String(decoding: head[..<found], as: UTF8.self).split(separator: "\r\n")
    let rest = head[(found + 4)...]
    let status = lines.first.flatMap { Int($0.dropFirst(9).prefix(3)) } ?? 0
    func header(_ name: String) -> String? {
      lines.dropFirst().last { $0.lowercased().hasPrefix(name + ":") }
        .map { $0.dropFirst(name.count + 1).trimmingPrefix(while: { $0 == " " }) }
        .map(String.init)
    }
    guard status == 101 else {
      return .refused(
        HTTPRefusal(
          status: status, body: Array(rest), reset: header("x-rate-limit-reset"),
          location: header("location")))
    }
    guard header("sec-websocket-accept") == accept,
      header("upgrade")?.lowercased() == "websocket"
    else {
      return .failed(
        NetworkError(.protocolError, host: host, "the answer to the upgrade is not ours"))
    }
    phase = .open
    parser.append(rest)
    head = []
    return .opened
  }
}
