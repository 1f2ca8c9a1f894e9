import Glibc
import Ingest
import Testing
import Tweets

/// Folders in folders, and what a folder leaves unread.
@Suite struct FolderTreeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func make(_ path: String) throws {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      _ = unsafe mkdir(folder.path + made, 0o700)
    }
  }

  func put(_ text: String, _ name: String, age: Int64) throws {
    if let slash = name.lastIndex(of: "/") { try make(String(name[..<slash])) }
    try folder.write(text, to: name)
    try folder.age(name, to: age)
  }

  @Test func `files of nested folders are read by their age, then their path`() throws {
    try put("{\"n\":2}\n", "2026/11/21/10/01.json", age: 2000)
    try put("{\"n\":1}\n", "2026/11/21/10/00.json", age: 2000)
    try put("{\"n\":0}\n", "z", age: 1000)
    try put("{\"n\":9}\n", ".hidden/a", age: 1000)
    var source = DirectorySource(name: "d", path: folder.path)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records == ["{\"n\":0}", "{\"n\":1}", "{\"n\":2}"])
    try put("{\"n\":3}\n", "2026/11/22/a", age: 3000)
    try probe.drain(&source, at: 3)
    #expect(probe.records.count == 4)
    var flat = DirectorySource(name: "d", path: folder.path, recursive: false)
    var top = SourceProbe()
    try top.drain(&flat)
    #expect(top.records == ["{\"n\":0}"])
    #expect(top.files.contains { $0.state == .unread && $0.reason.contains("recursive = false") })
  }

  @Test func `a link to a folder is not followed`() throws {
    try put("{\"n\":0}\n", "a/x", age: 1000)
    try #require(unsafe symlink(folder.path, folder.file("a/loop")) == 0)
    var source = DirectorySource(name: "d", path: folder.path, follow: false)
    var probe = SourceProbe()
    try probe.drain(&source)
    #expect(probe.records == ["{\"n\":0}"])
    #expect(probe.isFinished)
  }

  @Test func `what describes the data is left unread and said once`() throws {
    try put("{\"n\":0}\n", "tweets.jsonl", age: 1000)
    try put("{\"n\":1}\n", "collector.log", age: 2000)
    try put("{\"n\":2}\n", "readme.jsonl", age: 3000)
    try put("About this data.\n", "README.txt", age: 1000)
    try put(String(repeating: "0", count: 64) + "  tweets.jsonl\n", "SHA256SUMS", age: 1000)
    try put(String(repeating: "0", count: 32) + "  tweets.jsonl\n", "sums", age: 1000)
    try put(
      "2026-11-21 10:00:00 ERROR rate limited\n2026-11-21 10:00:01 INFO on\n", "run.log", age: 1000)
    try put("window.YTD.like.part0 = [ {\"like\":{}} ]\n", "like.js", age: 1000)
    var source = DirectorySource(name: "d", path: folder.path)
    var probe = SourceProbe()
    for second: Int64 in 0..<6 { try probe.drain(&source, at: second) }
    #expect(probe.records == ["{\"n\":0}", "{\"n\":1}", "{\"n\":2}"])
    let unread = probe.files.filter { $0.state == .unread }
    #expect(
      Set(unread.map { $0.path.split(separator: "/").last ?? "" })
        == ["README.txt", "SHA256SUMS", "sums", "run.log", "like.js"])
    #expect(unread.count == 5)
    #expect(probe.notes.filter { $0.hasPrefix("unread ") && $0.count < 10 }.count <= 2)
  }
}
