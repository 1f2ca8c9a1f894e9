import FaultServer
import Foundation
import Synchronization

/// The stream: how far it is, who listens, and what was handed over.
final class Play: Sendable {
  private struct State: Sendable {
    /// The next record of the stream.
    var next = 0
    /// Listeners; the stream goes on without one only when it has a clock.
    var listeners = 0
    /// When each record went by, in milliseconds since 1970.
    var moments: [Int64] = []
    var sent = 0
  }

  /// Records that are handed over at once, at most.
  private static let most = 256

  private let records: [[UInt8]]
  private let rate: Double
  private let duplicate: Double
  private let dropAfter: Int?
  private let stallAfter: Int?
  private let isBackfilling: Bool
  private let token: String?
  private let journal: FileHandle?
  private let state = Mutex(State())
  private let writing = Mutex([UInt8]())

  init(
    lines: [[UInt8]], rate: Double, journal path: String?, duplicate: Double, dropAfter: Int?,
    stallAfter: Int?, backfill: Bool, token: String?
  ) {
    records = lines
    self.rate = rate
    self.duplicate = duplicate
    self.dropAfter = dropAfter
    self.stallAfter = stallAfter
    self.token = token
    isBackfilling = backfill
    if let path { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    journal = path.flatMap { FileHandle(forWritingAtPath: $0) }
  }

  private var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

  /// Lets the stream go on by itself, from its first listener on, when it has a rate.
  func runClock() {
    guard rate > 0 else { return }
    while state.withLock({ $0.listeners }) == 0 { usleep(2000) }
    let begin = ContinuousClock.now
    while state.withLock({ $0.next }) < records.count {
      usleep(2000)
      let due = Int((ContinuousClock.now - begin) / .milliseconds(1) * rate / 1000)
      let moment = now
      let passed = state.withLock { state -> Range<Int> in
        let end = min(max(due, state.next), records.count)
        defer {
          state.moments += Array(repeating: moment, count: end - state.next)
          state.next = end
        }
        return state.listeners == 0 ? state.next..<end : end..<end
      }
      if !passed.isEmpty {
        note(["\(moment)\tpassed\t\(passed.lowerBound)\t\(passed.upperBound)"])
      }
    }
  }

  private func note(_ lines: [String]) {
    guard let journal, !lines.isEmpty else { return }
    writing.withLock { _ in
      try? journal.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    }
  }

  // MARK: Handing over

  /// The records for a listener that is at `position`; those that are due.
  private func due(_ position: Int) -> Range<Int> {
    if rate > 0 {
      let next = state.withLock { $0.next }
      return min(position, next)..<min(next, position + Play.most)
    }
    let end = min(position + Play.most, records.count)
    let moment = now
    state.withLock { state in
      guard end > state.next else { return }
      state.moments += Array(repeating: moment, count: end - state.next)
      state.next = end
    }
    return position..<end
  }

  /// Plays to one listener from a record on, until it goes or a fault is due.
  private func play(
    from start: Int, to connection: FaultConnection, heartbeat: [UInt8]?,
    send: ([Range<Int>.Element]) -> Bool
  ) {
    state.withLock { $0.listeners += 1 }
    note(["\(now)\tconnect\t\(start)\t\(start)"])
    defer {
      state.withLock { $0.listeners -= 1 }
      note(["\(now)\tdisconnect\t\t"])
    }
    var position = start
    var handed = 0
    var lastSign = ContinuousClock.now
    while !connection.isOver {
      let range = due(position)
      if range.isEmpty {
        if let heartbeat, ContinuousClock.now - lastSign > .seconds(1) {
          guard connection.send(heartbeat) else { return }
          lastSign = .now
        }
        usleep(1000)
        continue
      }
      var indices = Array(range)
      if duplicate > 0 { indices += range.filter { _ in Double.random(in: 0..<1) < duplicate } }
      guard send(indices) else { return }
      let moment = now
      note(["\(moment)\tsent\t\(range.lowerBound)\t\(range.upperBound)"])
      position = range.upperBound
      // What is sent again does not bring the fault nearer.
      handed += state.withLock { state in
        let fresh = max(0, range.upperBound - max(state.sent, range.lowerBound))
        state.sent = max(state.sent, range.upperBound)
        return fresh
      }
      if let dropAfter, handed >= dropAfter { return }
      if let stallAfter, handed >= stallAfter {
        while !connection.isOver { usleep(2000) }
        return
      }
    }
  }

  /// False for a request without the token, which is answered.
  func isAllowed(_ request: FaultRequest, _ connection: FaultConnection) -> Bool {
    guard let token, request.headers["authorization"] != "Bearer \(token)" else { return true }
    connection.send(
      Array("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
    return false
  }

  // MARK: Protocols

  func lines(for request: FaultRequest, _ connection: FaultConnection, isX: Bool) {
    guard isAllowed(request, connection) else { return }
    var start = state.withLock { $0.next }
    if isX, isBackfilling, let minutes = request.query["backfill_minutes"].flatMap({ Int64($0) }) {
      let since = now - minutes * 60_000
      start = state.withLock { $0.moments.firstIndex { $0 >= since } } ?? start
    }
    guard connection.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
    else { return }
    play(from: start, to: connection, heartbeat: Array("2\r\n\r\n\r\n".utf8)) { indices in
      var bytes: [UInt8] = []
      for index in indices { bytes += self.records[index] + [0x0D, 0x0A] }
      return connection.chunk(bytes)
    }
  }

  func events(for request: FaultRequest, _ connection: FaultConnection) {
    guard isAllowed(request, connection) else { return }
    let start = state.withLock { $0.next }
    guard connection.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
    else { return }
    play(from: start, to: connection, heartbeat: Array("8\r\n:thump\r\n\r\n".utf8)) { indices in
      let events = indices.map { index in
        Array("event: update\ndata: ".utf8) + self.records[index] + [0x0A, 0x0A]
      }
      return connection.chunk(Array(events.joined()))
    }
  }

  func timeline(for request: FaultRequest, _ connection: FaultConnection) {
    guard isAllowed(request, connection) else { return }
    let minimum = request.query["min_id"].flatMap { Int64($0) } ?? 0
    let next = state.withLock { $0.next }
    let page = records[..<next].filter { Play.number("\"id\":\"", in: $0) > minimum }.prefix(40)
    let body = [0x5B] + page.reversed().joined(separator: [0x2C]) + [0x5D]
    connection.send(
      Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8)
        + body)
  }

  func frames(for request: FaultRequest, _ connection: FaultConnection) {
    connection.upgrade(request)
    var start = state.withLock { $0.next }
    if let cursor = request.query["cursor"].flatMap({ Int64($0) }) {
      start =
        records[..<start].firstIndex { Play.number("\"time_us\":", in: $0) >= cursor } ?? start
    }
    play(from: start, to: connection, heartbeat: nil) { indices in
      indices.allSatisfy { connection.frame(0x81, self.records[$0]) }
    }
  }

  /// The number behind a word; 0 where there is none.
  private static func number(_ word: String, in line: [UInt8]) -> Int64 {
    let text = String(decoding: line, as: UTF8.self)
    return text.firstRange(of: word).flatMap {
      Int64(text[$0.upperBound...].prefix { $0.isNumber })
    }
      ?? 0
  }
}
