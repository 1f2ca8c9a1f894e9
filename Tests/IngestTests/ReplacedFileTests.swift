import Ingest
import Testing
import Tweets

/// Files that are replaced by longer copies of themselves, packed in place, or emptied and written anew.
@Suite struct ReplacedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func lines(_ range: Range<Int>) -> String { range.map { "{\"n\":\($0)}\n" }.joined() }
  func records(_ range: Range<Int>) -> [String] { range.map { "{\"n\":\($0)}" } }

  func file(positions: [FilePosition] = []) -> FileSource {
    FileSource(name: "s", path: folder.file("x"), follow: true, positions: positions)
  }

  func spool(positions: [FilePosition] = []) -> DirectorySource {
    DirectorySource(name: "d", path: folder.path, positions: positions)
  }

  /// Writes a file anew and renames it over the old one, with the time of change.
  func replace(_ name: String, _ text: String, age: Int64) throws {
    try folder.write(text, to: ".new")
    try folder.age(".new", to: age)
    try? folder.remove(name)
    try folder.move(".new", to: name)
  }

  @Test(arguments: [20, 400])
  func `a followed file that is replaced by a longer copy goes on, again and again`(_ count: Int)
    throws
  {
    try replace("x", lines(0..<count), age: 1000)
    var source = file()
    var probe = SourceProbe()
    try probe.drain(&source)
    for turn in 1..<4 {
      try replace("x", lines(0..<count + turn * 10), age: 1000 + Int64(turn))
      try probe.drain(&source, at: Int64(turn) * 5)
    }
    #expect(probe.records == records(0..<count + 30))
    var second = file(positions: probe.positions)
    try probe.drain(&second, at: 30)
    #expect(probe.records.count == count + 30)
    #expect(probe.positions.count == 1)
  }

  @Test func `a followed file that is replaced by a shorter or another one is new`() throws {
    try replace("x", lines(0..<20), age: 1000)
    var source = file()
    var probe = SourceProbe()
    try probe.drain(&source)
    try replace("x", lines(0..<5), age: 2000)
    try probe.drain(&source, at: 5)
    try replace("x", lines(100..<200), age: 3000)
    try probe.drain(&source, at: 10)
    #expect(probe.records == records(0..<20) + records(0..<5) + records(100..<200))
  }

  @Test func `a followed file that is emptied and written anew with more goes on`() throws {
    try replace("x", lines(0..<20), age: 1000)
    var source = file()
    var probe = SourceProbe()
    try probe.drain(&source)
    let now: Int64 = 4_000_000_000
    try folder.overwrite(lines(0..<7), to: "x")
    try folder.age("x", to: now)
    try probe.drain(&source, at: 0)
    try folder.append(lines(7..<30), to: "x")
    try folder.age("x", to: now + 1)
    try probe.drain(&source, at: 1)
    #expect(probe.records == records(0..<30))
    #expect(!probe.notes.contains { $0.hasPrefix("gap") })
    // It stays shorter: a new file, and a gap.
    try folder.overwrite(lines(0..<3), to: "x")
    try folder.age("x", to: now + 2)
    try probe.drain(&source, at: 2)
    try probe.drain(&source, at: 9)
    #expect(probe.records == records(0..<30) + records(0..<3))
    #expect(probe.notes.contains("gap truncated"))
  }

  @Test(arguments: [20, 400])
  func `a spool file that is replaced by a longer copy goes on`(_ count: Int) throws {
    try replace("a.txt", lines(0..<count), age: 1000)
    var source = spool()
    var probe = SourceProbe()
    try probe.drain(&source)
    try replace("a.txt", lines(0..<count + 10), age: 2000)
    try probe.drain(&source, at: 5)
    #expect(probe.records == records(0..<count + 10))
    #expect(probe.positions.count == 1)
    try replace("a.txt", lines(0..<3), age: 3000)
    try probe.drain(&source, at: 10)
    #expect(probe.records == records(0..<count + 10) + records(0..<3))
  }

  @Test(arguments: Codec.allCases.filter { $0 != .plain })
  func `a spool file that is packed in place is not read again, nor when it is unpacked`(
    _ codec: Codec
  ) throws {
    let endings: [Codec: String] = [.gzip: ".gz", .bzip2: ".bz2", .xz: ".xz", .zstd: ".zst"]
    let ending = try #require(endings[codec])
    try replace("a.csv", "id,text\n" + (0..<200).map { "\($0),a\n" }.joined(), age: 1000)
    var source = spool()
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records.count == 200)
    let whole = try bytes(of: folder.file("a.csv"))
    let packed = try compress(whole, codec)
    // While it is packed, both are there.
    try folder.write(Array(packed.prefix(packed.count / 2)), to: "a.csv" + ending)
    try folder.age("a.csv" + ending, to: 4_000_000_005)
    try probe.drain(&source, at: 5)
    try folder.write(packed, to: "a.csv" + ending)
    try folder.age("a.csv" + ending, to: 1000)
    try probe.drain(&source, at: 8)
    try folder.remove("a.csv")
    try probe.drain(&source, at: 11)
    #expect(probe.records.count == 200)
    var second = spool(positions: probe.positions)
    try probe.drain(&second, at: 14)
    try folder.write(whole, to: "a.csv")
    try folder.age("a.csv", to: 1000)
    try folder.remove("a.csv" + ending)
    try probe.drain(&second, at: 17)
    #expect(probe.records.count == 200)
  }

  @Test func `a spool file that is emptied and written anew with more goes on`() throws {
    try replace("a", lines(0..<20), age: 1000)
    var source = spool()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.overwrite(lines(0..<7), to: "a")
    try folder.age("a", to: 4_000_000_003)
    try probe.drain(&source, at: 3)
    try folder.append(lines(7..<30), to: "a")
    try folder.age("a", to: 4_000_000_006)
    try probe.drain(&source, at: 6)
    #expect(probe.records == records(0..<30))
  }

  @Test func `two files with the same beginning are two`() throws {
    try replace("a", lines(0..<400), age: 1000)
    try replace("b", lines(0..<400), age: 1000)
    var source = spool()
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records.count == 800)
  }
}
