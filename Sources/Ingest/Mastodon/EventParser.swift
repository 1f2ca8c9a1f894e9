package import Tweets

/// Puts the lines of a stream of server-sent events together; a value
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
package struct EventParser: Sendable {
  private let mostBytes: Int
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  private var isTooLong = false

  /// A parser that refuses events of more data than that.
  package init(mostBytes: Int) { self.mostBytes = mostBytes }

  /// Takes one line; the event that it ends, a heartbeat for a comment, or nil.
  package mutating func take(_ line: Record) -> Record? {
    if line.fault != nil {
      isTooLong = true
      hasData = true
      return nil
    }
    if line.bytes.isEmpty { return end(line) }
    if line.bytes.first == UInt8(ascii: ":") {
      return Record(bytes: [], format: .blank, line: line.line, end: line.end, frame: .heartbeat)
    }
    let colon = line.bytes.firstIndex(of: UInt8(ascii: ":")) ?? line.bytes.count
    var value = line.bytes[min(colon + 1, line.bytes.count)...]
    if value.first == 0x20 { value = value.dropFirst() }
    switch String(decoding: line.bytes[..<colon], as: UTF8.self) {
    case "event": name = String(decoding: value.prefix(64), as: UTF8.self)
    case "data":
      if hasData, !isTooLong { data.append(0x0A) }
      hasData = true
      isTooLong = isTooLong || data.count + value.count > mostBytes
      if isTooLong { data = [] } else { data += value }
    default: break  // `id` and `retry` mean nothing here.
    }
    return nil
  }

  private mutating func end(_ line: Record) -> Record? {
    defer {
      name = ""
      data = []
      hasData = false
      isTooLong = false
    }
    guard hasData else { return nil }
    return Record(
      bytes: isTooLong ? [] : data, format: .event(name.isEmpty ? "message" : name),
      line: line.line, end: line.end, fault: isTooLong ? .tooLong : nil)
  }
}
