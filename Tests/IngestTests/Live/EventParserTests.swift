import Ingest
import Testing
import Tweets

@Suite struct EventParserTests {
  private func events(_ text: String, most: Int = 1000) -> [String] {
    var framer = RecordFramer(framing: .lines, startingAt: 0, line: 0)
    framer.append(Array(text.utf8)[...])
    var parser = EventParser(mostBytes: most)
    var events: [String] = []
    while let line = framer.next(atEnd: true) {
      guard let event = parser.take(line) else { continue }
      switch event.format {
      case .event(let name):
        events.append(
          "\(name)=\(String(decoding: event.bytes, as: UTF8.self))"
            + (event.fault.map { "!\($0.rawValue)" } ?? ""))
      default: events.append("heartbeat")
      }
    }
    return events
  }

  @Test func `an event is its name and data, and ends with an empty line`() {
    #expect(
      events("event: update\ndata: {\"id\":\"1\"}\n\nevent:delete\r\ndata:42\r\n\r\n")
        == ["update={\"id\":\"1\"}", "delete=42"])
  }

  @Test func `comments are heartbeats`() {
    #expect(events(":)\n:thump\n\n:thump\n") == ["heartbeat", "heartbeat", "heartbeat"])
  }

  @Test func `data of several lines is joined, unknown fields are passed over`() {
    #expect(
      events("retry: 3\nid: 7\ndata: a\ndata\ndata: b\n\n\n\n") == ["message=a\n\nb"])
  }

  @Test func `an event that is too long is a fault, and the next one comes`() {
    let long = String(repeating: "x", count: 60)
    #expect(
      events("event: update\ndata: \(long)\ndata: \(long)\n\ndata: 1\n\n", most: 100)
        == ["update=!tooLong", "message=1"])
  }

  @Test func `an event of endless empty lines of data is bounded`() {
    let many = String(repeating: "data\n", count: 5000)
    #expect(
      events("event: update\n\(many)\ndata: 1\n\n", most: 100) == ["update=!tooLong", "message=1"])
  }

  @Test func `an event that the end cuts off is no event`() {
    #expect(events("event: update\ndata: {\"id\"") == [])
  }
}
