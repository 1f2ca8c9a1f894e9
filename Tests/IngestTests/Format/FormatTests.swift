import Ingest
import Testing
import TweetText
import Tweets

@Suite struct FormatTests {
  private static let names = [
    "x", "x.txt", "x.csv", "x.tsv", "x.json", "x.jsonl", "x.js", "x.log", "x.1", "x.csv.txt",
  ]

  @Test(arguments: ContentFixture.all)
  func `the same bytes give the same texts under any name`(_ fixture: ContentFixture) throws {
    let folder = try TemporaryFolder()
    for name in FormatTests.names {
      try folder.write(fixture.text, to: name)
      let decoded = try DecodedTexts(readingFrom: folder.file(name))
      #expect(decoded.texts == fixture.texts, "\(name)")
      #expect(decoded.undecodable == fixture.undecodable, "\(name)")
    }
  }

  @Test(arguments: ContentFixture.all)
  func `a restart at every record goes on at the next`(_ fixture: ContentFixture) throws {
    let folder = try TemporaryFolder()
    try folder.write(fixture.text, to: "x")
    var positions: [FilePosition] = []
    var whole = FileSource(name: "s", path: folder.file("x"), follow: false)
    var texts: [[String]] = []
    var decoder = TweetDecoder()
    while case let event = try whole.poll(maxRecords: 1, now: SourceProbe.at(0)), !event.isEnd {
      guard case .batch(let batch) = event, let position = batch.position(after: 0) else {
        continue
      }
      var decoded = DecodedTexts()
      decoded.take(decoder.decode(batch.records[0]))
      positions.append(position)
      texts.append(decoded.texts)
    }
    for index in positions.indices {
      let rest = try FormatTests.texts(at: positions[index], in: folder.file("x"))
      #expect(rest == texts[(index + 1)...].flatMap { $0 }, "behind record \(index)")
    }
  }

  @Test(arguments: ContentFixture.all)
  func `a file that grows and is read on after a restart loses nothing`(
    _ fixture: ContentFixture
  ) throws {
    // What a table without heading is shows in several rows only.
    guard !fixture.name.contains("table"), !fixture.name.contains("pieces"),
      !fixture.name.contains("cut"), !fixture.name.contains("first line")
    else { return }
    let folder = try TemporaryFolder()
    let bytes = Array(fixture.text.utf8)
    for cut in 0...bytes.count {
      try folder.write(Array(bytes[..<cut]), to: "x")
      var probe = SourceProbe()
      var decoder = TweetDecoder()
      var decoded = DecodedTexts()
      var first = FileSource(name: "s", path: folder.file("x"), follow: true)
      FormatTests.drain(&first, &probe, &decoded, &decoder)
      try folder.append(Array(bytes[cut...]), to: "x")
      var second = FileSource(
        name: "s", path: folder.file("x"), follow: false, positions: probe.positions)
      FormatTests.drain(&second, &probe, &decoded, &decoder)
      #expect(decoded.texts == fixture.texts, "cut at \(cut)")
    }
  }

  @Test func `a format that is given is believed`() throws {
    let folder = try TemporaryFolder()
    try folder.write("{\"text\":\"a\"}\nb,c\n", to: "x.json")
    let text = try DecodedTexts(
      readingFrom: folder.file("x.json"), options: IngestOptions(format: .text))
    #expect(text.texts == ["{\"text\":\"a\"}", "b,c"])
    let json = try DecodedTexts(
      readingFrom: folder.file("x.json"), options: IngestOptions(format: .jsonl))
    #expect(json.texts == ["a"])
    #expect(json.undecodable == 1)
  }

  static func drain(
    _ source: inout FileSource, _ probe: inout SourceProbe, _ decoded: inout DecodedTexts,
    _ decoder: inout TweetDecoder
  ) {
    while let event = try? source.poll(maxRecords: 100, now: SourceProbe.at(0)) {
      if case .batch(let batch) = event {
        for record in batch.records { decoded.take(decoder.decode(record)) }
      }
      guard probe.take(event) else { return }
    }
  }

  static func texts(at position: FilePosition, in path: String) throws -> [String] {
    var source = FileSource(name: "s", path: path, follow: false, positions: [position])
    var probe = SourceProbe()
    var decoded = DecodedTexts()
    var decoder = TweetDecoder()
    drain(&source, &probe, &decoded, &decoder)
    return decoded.texts
  }
}

extension SourceEvent {
  /// True for the end of a source that is read once.
  var isEnd: Bool { if case .finished = self { true } else { false } }
}
