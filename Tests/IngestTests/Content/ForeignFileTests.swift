import Ingest
import Testing
import Tweets

/// What the sources make of files whose content is not tweets.
@Suite struct ForeignFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let photo: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xE0] + (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  func put(_ bytes: [UInt8], _ name: String) throws {
    try folder.write(bytes, to: name)
    try folder.age(name, to: 1000)
  }

  @Test func `a folder's picture is refused once by name and counted in no restart again`() throws {
    try put(Self.photo, "photo.jsonl")
    try put(Array("{\"n\":1}\n".utf8), "tweets")
    var probe = SourceProbe()
    for _ in 0..<2 {
      var source = DirectorySource(
        name: "d", path: folder.path, follow: true, positions: probe.positions)
      for second: Int64 in 0..<6 { try probe.drain(&source, at: second) }
    }
    #expect(probe.records == ["{\"n\":1}"])
    #expect(probe.notes.filter { $0.contains("photo") } == ["refused photo.jsonl"])
    #expect(probe.files.first?.reason == "it is a JPEG image")
    #expect(probe.files.first?.isFailure == false)
  }

  @Test func `a refused file that becomes one of tweets is read`() throws {
    try put(Self.photo, "a")
    var source = DirectorySource(name: "d", path: folder.path)
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.overwrite("{\"n\":1}\n", to: "a")
    try folder.age("a", to: 2000)
    try probe.drain(&source, at: 5)
    #expect(probe.records == ["{\"n\":1}"])
    #expect(probe.positions.map(\.isRefused) == [false])
  }

  @Test func `a file source with a picture fails and says so in each run`() throws {
    try put(Self.photo, "a.txt")
    var probe = SourceProbe()
    for _ in 0..<2 {
      var source = FileSource(
        name: "s", path: folder.file("a.txt"), follow: false, positions: probe.positions)
      try probe.drain(&source)
    }
    #expect(probe.records.isEmpty)
    #expect(probe.isFinished)
    #expect(
      probe.notes.filter { $0.contains("refused") } == ["refused a.txt", "refused a.txt again"])
    #expect(probe.files.map(\.isFailure) == [true, true])
  }

  @Test func `a command's input is refused with name and remedy`() throws {
    try put(Self.photo, "a.csv")
    let error = #expect(throws: IngestError.self) {
      var reader = try RecordReader(path: folder.file("a.csv"))
      _ = try reader.next()
    }
    #expect(error?.kind == .foreign)
    #expect(
      error?.description.hasSuffix("it is a JPEG image; name files of tweets: JSON, CSV or text")
        == true)
  }

  @Test func `a forced format reads documents, and text reads all without zero bytes`() throws {
    try put(Array("<html>\n<p>x</p>\n".utf8), "page")
    var page = try RecordReader(
      path: folder.file("page"), options: IngestOptions(format: .text))
    let first = try page.next()
    #expect(first.map { $0.bytes } == Array("<html>".utf8))
    try put(Self.photo, "photo")
    #expect(throws: IngestError.self) {
      var photo = try RecordReader(
        path: folder.file("photo"), options: IngestOptions(format: .text))
      _ = try photo.next()
    }
  }

  @Test func `a text file that turns binary in the middle gives faults, no tweets`() throws {
    var generator = SplitMix(state: 3)
    let text = (0..<5000).map { "line \($0) of text\n" }.joined()
    let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    try put(Array(text.utf8) + noise + [0x0A], "a.txt")
    var reader = try RecordReader(path: folder.file("a.txt"))
    var good = 0
    var bad = 0
    while let record = try reader.next() {
      if record.fault == .binary { bad += 1 } else if record.format == .text { good += 1 }
    }
    #expect(good - 5000 < bad / 10, "\(good - 5000) lines of noise were taken for text")
    #expect(bad > 20)
  }
}
