import Testing
import TweetText
import Tweets

@Suite struct CSVRecordTests {
  @Test(arguments: [
    ("", [""]), (",", ["", ""]), ("a,b", ["a", "b"]), (#""a,b",c"#, ["a,b", "c"]),
    ("\"a\nb\r\nc\",d", ["a\nb\r\nc", "d"]),
    ("\"say \"\"hi\"\"\",\"\"\"\"\"\"", ["say \"hi\"", "\"\""]),
    (#"a "quoted" word,b"#, [#"a "quoted" word"#, "b"]), ("\"\",", ["", ""]), ("é,😂", ["é", "😂"]),
    ("a\u{0}b", ["ab"]),
  ])
  func `a record is split by RFC 4180`(line: String, fields: [String]) throws {
    #expect(try CSVRecord.split(Array(line.utf8), separator: UInt8(ascii: ",")) == fields)
  }

  @Test func `other separators and spoiled bytes are read`() throws {
    #expect(try CSVRecord.split(Array("a\tb,c".utf8), separator: 0x09) == ["a", "b,c"])
    #expect(try CSVRecord.split([0x61, 0xFF, 0x3B, 0x62], separator: 0x3B) == ["a\u{FFFD}", "b"])
  }

  @Test(arguments: [("\"a", 0), ("x,\"a\"\"", 2), ("\"a\"b,c", 3)])
  func `a broken quotation is named with its place`(line: String, offset: Int) {
    let error = #expect(throws: DecodeError.self) {
      try CSVRecord.split(Array(line.utf8), separator: UInt8(ascii: ","))
    }
    #expect(error?.reason == .quoting)
    #expect(error?.offset == offset)
  }

  @Test func `fields are found by column in any case`() throws {
    let header = CSVHeader(columns: ["Text", "text", "Label"], separator: UInt8(ascii: ","))
    let record = try CSVRecord(Array("a,b,c".utf8), header: header)
    #expect(record["text"] == "b")
    #expect(record["Text"] == "a")
    #expect(record["TEXT"] == "a")
    #expect(record["label"] == "c")
    #expect(record["none"] == nil)
    #expect(throws: DecodeError.self) { try CSVRecord(Array("a,b".utf8), header: header) }
  }
}
