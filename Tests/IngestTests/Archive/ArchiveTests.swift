import Ingest
import Testing
import Tweets

/// Archives as files, in folders and as the input of commands.
@Suite struct ArchiveTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let photo: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 7, count: 3000)

  static func lines(_ range: Range<Int>) -> String { range.map { "{\"n\":\($0)}\n" }.joined() }
  static func records(_ range: Range<Int>) -> [String] { range.map { "{\"n\":\($0)}" } }

  /// Tweets 0 to 39 in four members, one compressed, among much that is none.
  static func entries() throws -> [Packed] {
    [
      Packed(folder: "data/"), Packed("data/a.jsonl", lines(0..<10)),
      Packed("__MACOSX/data/._a.jsonl", photo), Packed("README.md", "about the data\n"),
      Packed("photo.jpg", photo),
      Packed("data/b.json.bz2", try compress(Array(lines(10..<20).utf8), .bzip2)),
      Packed("data/c.txt", lines(20..<30)), Packed("SHA256SUMS", "0\n"),
      Packed("../../evil\n.jsonl", lines(30..<40)),
    ]
  }

  static let forms: [(zip: Bool, codec: Codec)] =
    [(true, .plain)] + Codec.allCases.map { (false, $0) }

  func put(zip: Bool, codec: Codec, _ name: String = "x.bin") throws {
    try folder.write(try compress(try pack(try Self.entries(), zip: zip), codec), to: name)
    try folder.age(name, to: 1000)
  }

  @Test(arguments: forms)
  func `every member of tweets is read, what is none is said`(_ form: (zip: Bool, codec: Codec))
    throws
  {
    try put(zip: form.zip, codec: form.codec)
    var source = FileSource(name: "s", path: folder.file("x.bin"), follow: false)
    var probe = SourceProbe()
    try probe.drain(&source, maxRecords: 4)
    #expect(probe.records == Self.records(0..<40))
    #expect(probe.isFinished)
    #expect(probe.positions.map(\.finished) == [true])
    let refused = probe.files.filter { $0.state == .refused }
    #expect(refused.map(\.path) == [folder.file("x.bin") + "!photo.jpg"])
    let unread = probe.files.filter { $0.state == .unread }.map {
      $0.path.split(separator: "!").last
    }
    #expect(unread == ["README.md", "SHA256SUMS"])
    let finished = probe.files.filter { $0.state == .finished }
    #expect(finished.count == 4)
    #expect(finished.last?.path.hasSuffix("!../../evil\u{FFFD}.jsonl") == true)
    #expect(finished[1].facts.container.hasSuffix("+bzip2"))
  }

  @Test(arguments: forms)
  func `a restart at any event counts each record once`(_ form: (zip: Bool, codec: Codec)) throws {
    try put(zip: form.zip, codec: form.codec)
    for stop in 1...34 {
      var first = FileSource(name: "s", path: folder.file("x.bin"), follow: false)
      var probe = SourceProbe()
      try probe.drain(&first, maxRecords: 3, events: stop)
      var second = FileSource(
        name: "s", path: folder.file("x.bin"), follow: false, positions: probe.positions)
      try probe.drain(&second, maxRecords: 4)
      #expect(probe.records == Self.records(0..<40), "stopped after \(stop) events")
      let counted = probe.files.filter { $0.state == .refused && $0.isFirst }
      #expect(counted.count == 1, "stopped after \(stop) events")
    }
  }

  @Test(arguments: forms)
  func `a restart in a folder counts each record once`(_ form: (zip: Bool, codec: Codec)) throws {
    try put(zip: form.zip, codec: form.codec)
    try folder.write(Self.lines(40..<50), to: "y.jsonl")
    try folder.age("y.jsonl", to: 2000)
    for stop in 1...34 {
      var first = DirectorySource(name: "d", path: folder.path)
      var probe = SourceProbe()
      try probe.drain(&first, maxRecords: 3, events: stop)
      var second = DirectorySource(name: "d", path: folder.path, positions: probe.positions)
      try probe.drain(&second, maxRecords: 4)
      #expect(probe.records == Self.records(0..<50), "stopped after \(stop) events")
    }
  }

  @Test func `an archive that is still being written is read when it is whole`() throws {
    let whole = try pack(try Self.entries(), zip: true)
    try folder.write(Array(whole.prefix(600)), to: "x.zip")
    try folder.age("x.zip", to: 4_000_000_000)
    var source = DirectorySource(name: "d", path: folder.path)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records.isEmpty)
    try folder.append(Array(whole.dropFirst(600)), to: "x.zip")
    try folder.age("x.zip", to: 4_000_000_001)
    try probe.drain(&source, at: 1)
    #expect(probe.records.isEmpty)
    try probe.drain(&source, at: 4)
    #expect(probe.records == Self.records(0..<40))
    #expect(!probe.notes.contains { $0.hasPrefix("fault") })
  }

  @Test(arguments: [true, false])
  func `an archive that is cut is a fault behind its good members`(zip: Bool) throws {
    let whole = try pack(
      [Packed("a", Self.lines(0..<5)), Packed("b", Self.lines(5..<2000))], zip: zip)
    try folder.write(Array(whole.prefix(2000)), to: "x")
    try folder.age("x", to: 1000)
    var source = DirectorySource(name: "d", path: folder.path, follow: false)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records.prefix(5) == Self.records(0..<5)[...])
    #expect(probe.notes.contains { $0.hasPrefix("fault x") })
    #expect(probe.positions.allSatisfy { !$0.finished })
  }

  @Test func `a damaged member costs itself, not the archive`() throws {
    var bad = try compress(Array(Self.lines(100..<400).utf8), .gzip)
    for index in bad.count / 2..<bad.count / 2 + 8 { bad[index] ^= 0x55 }
    let entries = [
      Packed("a", Self.lines(0..<5)), Packed("b.gz", bad), Packed("c", Self.lines(5..<10)),
    ]
    try folder.write(try pack(entries, zip: false), to: "x")
    try folder.age("x", to: 1000)
    var source = FileSource(name: "s", path: folder.file("x"), follow: false)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records.suffix(5) == Self.records(5..<10)[...])
    #expect(probe.notes.contains("fault x!b.gz"))
  }

  @Test func `an archive without tweets is refused`() throws {
    try folder.write(try pack([Packed("photo.jpg", Self.photo)], zip: true), to: "x.jsonl")
    var source = FileSource(name: "s", path: folder.file("x.jsonl"), follow: false)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records.isEmpty)
    #expect(probe.files.last?.reason == "it is an archive (zip) without a file of tweets")
    #expect(probe.files.last?.isFailure == true)
  }

  @Test func `an archive in an archive is refused by name`() throws {
    let inner = try pack([Packed("a", Self.lines(0..<5))], zip: true)
    let entries = [Packed("inner.zip", inner), Packed("b", Self.lines(5..<10))]
    try folder.write(try pack(entries, zip: false), to: "x")
    var source = FileSource(name: "s", path: folder.file("x"), follow: false)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records == Self.records(5..<10))
    #expect(probe.files.first?.reason == "it is an archive in an archive")
  }

  @Test func `a bomb is stopped`() throws {
    let bomb = Packed("a.txt", [UInt8](repeating: 0x61, count: 40 << 20))
    let packed = try compress(try pack([bomb], zip: false), .gzip)
    for (name, content) in [("zip", try pack([bomb], zip: true)), ("gz", packed)] {
      try folder.write(content, to: name)
      let error = #expect(throws: IngestError.self) {
        var reader = try RecordReader(path: folder.file(name))
        while try reader.next() != nil {}
      }
      #expect(error?.kind == .tooLarge, "\(name)")
    }
  }

  @Test(arguments: forms)
  func `commands read archives too, and say what they leave out`(_ form: (zip: Bool, codec: Codec))
    throws
  {
    try put(zip: form.zip, codec: form.codec)
    var reader = try RecordReader(path: folder.file("x.bin"))
    var records: [String] = []
    var left: [String] = []
    while let record = try reader.next() {
      if record.format != .blank { records.append(String(decoding: record.bytes, as: UTF8.self)) }
      left += reader.takeNotes().map(\.reason)
    }
    left += reader.takeNotes().map(\.reason)
    #expect(records == Self.records(0..<40))
    #expect(left.count == 3)
  }
}
