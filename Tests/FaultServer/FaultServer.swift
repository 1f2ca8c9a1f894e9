import CTestTLS
import Foundation
import Synchronization

/// A server on this machine that does what a script says: it stalls, drips, cuts, refuses and lies.
@safe
package final class FaultServer: @unchecked Sendable {
  /// What is wrong with its TLS.
  package enum TLSFault: UInt32, Sendable {
    case none = 0
    case expired, wrongHost, selfSigned, oldProtocol
  }

  /// Does something with a request.
  package typealias Handler = @Sendable (FaultRequest, FaultConnection) -> Void

  private struct State: Sendable {
    var scripts: [String: [[FaultStep]]] = [:]
    var handlers: [String: Handler] = [:]
    var requests: [FaultRequest] = []
    var delivered: [String] = []
    var released: Set<String> = []
    var connections: [FaultConnection] = []
    var isStopping = false
  }

  /// The port it listens on.
  package let port: UInt16
  /// Where the authority lies that a client must trust, as PEM; empty without TLS.
  package let authorities: String
  private let listener: Int32
  private let tls: UnsafeMutableRawPointer?
  private let state = Mutex(State())

  /// A server that listens at once; with TLS when a fault of it, or `none`, is given.
  package init(tls fault: TLSFault? = nil, port wanted: UInt16 = 0, authorities path: String? = nil)
  {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    unsafe setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, size)
      }
    }
    precondition(bound == 0 && listen(socket, 64) == 0, "the server gets no port: \(errno)")
    var length = size
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(socket, $0, &length)
      }
    }
    listener = socket
    port = UInt16(bigEndian: address.sin_port)
    if let fault {
      authorities = path ?? NSTemporaryDirectory() + "elmond-authority-\(getpid())-\(port).pem"
      unsafe tls = unsafe test_tls_server(test_tls_fault(fault.rawValue), authorities)
    } else {
      authorities = ""
      unsafe tls = nil
    }
    _ = signal(SIGPIPE, SIG_IGN)  // OpenSSL writes without a flag against it.
    Thread { self.accept() }.start()
  }

  /// `http://127.0.0.1:PORT`, or with `https`.
  package var url: String { unsafe "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)" }

  /// What was asked, in order.
  package var requests: [FaultRequest] { state.withLock { $0.requests } }

  /// The lines and messages that went out whole.
  package var delivered: [String] { state.withLock { $0.delivered } }

  /// The connections since the start.
  package var connections: [FaultConnection] { state.withLock { $0.connections } }

  /// Does this with the next request of the path for which nothing is scripted before.
  package func enqueue(_ path: String, _ steps: [FaultStep]) {
    state.withLock { $0.scripts[path, default: []].append(steps) }
  }

  /// Does this with every request of the path for which no script is left.
  package func handle(_ path: String, _ handler: @escaping Handler) {
    state.withLock { $0.handlers[path] = handler }
  }

  /// Lets the scripts go on that wait for the name.
  package func release(_ name: String) {
    state.withLock { _ = $0.released.insert(name) }
  }

  /// Ends everything at once.
  package func stop() {
    let connections = state.withLock { state in
      state.isStopping = true
      return state.connections
    }
    shutdown(listener, Int32(SHUT_RDWR))
    for connection in connections { connection.cut() }
    if !authorities.isEmpty { _ = unsafe unlink(authorities) }
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  private func accept() {
    while !isStopping {
      let socket = Glibc.accept(listener, nil, nil)
      guard socket >= 0 else { break }
      var yes: Int32 = 1
      unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
      Thread { self.serve(socket) }.start()
    }
    Glibc.close(listener)
  }

  private func serve(_ socket: Int32) {
    var session: UnsafeMutableRawPointer?
    if let tls = unsafe tls {
      unsafe session = unsafe test_tls_accept(tls, socket)
      guard unsafe session != nil else {
        Glibc.close(socket)
        return
      }
    }
    let connection = unsafe FaultConnection(socket: socket, tls: unsafe session) { [self] in
      isStopping
    }
    state.withLock { $0.connections.append(connection) }
    if let request = FaultServer.request(from: connection) {
      let (script, handler) = state.withLock { state -> ([FaultStep]?, Handler?) in
        state.requests.append(request)
        if state.scripts[request.path]?.isEmpty == false {
          return (state.scripts[request.path]?.removeFirst(), nil)
        }
        return (nil, state.handlers[request.path])
      }
      if let script {
        run(script, request, connection)
      } else if let handler {
        handler(request, connection)
      } else {
        run([.respond(404, body: "{\"title\":\"Not Found\"}")], request, connection)
      }
    }
    connection.cut()
    // A reader of frames must be out of the session before it goes.
    if unsafe session != nil { usleep(20_000) }
    connection.close()
  }

  private static func request(from connection: FaultConnection) -> FaultRequest? {
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    while true {
      let more = connection.receive()
      if more.isEmpty { return nil }
      bytes += more
      guard let found = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
        continue
      }
      let head = String(decoding: bytes[..<found], as: UTF8.self)
      var body = Array(bytes[(found + 4)...])
      let length = FaultRequest(head: head, body: []).headers["content-length"].flatMap { Int($0) }
      while let length, body.count < length {
        let more = connection.receive()
        if more.isEmpty { return nil }
        body += more
      }
      return FaultRequest(head: head, body: body)
    }
  }

  private func run(_ steps: [FaultStep], _ request: FaultRequest, _ connection: FaultConnection) {
    for step in steps where !isStopping {
      guard perform(step, request, connection) else { return }
    }
  }

  /// One step; false when nothing can follow.
  private func perform(
    _ step: FaultStep, _ request: FaultRequest, _ connection: FaultConnection
  ) -> Bool {
    switch step {
    case .respond(let status, let headers, let body):
      let lines =
        ["HTTP/1.1 \(status) Scripted", "Content-Length: \(body.utf8.count)", "Connection: close"]
        + headers
      return connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    case .stream(let headers):
      let lines = ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"] + headers
      return connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    case .line(let text):
      guard connection.chunk(Array((text + "\r\n").utf8)) else { return false }
      state.withLock { $0.delivered.append(text) }
      return true
    case .chunk(let bytes): return connection.chunk(bytes)
    case .pieces(let bytes, let sizes):
      let whole = Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A]
      var rest = whole[...]
      for size in sizes + [rest.count] {
        guard connection.send(Array(rest.prefix(size))) else { return false }
        rest = rest.dropFirst(size)
        connection.wait(.milliseconds(5))
      }
      return true
    case .drip(let bytes, let pause):
      for byte in bytes {
        guard connection.chunk([byte]) else { return false }
        connection.wait(pause)
      }
      return true
    case .raw(let bytes): return connection.send(bytes)
    case .pause(let span):
      connection.wait(span)
      return true
    case .stall:
      while !connection.isOver { usleep(2000) }
      return false
    case .wait(let name):
      while !connection.isOver, !state.withLock({ $0.released.contains(name) }) { usleep(1000) }
      return !connection.isOver
    case .finish: return connection.send(Array("0\r\n\r\n".utf8))
    case .close: return false
    case .reset:
      connection.reset()
      return false
    case .upgrade(let isWrong):
      connection.upgrade(request, isWrong: isWrong)
      return true
    case .text(let message):
      guard connection.text(message) else { return false }
      state.withLock { $0.delivered.append(message) }
      return true
    case .frame(let first, let payload): return connection.frame(first, payload)
    }
  }
}
