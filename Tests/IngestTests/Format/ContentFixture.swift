import Ingest
import Testing
import TweetText
import Tweets

/// Content with the texts that it must give, whatever the file is called.
struct ContentFixture: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var texts: [String]
  var undecodable = 0

  var testDescription: String { name }

  static let three = ["Lovely café by the river", "The tram was late, again", "Tram 4 stops here"]
  private static let ids = (0..<3).map { "206800000000000000\($0)" }

  private static func json(_ index: Int) -> String {
    #"{"created_at":"Sat Nov 21 10:0\#(index):00 +0000 2026","id_str":"\#(ids[index])","text":"\#(three[index])"}"#
  }

  private static let lines = (0..<3).map { json($0) + "\n" }.joined()

  static let all: [ContentFixture] = [
    ContentFixture(name: "JSON lines", text: lines, texts: three),
    ContentFixture(
      name: "JSON lines with blank ones",
      text: "\n" + lines.replacing("\n", with: "\n\n"), texts: three),
    ContentFixture(
      name: "an array", text: "[" + (0..<3).map(json).joined(separator: ",\n") + "]\n",
      texts: three),
    ContentFixture(
      name: "a page", text: "{\"data\":[" + (0..<3).map(json).joined(separator: ",") + "]}\n",
      texts: three),
    ContentFixture(
      name: "pretty-printed",
      text: (0..<3).map { json($0).replacing(",\"", with: ",\n  \"") + "\n" }.joined(),
      texts: three),
    ContentFixture(
      name: "an account export",
      text: "window.YTD.tweets.part0 = [ "
        + (0..<3).map { "{\n  \"tweet\" : " + json($0) + "\n}" }.joined(separator: ", ") + " ]\n",
      texts: three),
    ContentFixture(
      name: "an account export without window",
      text: "YTD.tweets.part0 = [\n"
        + (0..<3).map { "{\"tweet\": " + json($0) + "}" }.joined(separator: ",\n") + "\n]\n",
      texts: three),
    ContentFixture(
      name: "an old archive",
      text: "Grailbird.data.tweets_2013_05 = \n [ " + (0..<3).map(json).joined(separator: ", ")
        + "]\n", texts: three),
    ContentFixture(
      name: "JSON in JSON strings",
      text: (0..<3).map { json($0) }.map {
        "\"" + $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"\n"
      }.joined(), texts: three),
    ContentFixture(
      name: "JSON of no shape that is known",
      text: (0..<3).map { "{\"who\":\"\($0)\",\"said\":\"\(three[$0])\"}\n" }.joined(), texts: [],
      undecodable: 3),
    ContentFixture(
      name: "CSV",
      text: "id,created_at,text\n"
        + (0..<3).map { "\(ids[$0]),2026-11-21 10:0\($0):00,\"\(three[$0])\"\n" }.joined(),
      texts: three),
    ContentFixture(
      name: "CSV with unquoted commas", text: "id,text\n1,fine\n2,well, no\n3,good\n",
      texts: ["fine", "good"], undecodable: 1),
    ContentFixture(
      name: "tabs", text: "id\ttext\n" + (0..<3).map { "\($0)\t\(three[$0])\n" }.joined(),
      texts: three),
    ContentFixture(
      name: "semicolons and CRLF",
      text: "Id;Tweet Text;Lang\r\n" + (0..<3).map { "\($0);\(three[$0]);en\r\n" }.joined(),
      texts: three),
    ContentFixture(
      name: "vertical bars", text: "id|text\n" + (0..<3).map { "\($0)|\(three[$0])\n" }.joined(),
      texts: three),
    ContentFixture(
      name: "one column", text: "message\n" + three.map { $0 + "\n" }.joined(), texts: three),
    ContentFixture(
      name: "one column in quotation marks",
      text: "\"text\"\n" + three.map { "\"\($0)\"\n" }.joined(), texts: three),
    ContentFixture(
      name: "Sentiment140",
      text: (0..<3).map {
        "\"4\",\"\(ids[$0])\",\"Sat Nov 21 10:0\($0):00 UTC 2026\",\"NO_QUERY\",\"someone\",\"\(three[$0])\"\n"
      }.joined(), texts: three),
    ContentFixture(
      name: "SemEval", text: (0..<3).map { "\(ids[$0])\tpositive\t\(three[$0])\n" }.joined(),
      texts: three),
    ContentFixture(
      name: "SemEval of four columns",
      text: (0..<3).map { "\(ids[$0])\t15140\($0)\tneutral\t\(three[$0])\n" }.joined(),
      texts: three),
    ContentFixture(
      name: "a table without heading",
      text: (0..<3).map { "\(240 + $0),Tram,Neutral,\"\(three[$0])\"\n" }.joined(), texts: three),
    ContentFixture(
      name: "a table whose text cannot be told",
      text: (0..<3).map { "\(240 + $0),a few words here,\"\(three[$0])\"\n" }.joined(), texts: [],
      undecodable: 3),
    ContentFixture(name: "plain text", text: three.map { $0 + "\n" }.joined(), texts: three),
    ContentFixture(
      name: "plain text with commas in the first line",
      text: "Text, tweet, repeat\nGood morning everyone\nNo commas here\n",
      texts: ["Text, tweet, repeat", "Good morning everyone", "No commas here"]),
    ContentFixture(
      name: "plain text with braces",
      text: "{laughs} no\n[VIDEO] look, here\n\"Never\" she said\n",
      texts: ["{laughs} no", "[VIDEO] look, here", "\"Never\" she said"]),
    ContentFixture(
      name: "pieces of JSON in a text",
      text: "a fine day\n\"lang\":\"en\",\"id\":12}\n}, {\nanother fine day\nand one more\n",
      texts: ["a fine day", "another fine day", "and one more"], undecodable: 2),
    ContentFixture(
      name: "JSON lines whose first is cut", text: "\":\"x\",\"lang\":\"en\"}\n" + lines,
      texts: three, undecodable: 1),
    ContentFixture(
      name: "server-sent events",
      text: ":thump\n\n"
        + (0..<3).map {
          "event: update\ndata: {\"id\":\"1\($0)\",\"uri\":\"https://m.example/\($0)\",\"content\":"
            + "\"<p>\(three[$0])</p>\",\"visibility\":\"public\",\"created_at\":\"2026-11-21T10:00:00Z\"}\n\n"
        }.joined(), texts: three),
  ]
}

/// What a file gives on its way through reader and decoder.
struct DecodedTexts: Equatable {
  var texts: [String] = []
  var undecodable = 0

  init(readingFrom path: String, options: IngestOptions = IngestOptions()) throws {
    var reader = try RecordReader(path: path, options: options)
    var decoder = TweetDecoder()
    while let record = try reader.next() { take(decoder.decode(record)) }
  }

  init() {}

  mutating func take(_ decoded: [Decoded]) {
    for item in decoded {
      switch item {
      case .tweet(let tweet): texts.append(tweet.text)
      case .notice: break
      case .undecodable: undecodable += 1
      }
    }
  }
}
