import Ingest
import Testing
import TweetText
import Tweets

/// A table as some program writes it, and the texts that it must give.
struct Dialect: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var texts: [String]
  var undecodable = 0
  var options = IngestOptions()

  var testDescription: String { name }

  static let all: [Dialect] = [
    Dialect(
      name: "backslash quotes",
      text: "id,text,lang\n1,\"He said \\\"no\\\", loudly\",en\n2,\"Fine, then\",en\n",
      texts: ["He said \"no\", loudly", "Fine, then"]),
    Dialect(
      name: "backslash quotes over lines",
      text: "id,text\n1,\"He said \\\"no\\\",\nloudly\"\n2,\"a \\\"b\\\"\"\n",
      texts: ["He said \"no\",\nloudly", "a \"b\""]),
    Dialect(
      name: "trailing commas", text: "id,text,lang\n1,a fine day,en,\n2,a bad one,en,,\n",
      texts: ["a fine day", "a bad one"]),
    Dialect(
      name: "a trailing comma in the heading", text: "id,text,\n1,a fine day,\n2,a bad one\n",
      texts: ["a fine day", "a bad one"]),
    Dialect(
      name: "short rows", text: "id,text,lang,place,geo\n1,a,en\n2,b,en,,\n3,c,en,,,\n",
      texts: ["a", "b", "c"]),
    Dialect(
      name: "a text that goes on on the next line", text: "id,text,lang\n1,a\nb,en\n2,c,en\n",
      texts: ["c"], undecodable: 2),
    Dialect(
      name: "SemEval with tweets that are gone",
      text: "264183816548130001\tpositive\tSuch a lovely morning\n"
        + "264183816548130002\tnegative\tNot Available\n"
        + "264183816548130003\tneutral\tThe tram stops here\n",
      texts: ["Such a lovely morning", "The tram stops here"], undecodable: 1),
    Dialect(
      name: "sep", text: "\u{FEFF}sep=;\r\nid;text\r\n1;well, yes\r\n", texts: ["well, yes"]),
    Dialect(
      name: "blanks after commas", text: "id, text, lang\n1, so fine, en\n2, \"well, yes\", en\n",
      texts: ["so fine", "well, yes"]),
    Dialect(
      name: "no heading", text: "1,2026-11-21 10:00:00,a\n2,2026-11-21 10:00:00,b\n",
      texts: ["a", "b"],
      options: IngestOptions(hasHeading: false, columns: ["3"])),
    Dialect(
      name: "a heading of unknown names", text: "number,said\n1,so fine\n2,so bad\n", texts: [],
      undecodable: 2),
    Dialect(
      name: "a column of the settings", text: "number,said\n1,so fine\n2,so bad\n",
      texts: ["so fine", "so bad"], options: IngestOptions(columns: ["said"])),
    Dialect(
      name: "two files put together", text: "id,text\n1,a\nid,text\n2,b\n", texts: ["a", "b"]),
  ]
}

@Suite struct DialectTests {
  @Test(arguments: Dialect.all)
  func `a table gives its texts`(_ dialect: Dialect) throws {
    let folder = try TemporaryFolder()
    try folder.write(dialect.text, to: "x")
    var decoder = TweetDecoder(csv: CSVMapping(text: dialect.options.columns.first))
    var decoded = DecodedTexts()
    var reader = try RecordReader(path: folder.file("x"), options: dialect.options)
    while let record = try reader.next() { decoded.take(decoder.decode(record)) }
    #expect(decoded.texts == dialect.texts)
    #expect(decoded.undecodable == dialect.undecodable)
  }

  @Test func `a page of 500 records on one line is read with the default limits`() throws {
    let folder = try TemporaryFolder()
    let text = String(repeating: "so fine ", count: 500)
    let page =
      "{\"data\":["
      + (0..<500).map { "{\"id\":\"\($0)\",\"text\":\"\(text)\"}" }.joined(separator: ",") + "]}\n"
    try folder.write(page, to: "x")
    #expect(try DecodedTexts(readingFrom: folder.file("x")).texts.count == 500)
  }
}
