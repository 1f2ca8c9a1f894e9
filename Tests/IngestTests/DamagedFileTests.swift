import Ingest
import Testing
import Tweets

/// What the sources make of compressed files that are cut or damaged.
@Suite struct DamagedFileTests {
  static let codecs = Codec.allCases.filter { $0 != .plain }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func directory(follow: Bool = true, positions: [FilePosition] = []) -> DirectorySource {
    DirectorySource(name: "d", path: folder.path, follow: follow, positions: positions)
  }

  func file(follow: Bool, positions: [FilePosition] = []) -> FileSource {
    FileSource(name: "s", path: folder.file("x"), follow: follow, positions: positions)
  }

  func records(_ range: Range<Int>) -> [String] { range.map { "{\"n\":\($0)}" } }

  func member(_ range: Range<Int>, _ codec: Codec) throws -> [UInt8] {
    try compress(Array(range.map { "{\"n\":\($0)}\n" }.joined().utf8), codec)
  }

  func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for index in bytes.count / 2..<bytes.count / 2 + 8 { bytes[index] ^= 0x55 }
    return bytes
  }

  func put(_ content: [UInt8], age seconds: Int64) throws {
    try folder.write(content, to: "x")
    try folder.age("x", to: seconds)
  }

  func faults(_ probe: SourceProbe) -> Int { probe.notes.filter { $0 == "fault x" }.count }

  @Test(arguments: codecs)
  func `a cut file in a spool is reported once and read on when it grew`(_ codec: Codec) throws {
    let first = try member(0..<100, codec)
    let second = try member(100..<300, codec)
    try put(first + second.dropLast(30), age: 1000)
    var source = directory()
    var probe = SourceProbe()
    for second: Int64 in 0..<9 { try probe.drain(&source, at: second) }
    #expect(probe.records.count >= 100)
    #expect(faults(probe) == 1)
    #expect(probe.positions.map(\.finished) == [false])
    try folder.append(Array(second.suffix(30)), to: "x")
    try folder.age("x", to: 2000)
    for second: Int64 in 9..<15 { try probe.drain(&source, at: second) }
    #expect(probe.records == records(0..<300))
    #expect(faults(probe) == 1)
    #expect(probe.positions.map(\.finished) == [true])
  }

  @Test(arguments: codecs)
  func `a cut file in a spool that grew while we were down is read on`(_ codec: Codec) throws {
    let first = try member(0..<100, codec)
    let second = try member(100..<300, codec)
    try put(first + second.dropLast(30), age: 1000)
    var probe = SourceProbe()
    for _ in 0..<2 {
      var source = directory(follow: false, positions: probe.positions)
      try probe.drain(&source)
      #expect(probe.isFinished)
    }
    #expect(faults(probe) == 2)
    try folder.append(Array(second.suffix(30)), to: "x")
    var last = directory(follow: false, positions: probe.positions)
    try probe.drain(&last)
    #expect(probe.records == records(0..<300))
  }

  @Test(arguments: codecs)
  func `a damaged file in a spool is not tried again until it changed`(_ codec: Codec) throws {
    let first = try member(0..<100, codec)
    let second = try member(100..<300, codec)
    try put(first + damaged(second), age: 1000)
    var source = directory()
    var probe = SourceProbe()
    for second: Int64 in 0..<9 { try probe.drain(&source, at: second) }
    let count = probe.records.count
    #expect(count >= 100)
    #expect(faults(probe) == 1)
    #expect(probe.positions.allSatisfy { !$0.finished })
    // Touched, but as bad as before.
    try folder.age("x", to: 2000)
    for second: Int64 in 9..<15 { try probe.drain(&source, at: second) }
    #expect(probe.records.count == count)
    #expect(faults(probe) == 1)
    try folder.overwrite(first + second, to: "x")
    try folder.age("x", to: 3000)
    for second: Int64 in 15..<20 { try probe.drain(&source, at: second) }
    #expect(probe.records == records(0..<300))
    #expect(probe.positions.map(\.finished) == [true])
  }

  @Test(arguments: codecs)
  func `a cut file that is read once stays unfinished`(_ codec: Codec) throws {
    let first = try member(0..<100, codec)
    let second = try member(100..<300, codec)
    try put(first + second.dropLast(30), age: 1000)
    var source = file(follow: false)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(faults(probe) == 1)
    #expect(probe.isFinished)
    #expect(probe.positions.map(\.finished) == [false])
    try folder.append(Array(second.suffix(30)), to: "x")
    var again = file(follow: false, positions: probe.positions)
    try probe.drain(&again)
    #expect(probe.records == records(0..<300))
    #expect(faults(probe) == 1)
    #expect(probe.positions.map(\.finished) == [true])
  }

  @Test(arguments: codecs)
  func `a damaged file that is followed is read on once it is repaired`(_ codec: Codec) throws {
    let first = try member(0..<100, codec)
    let second = try member(100..<300, codec)
    try put(first + damaged(second), age: 1000)
    var source = file(follow: true)
    var probe = SourceProbe()
    for second: Int64 in 0..<4 { try probe.drain(&source, at: second) }
    let count = probe.records.count
    try folder.age("x", to: 2000)
    for second: Int64 in 4..<8 { try probe.drain(&source, at: second) }
    #expect(probe.records.count == count)
    #expect(faults(probe) == 1)
    #expect(probe.positions.allSatisfy { !$0.finished })
    try folder.overwrite(first + second, to: "x")
    try folder.age("x", to: 3000)
    for second: Int64 in 8..<12 { try probe.drain(&source, at: second) }
    #expect(probe.records == records(0..<300))
    #expect(!probe.notes.contains { $0.hasPrefix("gap") })
  }
}
