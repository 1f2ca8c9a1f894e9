import Glibc
import Ingest
import Testing
import Tweets

@Suite struct FileSourceTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func source(
    follow: Bool = true, _ name: String = "x.jsonl", positions: [FilePosition] = []
  ) -> FileSource {
    FileSource(name: "s", path: folder.file(name), follow: follow, positions: positions)
  }

  func lines(_ range: Range<Int>) -> String { range.map { "{\"n\":\($0)}\n" }.joined() }
  func records(_ range: Range<Int>) -> [String] { range.map { "{\"n\":\($0)}" } }

  @Test func `a file read once ends with its last line, line end or not`() throws {
    try folder.write(lines(0..<3) + "{\"n\":3}", to: "x.jsonl")
    var source = source(follow: false)
    var probe = SourceProbe()
    try probe.drain(&source, maxRecords: 2)
    #expect(probe.records == records(0..<4))
    #expect(probe.isFinished)
    #expect(probe.positions.map(\.finished) == [true])
    #expect(probe.positions.map(\.offset) == [31])
    #expect(probe.notes == ["reading x.jsonl"])
  }

  @Test func `a missing file is refused when it is not followed`() {
    let error = #expect(throws: IngestError.self) {
      var source = source(follow: false)
      _ = try source.poll(maxRecords: 1, now: SourceProbe.at(0))
    }
    #expect(error?.kind == .missing)
    #expect(error?.remedy.contains("follow = true") == true)
  }

  @Test func `a missing file is waited for when it is followed`() throws {
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try probe.drain(&source)
    #expect(probe.notes == ["waiting x.jsonl is not there"])
    try folder.write(lines(0..<2), to: "x.jsonl")
    try probe.drain(&source)
    #expect(probe.records == records(0..<2))
  }

  @Test func `a link is refused with the remedy`() throws {
    try folder.write(lines(0..<2), to: "real")
    try #require(unsafe symlink(folder.file("real"), folder.file("x.jsonl")) == 0)
    let error = #expect(throws: IngestError.self) {
      var source = source(follow: false)
      _ = try source.poll(maxRecords: 1, now: SourceProbe.at(0))
    }
    #expect(error?.kind == .refused)
    #expect(error?.remedy == "name the file that it points to")
  }

  @Test(arguments: [true, false])
  func `a pipe is refused, followed or not, and does not hang`(follow: Bool) throws {
    try #require(unsafe mkfifo(folder.file("x.jsonl"), 0o600) == 0)
    let error = #expect(throws: IngestError.self) {
      var source = source(follow: follow)
      _ = try source.poll(maxRecords: 1, now: SourceProbe.at(0))
    }
    #expect(error?.kind == .refused)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `a file that may not be read is refused`() throws {
    try folder.write(lines(0..<2), to: "x.jsonl")
    try #require(unsafe chmod(folder.file("x.jsonl"), 0) == 0)
    let error = #expect(throws: IngestError.self) {
      var source = source(follow: false)
      _ = try source.poll(maxRecords: 1, now: SourceProbe.at(0))
    }
    #expect(error?.kind == .permission)
  }

  @Test func `a writer byte by byte loses nothing and nothing comes twice`() throws {
    try folder.write("", to: "x.jsonl")
    var source = source()
    var probe = SourceProbe()
    for byte in Array(lines(0..<12).utf8) {
      try folder.append([byte], to: "x.jsonl")
      try probe.drain(&source)
    }
    #expect(probe.records == records(0..<12))
    #expect(!probe.isFinished)
  }

  @Test func `a renamed file is finished before the new one`() throws {
    try folder.write(lines(0..<3), to: "x.jsonl")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.move("x.jsonl", to: "x.jsonl.1")
    try folder.append(lines(3..<5), to: "x.jsonl.1")
    try probe.drain(&source)
    try folder.append(lines(5..<6) + "{\"n\":6}", to: "x.jsonl.1")
    try folder.write(lines(7..<9), to: "x.jsonl")
    try probe.drain(&source)
    #expect(probe.records == records(0..<9))
    #expect(probe.positions.count == 1)
    #expect(probe.positions.first?.offset == 16)
    #expect(!probe.notes.contains { $0.hasPrefix("gap") })
  }

  @Test func `an empty new file gives the writer time to leave the old one`() throws {
    try folder.write(lines(0..<3), to: "x.jsonl")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.move("x.jsonl", to: "x.jsonl.1")
    try folder.write("", to: "x.jsonl")
    try probe.drain(&source, at: 1)
    try folder.append(lines(3..<4), to: "x.jsonl.1")
    try probe.drain(&source, at: 2)
    #expect(probe.records == records(0..<4))
    try probe.drain(&source, at: 3)
    try probe.drain(&source, at: 6)
    try folder.append(lines(4..<5), to: "x.jsonl")
    try probe.drain(&source, at: 7)
    #expect(probe.records == records(0..<5))
  }

  @Test func `two rotations between two looks lose nothing`() throws {
    try folder.write(lines(0..<3), to: "x.jsonl")
    try folder.age("x.jsonl", to: 1000)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.move("x.jsonl", to: "x.jsonl.2")
    try folder.write(lines(3..<6), to: "x.jsonl.1")
    try folder.age("x.jsonl.1", to: 2000)
    try folder.write(lines(6..<9), to: "x.jsonl")
    try probe.drain(&source)
    #expect(probe.records == records(0..<9))
  }

  @Test func `an emptied file begins anew and leaves a gap`() throws {
    try folder.write(lines(0..<3), to: "x.jsonl")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.overwrite(lines(3..<4), to: "x.jsonl")
    try probe.drain(&source)
    #expect(probe.records == records(0..<4))
    #expect(probe.notes.contains("gap truncated"))
  }

  @Test func `a file emptied and grown beyond the old offset is noticed`() throws {
    try folder.write(lines(0..<3), to: "x.jsonl")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.overwrite(lines(3..<50), to: "x.jsonl")
    try probe.drain(&source)
    #expect(probe.records == records(0..<50))
    #expect(probe.notes.contains("gap truncated"))
  }

  @Test func `the copy of copytruncate is finished first`() throws {
    try folder.write(lines(0..<3), to: "x.jsonl")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.append(lines(3..<5), to: "x.jsonl")
    try folder.copy("x.jsonl", to: "x.jsonl.1")
    try folder.overwrite(lines(5..<9), to: "x.jsonl")
    try probe.drain(&source)
    #expect(probe.records == records(0..<9))
    #expect(!probe.notes.contains("gap truncated"))
  }

  // MARK: Restarts

  static let many = 400

  @Test(arguments: Codec.allCases)
  func `a restart in the middle of any codec gives the rest`(_ codec: Codec) throws {
    let content = try compress(Array(lines(0..<Self.many).utf8), codec)
    try folder.write(content, to: "x.jsonl")
    for stop in [1, 3, 7] {
      var first = source(follow: false)
      var probe = SourceProbe()
      try probe.drain(&first, maxRecords: 33, events: stop)
      let before = probe.records
      #expect(before.count < Self.many)
      var second = source(follow: false, positions: probe.positions)
      try probe.drain(&second, maxRecords: 50)
      #expect(probe.records == records(0..<Self.many), "stopped after \(stop) events")
      var third = source(follow: false, positions: probe.positions)
      try probe.drain(&third)
      #expect(probe.records.count == Self.many)
    }
  }

  @Test func `a restart in a CSV file keeps the header`() throws {
    let rows = (0..<100).map { "\($0),\"a \n\($0)\"" }
    try folder.write("id,text\n" + rows.joined(separator: "\n") + "\n", to: "x.csv")
    for count in [1, 2, 50] {
      var first = source(follow: false, "x.csv")
      var probe = SourceProbe()
      try probe.drain(&first, maxRecords: count, events: 2)
      var second = source(follow: false, "x.csv", positions: probe.positions)
      try probe.drain(&second)
      #expect(probe.records == rows, "stopped behind \(count) records")
    }
  }

  @Test(arguments: Codec.allCases)
  func `a file rotated while we were down is finished first`(_ codec: Codec) throws {
    try folder.write(lines(0..<Self.many), to: "x.jsonl")
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first, maxRecords: 33, events: 4)
    try folder.append(lines(Self.many..<Self.many + 5), to: "x.jsonl")
    let old = try bytes(of: folder.file("x.jsonl"))
    if codec == .plain {
      try folder.move("x.jsonl", to: "x.jsonl.1")
    } else {
      try folder.write(try compress(old, codec), to: "x.jsonl.1.gz")
      try folder.remove("x.jsonl")
    }
    try folder.write(lines(1000..<1005), to: "x.jsonl")
    var second = source(positions: probe.positions)
    try probe.drain(&second)
    #expect(probe.records == records(0..<Self.many + 5) + records(1000..<1005))
    #expect(!probe.notes.contains { $0.hasPrefix("gap") })
    var third = source(positions: probe.positions)
    try probe.drain(&third)
    #expect(probe.records.count == Self.many + 10)
  }

  @Test func `files that came and went while we were down are read in order`() throws {
    try folder.write(lines(0..<50), to: "x.jsonl")
    try folder.age("x.jsonl", to: 1000)
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first, maxRecords: 20, events: 2)
    try folder.move("x.jsonl", to: "x.jsonl.3")
    for (name, begin, age) in [("x.jsonl.2", 50, 2000), ("x.jsonl.1", 60, 3000)] {
      try folder.write(lines(begin..<begin + 10), to: name)
      try folder.age(name, to: Int64(age))
    }
    try folder.write("not ours", to: "x.jsonl.bak")
    try folder.write(lines(70..<80), to: "x.jsonl")
    var second = source(positions: probe.positions)
    try probe.drain(&second)
    #expect(probe.records == records(0..<80))
  }

  @Test func `a file that is gone after a restart leaves a gap`() throws {
    try folder.write(lines(0..<50), to: "x.jsonl")
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first, maxRecords: 20, events: 2)
    try folder.write(lines(100..<110), to: "y")
    try folder.remove("x.jsonl")
    try folder.move("y", to: "x.jsonl")
    var second = source(positions: probe.positions)
    try probe.drain(&second)
    #expect(probe.notes.contains("gap rotated_away"))
    #expect(probe.records == records(0..<20) + records(100..<110))
  }

  @Test func `a restart at every event of a rotation counts each record once`() throws {
    for stop in 1...14 {
      let name = "r\(stop).jsonl"
      try folder.write(lines(0..<10), to: name)
      var probe = SourceProbe()
      var first = source(name)
      try probe.drain(&first, maxRecords: 4)
      try folder.append(lines(10..<13), to: name)
      try folder.move(name, to: name + ".1")
      try folder.write(lines(13..<20), to: name)
      try probe.drain(&first, maxRecords: 2, events: stop)
      var second = source(name, positions: probe.positions)
      try probe.drain(&second, maxRecords: 3)
      #expect(probe.records == records(0..<20), "stopped after \(stop) events")
    }
  }

  @Test func `a restart at every event of a copytruncate counts each record once`() throws {
    for stop in 1...14 {
      let name = "c\(stop).jsonl"
      try folder.write(lines(0..<10), to: name)
      var probe = SourceProbe()
      var first = source(name)
      try probe.drain(&first, maxRecords: 4)
      try folder.append(lines(10..<13), to: name)
      try folder.copy(name, to: name + ".1")
      try folder.overwrite(lines(13..<20), to: name)
      try probe.drain(&first, maxRecords: 2, events: stop)
      var second = source(name, positions: probe.positions)
      try probe.drain(&second, maxRecords: 3)
      #expect(probe.records == records(0..<20), "stopped after \(stop) events")
    }
  }

  @Test(arguments: [Codec.plain, .gzip], [false, true])
  func `items that were done in a rotated file stay done`(_ codec: Codec, isCopy: Bool) throws {
    try folder.write(lines(0..<20), to: "x.jsonl")
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first, maxRecords: 5, events: 2)
    var position = try #require(probe.positions.first)
    position.itemsDone = 7
    let old = try bytes(of: folder.file("x.jsonl"))
    if isCopy || codec != .plain {
      try folder.write(try compress(old, codec), to: "x.jsonl.1")
      try folder.remove("x.jsonl")
    } else {
      try folder.move("x.jsonl", to: "x.jsonl.1")
    }
    try folder.write(lines(20..<25), to: "x.jsonl")
    var second = source(positions: [position])
    var rest = SourceProbe()
    try rest.drain(&second, maxRecords: 10)
    #expect(rest.records == records(5..<25))
    #expect(rest.starts.map(\.itemsDone) == [7, 0, 0])
    #expect(rest.positions.allSatisfy { $0.itemsDone == 0 })
  }

  @Test func `items that were done in a file that is another now are not`() throws {
    try folder.write(lines(0..<20), to: "x.jsonl")
    var first = source(follow: false)
    var probe = SourceProbe()
    try probe.drain(&first, maxRecords: 5, events: 2)
    var position = try #require(probe.positions.first)
    position.itemsDone = 7
    try folder.overwrite(lines(30..<35), to: "x.jsonl")
    var second = source(follow: false, positions: [position])
    var rest = SourceProbe()
    try rest.drain(&second)
    #expect(rest.records == records(30..<35))
    #expect(rest.starts.map(\.itemsDone) == [0])
  }

  @Test func `a path that is not there after a restart keeps its position`() throws {
    try folder.write(lines(0..<10), to: "x.jsonl")
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first, maxRecords: 4, events: 2)
    try folder.move("x.jsonl", to: ".away")
    let hidden = folder.file(".away")
    let outside = try TemporaryFolder()
    try #require(unsafe rename(hidden, outside.file("x")) == 0)
    var second = source(positions: probe.positions)
    try probe.drain(&second)
    try #require(unsafe rename(outside.file("x"), folder.file("x.jsonl")) == 0)
    try probe.drain(&second)
    #expect(probe.records == records(0..<10))
  }

  @Test func `a damaged compressed file counts up to the damage and says so once`() throws {
    let good = try compress(Array(lines(0..<100).utf8), .gzip)
    let bad = try compress(Array(lines(100..<200).utf8), .gzip)
    try folder.write(good + bad.dropLast(20), to: "x.jsonl.gz")
    var source = source(follow: false, "x.jsonl.gz")
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records.count >= 100)
    #expect(probe.notes == ["reading x.jsonl.gz", "fault x.jsonl.gz"])
    #expect(probe.isFinished)
    #expect(probe.positions.map(\.finished) == [false])
  }
}
