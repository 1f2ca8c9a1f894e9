import Ingest
import Testing

/// A small input with the kinds of records that it must give.
struct FramerFixture: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var kinds: String
  var format = InputFormat.auto
  var fileName: String?
  var limits = FrameLimits()

  var testDescription: String { name }

  static let pretty = """
    {
      "id": 1,
      "text": "a \\"quoted\\" } brace",
      "entities": {
        "urls": [
          {
            "url": "x"
          },
          { "url": "y" }
        ]
      }
    }
    """
  static let small = FrameLimits(recordBytes: 64)

  static let all: [FramerFixture] = [
    FramerFixture(
      name: "one document a line", text: #"{"a":1}"# + "\n" + #"{"b":"}"}"# + "\n",
      kinds: "json json"),
    FramerFixture(
      name: "CRLF, heartbeats, no last line end",
      text: "{\"a\":1}\r\n\r\n\r\n{\"b\":2}\r\n  \r\n{\"c\":3}",
      kinds: "json blank blank json blank json"
    ),
    FramerFixture(
      name: "a byte order mark", text: "\u{FEFF}{\"a\":1}\n{\"b\":2}\n", kinds: "json json"),
    FramerFixture(
      name: "a blank line first", text: "\n{\"a\":1}\n{\"b\":2}\n", kinds: "blank json json"),
    FramerFixture(name: "nothing", text: "", kinds: ""),
    FramerFixture(name: "nothing but a byte order mark", text: "\u{FEFF}", kinds: ""),
    FramerFixture(
      name: "length lines", text: "9\r\n{\"a\":1}\r\n11\r\n{\"a\":123}\r\n",
      kinds: "blank json blank json"),
    FramerFixture(
      name: "a last line that is cut", text: "{\"a\":1}\n{\"b\":\"x", kinds: "json cut"),
    FramerFixture(
      name: "a line cut inside a string", text: "{\"a\":1}\n{\"b\":\"x\n{\"c\":3}\n",
      kinds: "json cut json"),
    FramerFixture(
      name: "a line cut behind a comma", text: "{\"a\":1}\n{\"b\":1,\n{\"c\":3}\n{\"d\":4}\n",
      kinds: "json cut json json"),
    FramerFixture(
      name: "a line cut behind a colon", text: "{\"a\":1}\n{\"b\":\n{\"c\":3}\n{\"d\":4}\n",
      kinds: "json cut json json"),
    FramerFixture(
      name: "a line cut inside an array", text: "{\"a\":[1,\n{\"c\":3}\n{\"d\":4}\n",
      kinds: "cut json json"),
    FramerFixture(
      name: "a line cut inside a nested array at the end", text: "{\"a\":[{\"b\":[\n{\"c\":3}\n",
      kinds: "cut json"),
    FramerFixture(
      name: "a line cut behind a backslash", text: "{\"a\":\"x\\\n{\"c\":3}\n", kinds: "cut json"),
    FramerFixture(
      name: "a broken line that looks complete", text: "{\"a\":1}\n{\"b\":,}\n{\"c\":3}\n",
      kinds: "json json json"),
    FramerFixture(
      name: "two documents on a line", text: "{\"a\":1}{\"b\":2} {\"c\":3}\n",
      kinds: "json json json"),
    FramerFixture(
      name: "something behind a document", text: "{\"a\":1} oops\n{\"b\":2}\n",
      kinds: "json stray json"),
    FramerFixture(name: "a pretty document", text: pretty, kinds: "json"),
    FramerFixture(
      name: "captions between pretty documents",
      text: pretty + "\nClassic Tweet, extended mode\n" + pretty + "\n", kinds: "json stray json"),
    FramerFixture(
      name: "a pretty document broken in a string",
      text: "{\n  \"text\": \"a\n b\",\n  \"e\": {\n    \"f\": 1\n  }\n}\n" + pretty + "\n",
      kinds: "cut json"),
    FramerFixture(
      name: "a pretty document that another one interrupts",
      text: "{\n  \"text\": \"a\",\n  \"e\": {\n" + pretty + "\n" + pretty, kinds: "cut json json"),
    FramerFixture(
      name: "a pretty document cut at the end", text: pretty + "\n{\n  \"a\": 1,\n  \"b\": [\n",
      kinds: "json cut"),
    FramerFixture(
      name: "an array on one line", text: "[{\"a\":1},{\"b\":2} , {\"c\":3}]\n",
      kinds: "json json json"
    ),
    FramerFixture(
      name: "an array, a line each", text: "[\n{\"a\":1},\n{\"b\":2}\n]\n",
      kinds: "blank json json blank"),
    FramerFixture(
      name: "an array, commas first", text: "[ {\"a\":1}\n, {\"b\":2}\n, {\"c\":3} ]",
      kinds: "json json json"),
    FramerFixture(
      name: "a pretty array", text: "[\n" + pretty + ",\n" + pretty + "\n]\n",
      kinds: "blank json json blank"),
    FramerFixture(
      name: "an indented array with a broken element",
      text:
        "[\n  {\n    \"a\": [\n      {\n        \"x\": 1\n    \"b\": 2\n  },\n  {\n    \"c\": 3\n  }\n]\n",
      kinds: "blank cut json blank"),
    FramerFixture(
      name: "an account export",
      text: "window.YTD.tweets.part0 = [ {\n  \"tweet\" : {\n    \"id\" : \"1\"\n  }\n}, {\n"
        + "  \"tweet\" : {\n    \"id\" : \"2\"\n  }\n} ]\n",
      kinds: "json json"),
    FramerFixture(
      name: "an account export with a broken element",
      text: "window.YTD.tweets.part0 = [ {\n  \"tweet\" : {\n    \"id\" : \"1\n  }\n}, {\n"
        + "  \"tweet\" : {\n    \"id\" : \"2\"\n  }\n} ];\n",
      kinds: "cut json"),
    FramerFixture(
      name: "an export that only looks like one", text: "window.open is not a tweet\n{\"a\":1}\n",
      kinds: "text json"),
    FramerFixture(
      name: "an empty array", text: "[]\n", kinds: "blank"),
    FramerFixture(
      name: "too long a line",
      text: "{\"a\":\"" + String(repeating: "x", count: 100) + "\"}\n{\"b\":2}\n",
      kinds: "tooLong json", limits: small),
    FramerFixture(
      name: "too long a line at the end",
      text: "{\"b\":2}\n{\"a\":\"" + String(repeating: "x", count: 100), kinds: "json tooLong",
      limits: small),
    FramerFixture(
      name: "too long an element of an array",
      text: "[{\"a\":\"" + String(repeating: "x", count: 100) + "\"},{\"b\":2}]\n",
      kinds: "tooLong json", limits: small),
    FramerFixture(
      name: "too long a pretty document",
      text: "{\n  \"a\": [\n" + String(repeating: "    [\"b\", 2],\n", count: 9)
        + "    []\n  ]\n}\n{\"b\":2}\n", kinds: "tooLong json", limits: small),
    FramerFixture(
      name: "a long page of short records",
      text: "{\"data\":[" + String(repeating: "{\"b\":2},", count: 99)
        + "{}],\"c\":{\"d\":[{}]}}\n",
      kinds: "json", limits: small),
    FramerFixture(
      name: "a long page with a record that is too long",
      text: "{\"data\":[" + String(repeating: "{\"b\":2},", count: 99) + "{\"b\":\""
        + String(repeating: "x", count: 99) + "\"}]}\n{\"b\":2}\n", kinds: "tooLong json",
      limits: small),
    FramerFixture(
      name: "too long a page",
      text: "{\"data\":[" + String(repeating: "{\"b\":2},", count: 99) + "{}]}\n{\"b\":2}\n",
      kinds: "tooLong json", limits: FrameLimits(recordBytes: 64, pageBytes: 640)),
    FramerFixture(
      name: "too long a broken pretty document",
      text: "{\n  \"a\": [\n" + String(repeating: "    [\"b\", 2],\n", count: 9)
        + "    x\n  ]\n}\n{\"b\":2}\n", kinds: "tooLong json", limits: small),
    FramerFixture(
      name: "too long a line that is cut outside of a string",
      text: "{\"a\":[" + String(repeating: "1,", count: 50) + "\n{\"b\":2}\n",
      kinds: "tooLong json", limits: small),
    FramerFixture(
      name: "an array cut in an element, a line each",
      text: "[\n{\"a\":[\n" + String(repeating: "{\"b\":2},\n", count: 12) + "{\"c\":3}]\n",
      kinds: "blank cut" + String(repeating: " json", count: 13), limits: small),
    FramerFixture(
      name: "nested too deep",
      text: "{\"a\":" + String(repeating: "[", count: 70) + "\n{\"b\":2}\n",
      kinds: "cut json"),
    FramerFixture(
      name: "plain text",
      text: "first tweet\n\nsecond, with a comma\r\n{laughs} third\n[VIDEO] fourth",
      kinds: "text blank text text text"),
    FramerFixture(
      name: "JSON among plain text", text: "a tweet\n{\"a\":1}\n  {\"b\":2}\nlast\n{ not closed",
      kinds: "text json json text text"),
    FramerFixture(
      name: "a broken document among plain text",
      text: "a tweet\n{\"a\":1}\n{\"b\":\"x\nnext tweet\n{not json} is text\nlast\n",
      kinds: "text json cut text text text"),
    FramerFixture(
      name: "a broken document at the end of plain text", text: "a tweet\n{\"b\":[1,\nlast\n{\"c\"",
      kinds: "text cut text cut"),
    FramerFixture(
      name: "pretty JSON among plain text", text: "a tweet\n" + pretty + "\nlast\n",
      kinds: "text json text"),
    FramerFixture(
      name: "plain text that begins with a bracket", text: "[VIDEO] see\nmore\n", kinds: "text text"
    ),
    FramerFixture(
      name: "JSON in spite of the name", text: "{\"a\":1}\n[{\"b\":1}]\n", kinds: "json json",
      fileName: "x.txt.gz"),
    FramerFixture(
      name: "text by the flag", text: "{\"a\":1}\n\n", kinds: "text blank", format: .text,
      fileName: "x.json"),
    FramerFixture(
      name: "junk in JSON by the name", text: "hello\n{\"a\":1}\n", kinds: "stray json",
      fileName: "x.jsonl"),
    FramerFixture(
      name: "too long a text", text: String(repeating: "x", count: 100) + "\nshort\n",
      kinds: "tooLong text", limits: small),
    FramerFixture(
      name: "a text of just the limit", text: String(repeating: "x", count: 64) + "\r\nshort\n",
      kinds: "text text", limits: small),
    FramerFixture(
      name: "CSV", text: "id,text\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,d\r\n3,\"e\"",
      kinds: "blank csv blank csv csv"),
    FramerFixture(
      name: "CSV with semicolons", text: "ID;Tweet_Text\n1;a,b\n", kinds: "blank csv"),
    FramerFixture(
      name: "CSV with tabs and a mark", text: "\u{FEFF}id\tcontent\n1\ta\n", kinds: "blank csv"),
    FramerFixture(
      name: "CSV by the name", text: "a,b\n1,2\n", kinds: "blank csv", fileName: "x.csv"),
    FramerFixture(
      name: "CSV by its numbers", text: "a,b\n1,2\n", kinds: "blank csv"),
    FramerFixture(
      name: "text whose lines happen to hold a comma", text: "well, no\nyes, it is\n",
      kinds: "text text"),
    FramerFixture(
      name: "a quotation that is never closed", text: "id,text\n1,\"a\n2,b\n3,c\n",
      kinds: "blank openQuote csv csv"),
    FramerFixture(
      name: "a quotation that the next one closes", text: "id,text\n1,\"a\n2,\"b\"\n3,c\n",
      kinds: "blank openQuote csv csv"),
    FramerFixture(
      name: "a quotation that is never closed on the last line", text: "id,text\n1,a\n2,\"b",
      kinds: "blank csv openQuote"),
    FramerFixture(
      name: "quotation marks inside a field", text: "id,text\n1,a \"b\" c\n2,\"d\" e\n",
      kinds: "blank csv csv"),
    FramerFixture(
      name: "too long a quotation",
      text: "id,text\n1,\"a\n" + String(repeating: "2,b\n", count: 20),
      kinds: "blank openQuote" + String(repeating: " csv", count: 20), limits: small),
    FramerFixture(
      name: "too long a CSV line",
      text: "id,text\n1," + String(repeating: "x", count: 99) + "\n2,b\n",
      kinds: "blank tooLong csv", limits: small),
  ]

  var framer: RecordFramer {
    RecordFramer(hints: IngestOptions(format: format).hints(named: fileName), limits: limits)
  }
}
