import Glibc
import Ingest
import Testing
import Tweets

@Suite struct RecordReaderTests {
  private func send(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = unsafe write(descriptor, bytes, bytes.count)
  }

  /// The records that can be had without waiting.
  private func ready(_ reader: inout RecordReader) throws -> [String] {
    var texts: [String] = []
    while reader.isReady(), let record = try reader.next() {
      texts.append(String(decoding: record.bytes, as: UTF8.self))
    }
    return texts
  }

  @Test func `a pipe is answered line by line before it is closed`() throws {
    let folder = try TemporaryFolder()
    try #require(unsafe mkfifo(folder.file("pipe"), 0o600) == 0)
    // Open for reading and writing, so that neither end waits for the other.
    let writing = unsafe open(folder.file("pipe"), O_RDWR | O_CLOEXEC)
    try #require(writing >= 0)
    var reader = try RecordReader(path: folder.file("pipe"))
    #expect(try ready(&reader) == [])
    for line in ["the first one", "the second", "the third"] {
      send(line, to: writing)
      #expect(try ready(&reader) == [])
      send("\n", to: writing)
      #expect(try ready(&reader) == [line])
    }
    send("four\nfive\nsix", to: writing)
    #expect(try ready(&reader) == ["four", "five"])
    close(writing)
    let last = try reader.next()
    #expect(last.map { String(decoding: $0.bytes, as: UTF8.self) } == "six")
    let end = try reader.next()
    #expect(end?.line == nil)
  }

  @Test func `asking twice whether a record is ready loses none`() throws {
    let folder = try TemporaryFolder()
    try #require(unsafe mkfifo(folder.file("pipe"), 0o600) == 0)
    let writing = unsafe open(folder.file("pipe"), O_RDWR | O_CLOEXEC)
    defer { close(writing) }
    var reader = try RecordReader(path: folder.file("pipe"))
    send("the first one\nthe second\n", to: writing)
    let answers = [reader.isReady(), reader.isReady()]
    #expect(answers == [true, true])
    #expect(try ready(&reader) == ["the first one", "the second"])
  }
}
