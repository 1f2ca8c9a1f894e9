import Testing
import TweetText
import Tweets

@Suite struct TweetDecoderMappedTests {
  private static let mapping = JSONMapping(
    text: "post.body.text", id: "post.id", time: "meta.0.time", lang: "lang", namespace: "forum")

  private func decode(_ text: String, _ mapping: JSONMapping = mapping) -> [Decoded] {
    var decoder = TweetDecoder(shape: .mapped(mapping))
    return decoder.decode(Record(bytes: Array(text.utf8), format: .json, line: 1, end: 0))
  }

  private func line(
    text: String = #""Tea &amp; cake""#, id: String = #""a-1""#, time: String = "1700000000"
  ) -> String {
    #"{"post":{"body":{"text":\#(text)},"id":\#(id)},"meta":[{"time":\#(time)}],"lang":"en"}"#
  }

  @Test func `the parts are found at their places, references of HTML left as they are`() {
    #expect(
      decode(line()) == [
        .tweet(
          Tweet(
            namespace: "forum", id: "a-1", hasStableID: true, text: "Tea &amp; cake",
            createdAt: Timestamp(seconds: 1_700_000_000), lang: "en"))
      ])
  }

  @Test func `what is not mapped or not there is left out`() {
    let only = JSONMapping(text: "1.t", namespace: "n")
    #expect(decode(#"[7,{"t":"x","id":5}]"#, only) == [.tweet(Tweet(namespace: "n", text: "x"))])
    #expect(
      decode(#"{"post":{"body":{"text":"x"}},"meta":[],"lang":""}"#)
        == [
          .tweet(
            Tweet(
              namespace: "forum", text: "x", time: .unread(UnreadTime(text: "", reason: .empty))))
        ])
  }

  @Test(arguments: [
    ("7", "7"), ("1784000000000000001", "1784000000000000001"), ("\"\"", nil), ("null", nil),
    ("{}", nil), ("1e400", "1e400"), ("-0.5", "-0.5"), (#""\u00e9\ud800""#, "é\u{FFFD}"),
    ("\"\(String(repeating: "i", count: 513))\"", nil),
  ])
  func `an id is a string or a number as it is written`(id: String, wanted: String?) {
    let tweets = decode(line(id: id)).tweets
    #expect(tweets.map(\.id) == [wanted])
    #expect(tweets.map(\.hasStableID) == [wanted != nil])
  }

  @Test(arguments: [
    (#""2023-11-14T22:13:20Z""#, 1_700_000_000_000), ("1700000000", 1_700_000_000_000),
    ("1700000000123", 1_700_000_000_123), (#""1700000000123""#, 1_700_000_000_123),
    ("1700000000.25", 1_700_000_000_250), ("1.7e9", 1_700_000_000_000),
    (#""Tue Nov 14 22:13:20 +0000 2023""#, 1_700_000_000_000), ("1e400", nil), ("-1e400", nil),
    ("-5", nil), ("true", nil), ("[]", nil), (#""soon""#, nil), ("5", nil),
    ("1" + String(repeating: "0", count: 400), nil),
  ])
  func `a time is read in the forms that are told apart`(time: String, wanted: Int64?) {
    #expect(decode(line(time: time)).tweets.map { $0.createdAt?.milliseconds } == [wanted])
  }

  @Test(arguments: [
    "{}", #"{"post":"text"}"#, #"{"post":{"body":{"text":null}}}"#,
    #"{"post":{"body":{"text":7}}}"#,
    #"{"post":{"body":["text"]}}"#, "[]", "7",
  ])
  func `a missing text is told with its place`(text: String) throws {
    guard case .undecodable(let error) = try #require(decode(text).first) else {
      Issue.record("\(text) was decoded")
      return
    }
    #expect(error.reason == .noText)
    #expect(error.description.contains("post.body.text"))
  }

  @Test func `names with escapes, of duplicates the last, and numbers of elements are followed`() {
    let mapping = JSONMapping(text: "é.1", namespace: "n")
    #expect(decode(#"{"\u00e9":["a"],"é":["b","c"]}"#, mapping).tweets.map(\.text) == ["c"])
    let numbers = ["99999999999999999999", "-1", "x", "", "2"]
    for number in numbers {
      let mapping = JSONMapping(text: "é." + number, namespace: "n")
      #expect(decode(#"{"é":["b","c"]}"#, mapping).reasons == [.noText], "\(number)")
    }
  }

  @Test func `surrogates without a partner are replaced and NUL is removed`() {
    #expect(decode(line(text: #""a\ud800b\u0000c""#)).tweets.map(\.text) == ["a\u{FFFD}bc"])
  }
}
