import Foundation
import Ingest
import Testing
import TweetText
import Tweets

/// A way to write characters, and the bytes it makes of a text.
struct Writing: Sendable, CustomTestStringConvertible {
  var name: String
  var encoding: String.Encoding
  var mark: [UInt8] = []

  var testDescription: String { name }

  func bytes(_ text: String) throws -> [UInt8] {
    mark + [UInt8](try #require(text.data(using: encoding)))
  }

  static let all: [Writing] = [
    Writing(name: "utf-8", encoding: .utf8),
    Writing(name: "utf-8 with a mark", encoding: .utf8, mark: [0xEF, 0xBB, 0xBF]),
    Writing(name: "utf-16le with a mark", encoding: .utf16LittleEndian, mark: [0xFF, 0xFE]),
    Writing(name: "utf-16le", encoding: .utf16LittleEndian),
    Writing(name: "utf-16be with a mark", encoding: .utf16BigEndian, mark: [0xFE, 0xFF]),
    Writing(name: "utf-16be", encoding: .utf16BigEndian),
    Writing(name: "utf-32le with a mark", encoding: .utf32LittleEndian, mark: [0xFF, 0xFE, 0, 0]),
    Writing(name: "windows-1252", encoding: .windowsCP1252),
  ]
}

@Suite struct EncodingTests {
  private static let contents = ContentFixture.all.filter {
    ["JSON lines", "an array", "CSV", "tabs", "plain text", "one column", "SemEval"]
      .contains($0.name)
  }

  @Test(arguments: Writing.all)
  func `a text is the same however it is written`(_ writing: Writing) throws {
    let folder = try TemporaryFolder()
    for fixture in EncodingTests.contents {
      for (ends, lineEnd) in [("LF", "\n"), ("CRLF", "\r\n"), ("CR", "\r")] {
        let text = fixture.text.replacing("\n", with: lineEnd)
        try folder.write(try writing.bytes(text), to: "x")
        let decoded = try DecodedTexts(readingFrom: folder.file("x"))
        #expect(decoded.texts == fixture.texts, "\(fixture.name), \(ends)")
        #expect(decoded.undecodable == 0, "\(fixture.name), \(ends)")
      }
    }
  }

  @Test(arguments: Writing.all)
  func `a file that grows is read on at the right character`(_ writing: Writing) throws {
    let folder = try TemporaryFolder()
    for fixture in EncodingTests.contents {
      let bytes = try writing.bytes(fixture.text)
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
        #expect(decoded.texts == fixture.texts, "\(fixture.name), cut at \(cut)")
      }
    }
  }

  @Test func `byte order marks inside a file cost nothing`() throws {
    let folder = try TemporaryFolder()
    let mark = "\u{FEFF}"
    try folder.write(
      "\(mark){\"text\":\"a\"}\n\(mark){\"text\":\"b\"}\n\n\(mark)\(mark){\"text\":\"c\"}\n",
      to: "x")
    #expect(try DecodedTexts(readingFrom: folder.file("x")).texts == ["a", "b", "c"])
    try folder.write("\(mark)id,text\n1,a\n\(mark)id,text\n2,b\n", to: "y")
    #expect(try DecodedTexts(readingFrom: folder.file("y")).texts == ["a", "b"])
    try folder.write("\(mark)first one\n\(mark)second one\n", to: "z")
    #expect(try DecodedTexts(readingFrom: folder.file("z")).texts == ["first one", "second one"])
  }

  @Test func `an encoding that is given is believed`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("gr".utf8) + [0x81] + Array("n\nso nice\n".utf8), to: "x")
    let encoding = try #require(TextEncoding(name: "cp437"))
    let decoded = try DecodedTexts(
      readingFrom: folder.file("x"), options: IngestOptions(encoding: encoding))
    #expect(decoded.texts == ["grün", "so nice"])
    #expect(TextEncoding(name: "utf-99") == nil)
    #expect(TextEncoding(name: "/etc/passwd") == nil)
  }

  @Test func `quotation marks of Windows-1252 are text`() throws {
    let folder = try TemporaryFolder()
    let text = "id,text\n1,I\u{2019}m so happy\n2,it isn\u{2019}t clean, \u{201C}sorry\u{201D}\n"
    let bytes = try #require(text.replacing("clean,", with: "clean").data(using: .windowsCP1252))
    try folder.write([UInt8](bytes), to: "x")
    let decoded = try DecodedTexts(readingFrom: folder.file("x"))
    #expect(
      decoded.texts == ["I\u{2019}m so happy", "it isn\u{2019}t clean \u{201C}sorry\u{201D}"])
  }

  @Test func `a few bad bytes among UTF-8 are replaced and the rest stays`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Array("café one\ncafé two\nbad ".utf8) + [0xE9] + Array(" byte\ncafé three\n".utf8), to: "x")
    let decoded = try DecodedTexts(readingFrom: folder.file("x"))
    #expect(decoded.texts == ["café one", "café two", "bad \u{FFFD} byte", "café three"])
  }
}
