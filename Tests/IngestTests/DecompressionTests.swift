import Ingest
import Testing
import Tweets

@Suite struct DecompressionTests {
  static let lines = (0..<4000).map { "{\"id\":\($0),\"text\":\"tweet \($0 &* 7919 % 1000)\"}" }
  static let plain = Array((lines.joined(separator: "\n") + "\n").utf8)

  /// The records' texts, and the error at the end if there was one.
  static func read(
    _ path: String, options: IngestOptions = IngestOptions()
  ) throws -> (texts: [String], error: IngestError?) {
    var reader = try RecordReader(path: path, options: options)
    var texts: [String] = []
    do throws(IngestError) {
      while let record = try reader.next() {
        texts.append(String(decoding: record.bytes, as: UTF8.self))
      }
      return (texts, nil)
    } catch {
      return (texts, error)
    }
  }

  @Test(arguments: Codec.allCases)
  func `a file is told by its first bytes whatever its name`(_ codec: Codec) throws {
    let folder = try TemporaryFolder()
    try folder.write(try compress(Self.plain, codec), to: "x")
    let (texts, error) = try Self.read(folder.file("x"))
    #expect(texts == Self.lines)
    #expect(error == nil)
  }

  @Test(arguments: Codec.allCases)
  func `members that follow each other are one file`(_ codec: Codec) throws {
    let folder = try TemporaryFolder()
    let half = try compress(Array(Self.plain[..<1003]), codec)
    let rest = try compress(Array(Self.plain[1003...]), codec)
    try folder.write(half + rest, to: "x")
    #expect(try Self.read(folder.file("x")).texts == Self.lines)
  }

  @Test(arguments: [Codec.gzip, .xz])
  func `zero bytes between and behind members are padding`(_ codec: Codec) throws {
    let folder = try TemporaryFolder()
    let padding = [UInt8](repeating: 0, count: 8)
    let half = try compress(Array(Self.plain[..<1003]), codec)
    let rest = try compress(Array(Self.plain[1003...]), codec)
    try folder.write(half + padding + rest + padding, to: "x")
    let (texts, error) = try Self.read(folder.file("x"))
    #expect(texts == Self.lines)
    #expect(error == nil)
  }

  @Test(arguments: [Codec.gzip, .bzip2, .xz, .zstd])
  func `a truncated file gives what is there and then an error`(_ codec: Codec) throws {
    let folder = try TemporaryFolder()
    let first = try compress(Array(Self.plain[..<60_000]), codec)
    let second = try compress(Array(Self.plain[60_000...]), codec)
    try folder.write(first + second.dropLast(second.count / 4), to: "cut")
    let (texts, error) = try Self.read(folder.file("cut"))
    #expect(texts.count >= 1500)
    #expect(texts == Array(Self.lines[..<texts.count]))
    #expect(error?.kind == .truncated)
    #expect(error?.description.contains("cut (\(codec.rawValue), compressed offset") == true)
  }

  @Test(arguments: [Codec.gzip, .bzip2, .xz, .zstd])
  func `a damaged file gives what is before and then an error`(_ codec: Codec) throws {
    let folder = try TemporaryFolder()
    let first = try compress(Array(Self.plain[..<60_000]), codec)
    var second = try compress(Array(Self.plain[60_000...]), codec)
    for index in 40..<80 { second[index] ^= 0x55 }
    try folder.write(first + second, to: "x")
    let (texts, error) = try Self.read(folder.file("x"))
    #expect(texts.count >= 1500)
    #expect(error?.kind == .corrupt)
  }

  @Test(arguments: [Codec.gzip, .bzip2, .xz, .zstd])
  func `a bomb is stopped`(_ codec: Codec) throws {
    let folder = try TemporaryFolder()
    try folder.write(try compress([UInt8](repeating: 0x20, count: 1 << 25), codec), to: "x")
    let (_, error) = try Self.read(folder.file("x"))
    #expect(error?.kind == .tooLarge)
  }

  @Test func `more than the cap is not decompressed`() throws {
    let folder = try TemporaryFolder()
    try folder.write(try compress(Self.plain, .gzip), to: "x")
    let options = IngestOptions(decompression: DecompressionLimits(total: 1000))
    #expect(try Self.read(folder.file("x"), options: options).error?.kind == .tooLarge)
  }

  @Test func `an empty file and one of a single byte are plain`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "empty")
    try folder.write("B", to: "one")
    #expect(try Self.read(folder.file("empty")).texts == [])
    #expect(try Self.read(folder.file("one")).texts == ["B"])
  }

  @Test func `a text that begins like bzip2 is a text`() throws {
    let folder = try TemporaryFolder()
    try folder.write("BZh is no sound\n", to: "x")
    #expect(try Self.read(folder.file("x")).texts == ["BZh is no sound"])
  }

  @Test func `a missing file is refused with path and remedy`() throws {
    let error = #expect(throws: IngestError.self) { _ = try RecordReader(path: "/no/such/file") }
    #expect(
      error?.description
        == "cannot open /no/such/file: No such file or directory; check the path")
    #expect(error?.kind == .missing)
  }

  @Test func `a folder is refused`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let error = #expect(throws: IngestError.self) { _ = try RecordReader(path: path) }
    #expect(error?.kind == .refused)
  }
}
