import CTestTLS
import Foundation
import Synchronization

/// One connection of a client, used by one thread; a WebSocket has a second one that reads.
@safe
package final class FaultConnection: @unchecked Sendable {
  private let socket: Int32
  private let tls: UnsafeMutableRawPointer?
  private let sending = Mutex(())
  private let isOpen = Mutex(true)
  private let stopping: @Sendable () -> Bool
  private let isMute = Atomic<Bool>(false)
  private let received = Mutex<[(opcode: UInt8, payload: [UInt8])]>([])
  private let isGone = Atomic<Bool>(false)

  init(socket: Int32, tls: UnsafeMutableRawPointer?, stopping: @escaping @Sendable () -> Bool) {
    self.socket = socket
    unsafe self.tls = unsafe tls
    self.stopping = stopping
  }

  /// Frames that the client sent over a WebSocket.
  package var clientFrames: [(opcode: UInt8, payload: [UInt8])] { received.withLock { $0 } }

  /// Answers no ping from now on.
  package func mute() { isMute.store(true, ordering: .relaxed) }

  func close() {
    isOpen.withLock { isOpen in
      isOpen = false
      if let tls = unsafe tls { unsafe test_tls_close(tls) }
      Glibc.close(socket)
    }
  }

  /// Ends what a blocked thread waits for. The number of a closed socket may be somebody else's by now.
  func cut() {
    isOpen.withLock { isOpen in
      if isOpen { shutdown(socket, Int32(SHUT_RDWR)) }
    }
  }

  /// Makes the end of the connection a reset.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(
      socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// Sends all bytes; false once the client is gone.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    sending.withLock { _ in
      var sent = 0
      while sent < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer -> Int in
          let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
          if let tls = unsafe tls {
            return unsafe Int(test_tls_write(tls, rest.baseAddress, Int32(rest.count)))
          }
          return unsafe Glibc.send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else {
          isGone.store(true, ordering: .relaxed)
          return false
        }
        sent += count
      }
      return true
    }
  }

  /// Sends bytes as one chunk.
  @discardableResult
  package func chunk(_ bytes: [UInt8]) -> Bool {
    send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A])
  }

  /// Sends a text message of a WebSocket.
  @discardableResult
  package func text(_ message: String) -> Bool { frame(0x81, Array(message.utf8)) }

  /// Sends a frame of a WebSocket.
  @discardableResult
  package func frame(_ first: UInt8, _ payload: [UInt8]) -> Bool {
    var head: [UInt8] = [first]
    switch payload.count {
    case ..<126: head.append(UInt8(payload.count))
    case ..<65_536: head += [126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    default:
      head += [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    return send(head + payload)
  }

  /// What the client sent, at most a bufferful; empty when it is gone.
  package func receive(_ most: Int = 65_536) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: most)
    let count = unsafe buffer.withUnsafeMutableBytes { buffer -> Int in
      if let tls = unsafe tls {
        return unsafe Int(test_tls_read(tls, buffer.baseAddress, Int32(buffer.count)))
      }
      return unsafe recv(socket, buffer.baseAddress, buffer.count, 0)
    }
    if count <= 0 { isGone.store(true, ordering: .relaxed) }
    return Array(buffer.prefix(max(0, count)))
  }

  /// True once the client is gone or the server stops; looked at without waiting.
  package var isOver: Bool {
    if stopping() || isGone.load(ordering: .relaxed) { return true }
    var byte: UInt8 = 0
    let count = unsafe recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
  }

  /// Waits, in small steps, until the time is over or the client or the server is gone.
  package func wait(_ span: Duration) {
    let end = ContinuousClock.now + span
    while ContinuousClock.now < end, !isOver { usleep(2000) }
  }

  /// Answers the upgrade, and reads the client's frames from then on.
  package func upgrade(_ request: FaultRequest, isWrong: Bool = false) {
    let key = (request.headers["sec-websocket-key"] ?? "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    let bytes = Array((isWrong ? "wrong" + key : key).utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    unsafe bytes.withUnsafeBytes { unsafe test_sha1($0.baseAddress, UInt($0.count), &digest) }
    let accept = Data(digest).base64EncodedString()
    send(
      Array(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: \(accept)\r\n\r\n").utf8))
    let thread = Thread { self.readFrames() }
    thread.start()
  }

  private func readFrames() {
    var buffer: [UInt8] = []
    while true {
      let bytes = receive()
      if bytes.isEmpty { return }
      buffer += bytes
      while buffer.count >= 6 {
        let length = Int(buffer[1] & 0x7F)  // A client here sends control frames alone.
        guard buffer[1] & 0x80 != 0, length < 126, buffer.count >= 6 + length else { break }
        let payload = (0..<length).map { buffer[6 + $0] ^ buffer[2 + $0 % 4] }
        let opcode = buffer[0] & 0x0F
        received.withLock { $0.append((opcode, payload)) }
        buffer.removeFirst(6 + length)
        if opcode == 9, !isMute.load(ordering: .relaxed) { frame(0x8A, payload) }
      }
    }
  }
}
