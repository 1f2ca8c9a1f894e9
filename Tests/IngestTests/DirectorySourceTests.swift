import Glibc
import Ingest
import Testing
import Tweets

@Suite struct DirectorySourceTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func source(follow: Bool = true, positions: [FilePosition] = []) -> DirectorySource {
    DirectorySource(name: "d", path: folder.path, follow: follow, positions: positions)
  }

  func lines(_ range: Range<Int>) -> String { range.map { "{\"n\":\($0)}\n" }.joined() }
  func records(_ range: Range<Int>) -> [String] { range.map { "{\"n\":\($0)}" } }

  /// Writes a file that was changed some seconds before the tests' time zero.
  func put(_ content: String, _ name: String, age: Int64) throws {
    try folder.write(content, to: name)
    try folder.age(name, to: 4_000_000_000 - age)
  }

  @Test func `every file is read, oldest first, and no other`() throws {
    try put(lines(4..<6), "b.jsonl", age: 10)
    try put(lines(0..<2), "c.jsonl", age: 30)
    try put(lines(2..<4), "a.jsonl", age: 20)
    for name in [".hidden", "x.tmp", "x.part", "x~"] { try put(lines(90..<91), name, age: 50) }
    try #require(unsafe mkdir(folder.file("sub"), 0o700) == 0)
    var source = source(follow: false)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records == records(0..<6))
    #expect(probe.isFinished)
    #expect(probe.positions.count == 3)
    #expect(probe.positions.map(\.finished) == [true, true, true])
  }

  @Test func `files that come while we read are read too`() throws {
    try put(lines(0..<2), "a", age: 100)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    for index in 1..<6 {
      try put(lines(index * 2..<index * 2 + 2), "f\(index)", age: 100 - Int64(index))
      try probe.drain(&source, at: Int64(index) * 2)
    }
    #expect(probe.records == records(0..<12))
    #expect(!probe.isFinished)
  }

  @Test func `the rest of a last line is waited for`() throws {
    try put(lines(0..<2) + "{\"n\":", "a.jsonl", age: 0)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records == records(0..<2))
    try put(lines(0..<3), "a.jsonl.new", age: 0)
    try folder.append("2}\n", to: "a.jsonl")
    try folder.remove("a.jsonl.new")
    try folder.age("a.jsonl", to: 4_000_000_001)
    try probe.drain(&source, at: 1)
    #expect(probe.records == records(0..<3))
  }

  @Test func `a last line without an end counts once the file is quiet`() throws {
    try put(lines(0..<2) + "{\"n\":2}", "a", age: 0)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try probe.drain(&source, at: 1)
    #expect(probe.records == records(0..<2))
    try probe.drain(&source, at: 3)
    #expect(probe.records == records(0..<3))
    try probe.drain(&source, at: 9)
    #expect(probe.records == records(0..<3))
  }

  @Test func `a file of one byte that may begin a compressed one counts once it is quiet`() throws {
    try put("B", "a", age: 0)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records == [])
    try probe.drain(&source, at: 3)
    #expect(probe.records == ["B"])
  }

  @Test func `a finished file that grows is read on`() throws {
    try put(lines(0..<2), "a", age: 10)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.append(lines(2..<4), to: "a")
    try folder.age("a", to: 4_000_000_001)
    try probe.drain(&source, at: 5)
    #expect(probe.records == records(0..<4))
  }

  @Test(arguments: Codec.allCases)
  func `a restart at any event counts each record once`(_ codec: Codec) throws {
    for index in 0..<4 {
      let content = Array(lines(index * 10..<index * 10 + 10).utf8)
      try folder.write(try compress(content, codec), to: "f\(index)")
      try folder.age("f\(index)", to: 1000 + Int64(index))
    }
    for stop in 1...20 {
      var first = source()
      var probe = SourceProbe()
      try probe.drain(&first, maxRecords: 3, events: stop)
      var second = source(positions: probe.positions)
      try probe.drain(&second, maxRecords: 4)
      #expect(probe.records == records(0..<40), "stopped after \(stop) events")
    }
  }

  @Test func `a plain file that grew while we were down is read on`() throws {
    try put(lines(0..<4), "a", age: 10)
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first)
    try folder.append(lines(4..<6), to: "a")
    var second = source(positions: probe.positions)
    try probe.drain(&second)
    #expect(probe.records == records(0..<6))
  }

  @Test func `another file at the inode of an old one is read whole`() throws {
    try put(lines(0..<4), "a", age: 10)
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first)
    try folder.overwrite(lines(10..<20), to: "a")
    try folder.age("a", to: 4_000_000_001)
    var second = source(positions: probe.positions)
    try probe.drain(&second)
    #expect(probe.records == records(0..<4) + records(10..<20))
  }

  @Test func `a damaged file is reported once and the next one goes on`() throws {
    let bad = try compress(Array(lines(0..<500).utf8), .xz)
    try folder.write(Array(bad.dropLast(200)), to: "a.xz")
    try folder.age("a.xz", to: 1000)
    try put(lines(0..<2), "b", age: 5)
    var source = source()
    var probe = SourceProbe()
    for second: Int64 in 0..<8 { try probe.drain(&source, at: second) }
    #expect(probe.records.suffix(2) == records(0..<2))
    #expect(probe.notes.filter { $0 == "fault a.xz" }.count == 1)
  }

  @Test func `a link is reported once and not followed`() throws {
    try put(lines(0..<2), "a", age: 5)
    try #require(unsafe symlink("/etc/passwd", folder.file("link")) == 0)
    var source = source()
    var probe = SourceProbe()
    for second: Int64 in 0..<3 { try probe.drain(&source, at: second) }
    #expect(probe.records == records(0..<2))
    #expect(probe.notes.filter { $0 == "fault link" }.count == 1)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `a file that may not be read is reported once and the next one goes on`() throws {
    try put(lines(0..<2), "a", age: 9)
    try #require(unsafe chmod(folder.file("a"), 0) == 0)
    try put(lines(2..<4), "b", age: 5)
    var source = source()
    var probe = SourceProbe()
    for second: Int64 in 0..<3 { try probe.drain(&source, at: second) }
    #expect(probe.records == records(2..<4))
    #expect(probe.notes.filter { $0 == "fault a" }.count == 1)
  }

  @Test func `a missing folder is refused`() {
    let error = #expect(throws: IngestError.self) {
      var source = DirectorySource(name: "d", path: "/no/such/folder", follow: false)
      _ = try source.poll(maxRecords: 1, now: SourceProbe.at(0))
    }
    #expect(error?.description.hasPrefix("cannot list the folder /no/such/folder: ") == true)
  }
}
