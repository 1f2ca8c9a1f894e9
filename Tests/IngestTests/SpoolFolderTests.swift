import Glibc
import Ingest
import Testing
import Tweets

/// What a directory source makes of a folder or of files that come and go.
@Suite struct SpoolFolderTests {
  let folder: TemporaryFolder
  let spool: String

  static let day: Int64 = 24 * 3600

  init() throws {
    folder = try TemporaryFolder()
    spool = folder.file("spool")
    try #require(unsafe mkdir(spool, 0o700) == 0)
  }

  func source(follow: Bool = true, positions: [FilePosition] = []) -> DirectorySource {
    DirectorySource(name: "d", path: spool, follow: follow, positions: positions)
  }

  func lines(_ range: Range<Int>) -> String { range.map { "{\"n\":\($0)}\n" }.joined() }
  func records(_ range: Range<Int>) -> [String] { range.map { "{\"n\":\($0)}" } }

  func put(_ content: String, _ name: String) throws {
    try folder.write(content, to: "spool/" + name)
    try folder.age("spool/" + name, to: 1000)
  }

  @Test func `a spool that is away for a second is waited for and read on`() throws {
    try put(lines(0..<2), "a")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.move("spool", to: "away")
    for second: Int64 in 1..<4 { try probe.drain(&source, at: second) }
    let waits = probe.notes.filter { $0.hasPrefix("waiting") }
    #expect(waits.count == 2, "\(waits)")
    #expect(waits.last?.contains("No such file or directory") == true)
    try folder.move("away", to: "spool")
    try put(lines(2..<4), "b")
    try probe.drain(&source, at: 4)
    #expect(probe.records == records(0..<4))
    #expect(!probe.isFinished)
  }

  @Test func `a spool that is not there yet is waited for`() throws {
    try folder.remove("spool")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try #require(unsafe mkdir(spool, 0o700) == 0)
    try put(lines(0..<2), "a")
    try probe.drain(&source, at: 1)
    #expect(probe.records == records(0..<2))
  }

  @Test func `a file that comes back is not read twice`() throws {
    try put(lines(0..<2), "a")
    try put(lines(2..<4), "b")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.move("spool/a", to: "a")
    try probe.drain(&source, at: 3)
    try folder.move("a", to: "spool/a")
    try probe.drain(&source, at: 6)
    #expect(probe.records == records(0..<4))
    #expect(probe.positions.count == 2)
  }

  @Test func `an empty mount point makes nothing be read twice`() throws {
    try put(lines(0..<2), "a")
    try put(lines(2..<4), "b")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.move("spool", to: "mounted")
    try #require(unsafe mkdir(spool, 0o700) == 0)
    for day: Int64 in 1..<4 { try probe.drain(&source, at: day * Self.day) }
    #expect(probe.positions.count == 2)
    try folder.remove("spool")
    try folder.move("mounted", to: "spool")
    try probe.drain(&source, at: 4 * Self.day)
    #expect(probe.records == records(0..<4))
  }

  @Test func `a file that comes back after a month as another inode is not read twice`() throws {
    try put(lines(0..<2), "a")
    try put(lines(2..<4), "b")
    var first = source()
    var probe = SourceProbe()
    try probe.drain(&first)
    try folder.remove("spool/a")
    try probe.drain(&first, at: 100)
    try probe.drain(&first, at: 30 * Self.day)
    #expect(probe.positions.count == 2)
    var second = source(positions: probe.positions)
    try probe.drain(&second, at: 31 * Self.day)
    try put(lines(0..<2), "a")
    try probe.drain(&second, at: 32 * Self.day)
    #expect(probe.records == records(0..<4))
    #expect(probe.positions.count == 2)
  }

  @Test func `an unchanged folder is listed every two seconds only`() throws {
    try put(lines(0..<2), "a")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.append(lines(2..<4), to: "spool/a")
    try probe.drain(&source, at: 1)
    #expect(probe.records == records(0..<2))
    try probe.drain(&source, at: 2)
    #expect(probe.records == records(0..<4))
  }

  @Test func `a changed folder is listed at once`() throws {
    try put(lines(0..<2), "a")
    try folder.age("spool", to: 1000)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try put(lines(2..<4), "b")
    try probe.drain(&source)
    #expect(probe.records == records(0..<4))
  }

  @Test func `a folder that changed within a tick of its clock is listed again`() throws {
    try put(lines(0..<2), "a")
    try folder.age("spool", to: 4_000_000_000)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try put(lines(2..<4), "b")
    try folder.age("spool", to: 4_000_000_000)
    try probe.drain(&source)
    #expect(probe.records == records(0..<4))
  }

  @Test func `a record under way comes without a new listing`() throws {
    try put(lines(0..<2) + "{\"n\":", "a")
    try folder.age("spool/a", to: 4_000_000_000)
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try folder.append("2}\n", to: "spool/a")
    try probe.drain(&source)
    #expect(probe.records == records(0..<3))
  }

  @Test func `what is refused is forgotten with its file`() throws {
    try put(lines(0..<2), "a")
    var source = source()
    var probe = SourceProbe()
    for second: Int64 in 0..<3 {
      try #require(unsafe symlink("/etc/hostname", spool + "/link") == 0)
      try probe.drain(&source, at: second * 6)
      try folder.remove("spool/link")
      try probe.drain(&source, at: second * 6 + 3)
    }
    #expect(probe.notes.filter { $0 == "fault link" }.count == 3)
  }

  @Test(.enabled(if: geteuid() != 0, "root may examine everything"))
  func `a folder whose files cannot be examined keeps its positions`() throws {
    try put(lines(0..<2), "a")
    var source = source()
    var probe = SourceProbe()
    try probe.drain(&source)
    try #require(unsafe chmod(spool, 0o400) == 0)
    for day: Int64 in 1..<4 { try probe.drain(&source, at: day * Self.day) }
    try #require(unsafe chmod(spool, 0o700) == 0)
    try probe.drain(&source, at: 4 * Self.day)
    #expect(probe.records == records(0..<2))
    #expect(probe.positions.count == 1)
    let waits = probe.notes.filter { $0.hasPrefix("waiting") }
    #expect(waits.contains { $0.contains("Permission denied") })
  }
}
