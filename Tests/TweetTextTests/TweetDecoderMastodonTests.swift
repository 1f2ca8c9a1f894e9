import Testing
import TweetText
import Tweets

@Suite struct TweetDecoderMastodonTests {
  private static let uri = "https://mastodon.social/users/ann/statuses/113000000000000001"

  private func decode(_ text: String, _ format: RecordFormat = .event("update")) -> [Decoded] {
    var decoder = TweetDecoder(shape: .mastodon(host: "mstdn.example"))
    return decoder.decode(Record(bytes: Array(text.utf8), format: format, line: 1, end: 0))
  }

  /// A status with some members replaced; an empty value leaves the member out.
  private func status(_ changes: [String: String] = [:]) -> String {
    var members = [
      "id": #""113000000000000077""#, "created_at": #""2024-08-21T06:02:12.345Z""#,
      "in_reply_to_id": "null", "sensitive": "false", "spoiler_text": #""""#,
      "visibility": #""public""#, "language": #""en""#, "uri": "\"\(Self.uri)\"",
      "edited_at": "null",
      "content": #""\u003cp\u003eGood \u0026amp; cheap\u003cbr /\u003etea\u003c/p\u003e""#,
      "reblog": "null", "account": #"{"acct":"ann@mastodon.social","bot":false}"#,
    ]
    members.merge(changes) { $1 }
    let text = members.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
      .map { "\"\($0.key)\":\($0.value)" }
    return "{\(text.joined(separator: ","))}"
  }

  @Test func `a status gives text, address, both ids and its time`() {
    let created = Timestamp(milliseconds: 1_724_220_132_345)
    #expect(
      decode(status()) == [
        .tweet(
          Tweet(
            namespace: "mastodon", id: "113000000000000077", chain: Self.uri,
            alias: "mstdn.example/113000000000000077", version: created.milliseconds,
            hasStableID: true, text: "Good & cheap\ntea", createdAt: created, lang: "en"))
      ])
  }

  @Test func `an edit keeps time and address and has a higher version`() {
    let edit = decode(
      status(["edited_at": #""2024-08-21T07:00:00.000Z""#]), .event("status.update")
    ).tweets
    let first = decode(status()).tweets
    #expect(edit.map(\.chain) == first.map(\.chain))
    #expect(edit.map(\.createdAt) == first.map(\.createdAt))
    #expect(edit.map(\.version) == [1_724_223_600_000])
  }

  @Test func `a warning stands on a line above the text, as it is written`() {
    #expect(
      decode(status(["spoiler_text": #""politics & <b>""#])).tweets.map(\.text)
        == ["politics & <b>\nGood & cheap\ntea"])
    #expect(
      decode(status(["spoiler_text": #""a photo""#, "content": #""""#])).tweets.map(\.text)
        == ["a photo"])
  }

  @Test func `a boost has its own id and time and the text of its original`() {
    let original = status(["language": #""de""#, "content": #""<p>Das Original</p>""#])
    let boost = status([
      "id": #""113000000000000099""#, "uri": #""https://b.example/users/b/statuses/9/activity""#,
      "created_at": #""2024-08-22T00:00:00.000Z""#, "content": #""""#, "language": "null",
      "reblog": original,
    ])
    let tweets = decode(boost).tweets
    #expect(tweets.map(\.text) == ["Das Original"])
    #expect(tweets.map(\.lang) == ["de"])
    #expect(tweets.map(\.chain) == ["https://b.example/users/b/statuses/9/activity"])
    #expect(tweets.map(\.alias) == ["mstdn.example/113000000000000099"])
    #expect(tweets.map(\.createdAt) == [Timestamp(rfc3339: "2024-08-22T00:00:00Z")])
    #expect(
      decode(status(["reblog": status(["visibility": #""private""#])])).notices
        == [.other("not_public")])
  }

  @Test(arguments: [
    (#""public""#, true), (#""unlisted""#, true), ("null", true), ("", true),
    (#""private""#, false),
    (#""direct""#, false), (#""list""#, false), ("7", false), (#"{"a":1}"#, false),
  ])
  func `only what everybody may read is measured`(visibility: String, isMeasured: Bool) {
    let decoded = decode(status(["visibility": visibility]))
    #expect(decoded.tweets.count == (isMeasured ? 1 : 0))
    #expect(decoded.notices == (isMeasured ? [] : [.other("not_public")]))
  }

  @Test(arguments: ["113000000000000077", "\"113000000000000077\"", " 113000000000000077\r\n"])
  func `a delete names the status by its id on this server`(data: String) {
    #expect(
      decode(data, .event("delete"))
        == [.notice(.delete(id: "mstdn.example/113000000000000077", namespace: "mastodon"))])
  }

  @Test func `a delete without an id, or with an endless one, is undecodable`() {
    #expect(decode("", .event("delete")).reasons == [.unknownShape])
    #expect(
      decode(String(repeating: "1", count: 10_000), .event("delete")).reasons == [.unknownShape])
  }

  @Test func `other events are told by their name, an endless one cut`() {
    #expect(decode("x", .event("filters_changed")).notices == [.other("filters_changed")])
    #expect(decode("{", .event("notification")).notices == [.other("notification")])
    let name = String(repeating: "n", count: 1000)
    #expect(decode("", .event(name)).notices == [.other(String(repeating: "n", count: 64))])
  }

  @Test func `a page of the API and a single status are read like events`() {
    let page = "[\(status()),\(status(["content": ""])),\(status(["id": #""5""#])),7]"
    let decoded = decode(page, .json)
    #expect(decoded.tweets.map(\.id) == ["113000000000000077", "5"])
    #expect(decoded.reasons == [.noText, .unknownShape])
    #expect(decode(status(), .json) == decode(status()))
    #expect(decode("[]", .json).notices == [.other("empty")])
    #expect(decode(#"{"error":"The access token is invalid"}"#, .json).reasons == [.noText])
  }

  @Test func `without an address the id on the server names the status`() {
    let tweets = decode(status(["uri": ""])).tweets
    #expect(tweets.map(\.chain) == ["mstdn.example/113000000000000077"])
    #expect(tweets.map(\.hasStableID) == [true])
    let nameless = decode(status(["uri": "null", "id": "null"])).tweets
    #expect(nameless.map(\.chain) == [nil])
    #expect(nameless.map(\.hasStableID) == [false])
  }

  @Test func `hostile values are replaced or left out, and stop nothing`() {
    let huge = "1" + String(repeating: "0", count: 400)
    let tweets = decode(
      status([
        "id": huge, "created_at": huge, "edited_at": "[]", "language": "{}", "uri": "false",
        "spoiler_text": "9", "content": #""a\ud800b\u0000c &#0;\udc00""#,
      ])
    ).tweets
    #expect(tweets.map(\.text) == ["a\u{FFFD}bc \u{FFFD}"])
    #expect(tweets.map(\.id) == [huge])
    #expect(tweets.map(\.createdAt) == [nil])
    #expect(tweets.map(\.version) == [nil])
    #expect(tweets.map(\.lang) == [nil])
    #expect(decode(status(["content": "5"])).reasons == [.noText])
    #expect(decode("{").reasons == [.truncated])
    #expect(decode("7").reasons == [.unknownShape])
    #expect(decode("").isEmpty)
  }
}
