import Ingest
import Testing

/// What the first bytes of a file tell.
@Suite struct ContentKindTests {
  static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  static let binaries: [(start: [UInt8], name: String)] = [
    ([0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10], "a JPEG image"),
    ([0x89] + ascii("PNG\r\n\u{1A}\n"), "a PNG image"),
    (ascii("GIF89a") + [1, 0], "a GIF image"),
    (ascii("RIFF") + [9, 0, 0, 0] + ascii("WEBPVP8 "), "a WebP image"),
    ([0, 0, 0, 0x18] + ascii("ftypheic"), "an HEIC image"),
    ([0, 0, 0, 0x18] + ascii("ftypisom"), "an MP4 video"),
    (ascii("%PDF-1.7\n"), "a PDF document"),
    (ascii("SQLite format 3") + [0], "an SQLite database"),
    (ascii("PAR1") + [0x15], "a Parquet file"),
    ([0x7F] + ascii("ELF") + [2, 1, 1], "a program (ELF)"),
    ([0xCA, 0xFE, 0xBA, 0xBE, 0, 0], "a Java class or a program (Mach-O)"),
    ([0x80, 4, 0x95, 0, 0], "a Python pickle"),
    ([0x93] + ascii("NUMPY") + [1, 0], "a NumPy array"),
    ([0x89] + ascii("HDF\r\n\u{1A}\n"), "an HDF5 file"),
    (ascii("Rar!") + [0x1A, 7, 0], "a RAR archive"),
    (ascii("7z") + [0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Office document (.doc, .xls)"),
    (ascii("MZ") + [0x90, 0, 3, 0, 0, 0], "a Windows program"),
    (ascii("some text") + [0, 0, 0, 1], "binary data"),
    ([0x1F, 0x8B, 0x08, 0], "gzip in compressed data"),
  ]

  @Test(arguments: binaries)
  func `binary content is recognised by name`(_ row: (start: [UInt8], name: String)) {
    let bytes = row.start + [UInt8](repeating: 0, count: 2000)
    guard case .binary(let content) = ContentKind.detect(bytes[...], isWhole: true) else {
      Issue.record("\(row.name) was taken for something else")
      return
    }
    #expect(content.name == row.name)
  }

  @Test(arguments: binaries)
  func `a signature that arrives byte by byte is never taken for text`(
    _ row: (start: [UInt8], name: String)
  ) {
    for count in 4..<row.start.count {
      let kind = ContentKind.detect(row.start[..<count], isWhole: false)
      #expect(kind != .text || row.start[..<count].allSatisfy { $0 != 0 && $0 < 0x80 })
    }
  }

  static let texts: [[UInt8]] = [
    ascii("a tweet\nanother\n"), ascii("{\"text\":\"x\"}\n"), ascii("BMW is great\nMZ\n"),
    ascii("Pure \u{1F600} joy, caf\u{E9}\n"), ascii("<b>bold</b> is no page\n"),
    // Windows-1252: “it’s” and accents.
    ascii("it") + [0x92] + ascii("s a d") + [0xE9] + ascii("j") + [0xE0] + ascii(" vu, voil") + [
      0xE0
    ],
    // UTF-16 with and without a byte order mark, UTF-32.
    [0xFF, 0xFE] + ascii("tweet").flatMap { [$0, 0] }, ascii("a tweet\n").flatMap { [$0, 0] },
    ascii("a tweet\n").flatMap { [0, $0] }, ascii("a tweet\n").flatMap { [$0, 0, 0, 0] },
    // A character that the end cuts.
    ascii("x\u{E9}").dropLast(),
    [0xEF, 0xBB, 0xBF] + ascii("text,id\n"), [],
  ]

  @Test(arguments: texts)
  func `text is text`(_ bytes: [UInt8]) {
    #expect(ContentKind.detect(bytes[...], isWhole: true) == .text)
  }

  @Test func `text is decided at once, what may become a signature waits`() {
    #expect(ContentKind.detect(Self.ascii("a tweet\n")[...], isWhole: false) == .text)
    for start in ["P", "PK", "%", "%PDF", "{\\r", "RIFF", "<", "<!DOCTYPE h"] {
      #expect(ContentKind.detect(Self.ascii(start)[...], isWhole: false) == nil, "\(start)")
      #expect(ContentKind.detect(Self.ascii(start)[...], isWhole: true) == .text, "\(start)")
    }
  }

  @Test(arguments: [
    ("\u{FEFF} <!DOCTYPE html><html>", "an HTML page"),
    ("<?xml version='1.0'?>", "an XML document"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a Git LFS pointer"),
  ])
  func `documents without tweets are recognised`(_ text: String, _ name: String) {
    guard case .document(let content) = ContentKind.detect(Array(text.utf8)[...], isWhole: true)
    else {
      Issue.record("\(name) was taken for something else")
      return
    }
    #expect(content.name == name)
  }

  @Test func `random bytes are binary`() {
    var generator = SplitMix(state: 7)
    for count in [200, 1000, 5000, 100_000] {
      let bytes = (0..<count).map { _ in UInt8.random(in: 1...255, using: &generator) }
      guard case .binary = ContentKind.detect(bytes[...], isWhole: true) else {
        Issue.record("\(count) random bytes were taken for text")
        continue
      }
    }
  }
}
