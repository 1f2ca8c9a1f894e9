import Glibc
import Ingest
import Testing
import Tweets

@Suite struct StandardInputSourceTests {
  private func pipeEnds() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  private func send(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = unsafe write(descriptor, bytes, bytes.count)
  }

  @Test func `each line comes as it is written, the last one at the end`() throws {
    let (reading, writing) = try pipeEnds()
    defer { close(reading) }
    var source = try StandardInputSource(name: "stdin", descriptor: reading)
    func texts(_ event: SourceEvent) -> [String]? {
      guard case .batch(let batch) = event else { return nil }
      #expect(batch.start == nil)
      #expect(batch.position(after: 0) == nil)
      return batch.records.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    guard case .idle = source.poll(maxRecords: 10, now: SourceProbe.at(0)) else {
      Issue.record("nothing was written and something came")
      return
    }
    send("one\ntw", to: writing)
    #expect(texts(source.poll(maxRecords: 10, now: SourceProbe.at(0))) == ["one"])
    send("o\nthree\nfour\nfi", to: writing)
    #expect(texts(source.poll(maxRecords: 2, now: SourceProbe.at(0))) == ["two", "three"])
    #expect(texts(source.poll(maxRecords: 2, now: SourceProbe.at(0))) == ["four"])
    send("ve", to: writing)
    close(writing)
    #expect(texts(source.poll(maxRecords: 2, now: SourceProbe.at(0))) == ["five"])
    guard case .finished = source.poll(maxRecords: 2, now: SourceProbe.at(0)) else {
      Issue.record("the end did not come")
      return
    }
  }
}
