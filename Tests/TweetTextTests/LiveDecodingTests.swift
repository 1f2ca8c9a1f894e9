import Testing
import TweetText
import Tweets

@Suite struct LiveDecodingTests {
  private func decode(
    _ text: String, _ shape: TweetShape, format: RecordFormat = .json
  ) -> [Decoded] {
    var decoder = TweetDecoder(shape: shape)
    return decoder.decode(
      Record(bytes: Array(text.utf8), format: format, line: 1, end: 0))
  }

  // MARK: Mastodon

  private let mastodon = TweetShape.mastodon(host: "mastodon.example")

  private let status = """
    {"id":"112233445566778899","uri":"https://other.example/users/a/statuses/5",
    "created_at":"2026-11-20T12:00:00.500Z","edited_at":null,"language":"en","visibility":"public",
    "spoiler_text":"","reblog":null,"account":{"acct":"a","bot":false},
    "content":"<p>Late again, but the <a href=\\"https://t.example/x\\" class=\\"mention hashtag\\">#<span>train</span></a> was lovely &amp; warm</p>"}
    """

  @Test func `a status gives text, time, language and both of its names`() throws {
    let tweet = try #require(decode(status, mastodon, format: .event("update")).tweets.first)
    #expect(tweet.text == "Late again, but the #train was lovely & warm")
    #expect(tweet.namespace == "mastodon")
    #expect(tweet.id == "112233445566778899")
    #expect(tweet.chain == "https://other.example/users/a/statuses/5")
    #expect(tweet.alias == "mastodon.example/112233445566778899")
    #expect(tweet.createdAt == Timestamp(rfc3339: "2026-11-20T12:00:00.500Z"))
    #expect(tweet.version == tweet.createdAt?.milliseconds)
    #expect(tweet.lang == "en")
    #expect(tweet.hasStableID)
  }

  @Test func `an edit has a later version, a warning stands before the text`() throws {
    let edited = status.replacing(
      "\"edited_at\":null", with: "\"edited_at\":\"2026-11-20T13:00:00Z\""
    )
    .replacing("\"spoiler_text\":\"\"", with: "\"spoiler_text\":\"trains\"")
    let tweet = try #require(decode(edited, mastodon, format: .event("status.update")).tweets.first)
    #expect(tweet.version == Timestamp(rfc3339: "2026-11-20T13:00:00Z")?.milliseconds)
    #expect(tweet.text.hasPrefix("trains\nLate again"))
  }

  @Test func `a boost is a post of its own with the text of the original`() throws {
    let boost = """
      {"id":"9","uri":"https://m/9","created_at":"2026-11-21T00:00:00Z","content":"",
      "reblog":\(status)}
      """
    let tweet = try #require(decode(boost, mastodon, format: .event("update")).tweets.first)
    #expect(tweet.id == "9")
    #expect(tweet.text.hasPrefix("Late again"))
  }

  @Test func `deletes, pages and other events are told apart`() {
    #expect(
      decode("112233", mastodon, format: .event("delete")).notices
        == [.delete(id: "mastodon.example/112233", namespace: "mastodon")])
    #expect(decode("1;2", mastodon, format: .event("delete")).reasons == [.unknownShape])
    #expect(
      decode("1", mastodon, format: .event("filters_changed")).notices == [
        .other("filters_changed")
      ])
    #expect(decode("[\(status),\(status)]", mastodon).tweets.count == 2)
    let hidden = status.replacing("\"public\"", with: "\"private\"")
    #expect(decode(hidden, mastodon, format: .event("update")).notices == [.other("not_public")])
    #expect(decode("{\"id\":\"1\"}", mastodon, format: .event("update")).reasons == [.noText])
    #expect(decode("{\"id\":", mastodon, format: .event("update")).reasons == [.truncated])
    #expect(decode("7", mastodon, format: .event("update")).reasons == [.unknownShape])
  }

  // MARK: Jetstream

  private let create = """
    {"did":"did:plc:abc","time_us":1795176000123456,"kind":"commit","commit":{"rev":"3l3qo2vuowo2b",
    "operation":"create","collection":"app.bsky.feed.post","rkey":"3l3qo2vutsw2b","cid":"bafy",
    "record":{"$type":"app.bsky.feed.post","text":"a lovely <b> &amp; train","createdAt":"1999-01-01T00:00:00Z",
    "langs":["en","de"]}}}
    """

  @Test func `a post has the time of the server and the text as it is`() throws {
    let tweet = try #require(decode(create, .jetstream).tweets.first)
    #expect(tweet.text == "a lovely <b> &amp; train")
    #expect(tweet.namespace == "bluesky")
    #expect(tweet.id == "did:plc:abc/3l3qo2vutsw2b")
    #expect(tweet.createdAt == Timestamp(milliseconds: 1_795_176_000_123))
    #expect(tweet.lang == "en")
    #expect(tweet.version == TID.number("3l3qo2vuowo2b"))
  }

  @Test func `a later revision is a later version`() throws {
    let versions = ["3l3qo2vuowo2b", "3l3qo2vuowo2c", "3l3qo2vutsw2b", "3m3qo2vuowo2b"].map {
      TID.number($0) ?? 0
    }
    #expect(versions == versions.sorted() && Set(versions).count == 4)
    #expect(TID.number("3l3qo2vuowo2") == nil)
    #expect(TID.number("3l3qo2vuowo21") == nil)
  }

  @Test func `the second version says the same in other words`() throws {
    let frame = """
      {"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#commit","seq":7,
      "did":"did:plc:abc","time":"2026-11-20T12:00:00.123Z","operation":"create","rev":"3l3qo2vuowo2b",
      "collection":"app.bsky.feed.post","rkey":"3l3qo2vutsw2b","record":{"text":"x","langs":["en"]}}}
      """
    let tweet = try #require(decode(frame, .jetstream).tweets.first)
    #expect(tweet.id == "did:plc:abc/3l3qo2vutsw2b")
    #expect(tweet.createdAt == Timestamp(milliseconds: 1_795_176_000_123))
  }

  @Test func `deletes, other kinds and broken frames are told apart`() {
    let delete = create.replacing("\"create\"", with: "\"delete\"")
    #expect(
      decode(delete, .jetstream).notices
        == [.delete(id: "did:plc:abc/3l3qo2vutsw2b", namespace: "bluesky")])
    let identity = "{\"did\":\"did:plc:abc\",\"time_us\":1,\"kind\":\"identity\",\"identity\":{}}"
    #expect(decode(identity, .jetstream).notices == [.other("identity")])
    let like = create.replacing("app.bsky.feed.post\",\"rkey", with: "app.bsky.feed.like\",\"rkey")
    #expect(decode(like, .jetstream).notices == [.other("other_collection")])
    #expect(
      decode("{\"$type\":\"error\",\"error\":\"ConsumerTooSlow\"}", .jetstream).notices
        == [.other("errors")])
    #expect(decode("{\"kind\":\"commit\"}", .jetstream).reasons == [.unknownShape])
    #expect(decode(create.replacing("\"text\"", with: "\"test\""), .jetstream).reasons == [.noText])
  }

  @Test(arguments: ["1e400", "-1", "\"x\"", "[]", "99999999999999999999999", "null"])
  func `a time that is none is no time`(time: String) throws {
    let frame = create.replacing("1795176000123456", with: time)
    let tweets = decode(frame, .jetstream).tweets
    #expect(tweets.count == 1)
    #expect(tweets.first?.createdAt.map { $0.milliseconds <= 0 } ?? true)
  }

  // MARK: Mapped

  @Test func `fields are found by their paths`() throws {
    let mapping = JSONMapping(
      text: "post.texts.1", id: "post.id", time: "at", lang: "lang", namespace: "feed")
    let document = """
      {"post":{"texts":["no","yes \\ud800 &amp;\\u0000"],"id":12345678901234567890},"at":1795176000,"lang":"de"}
      """
    let tweet = try #require(decode(document, .mapped(mapping)).tweets.first)
    #expect(tweet.text == "yes \u{FFFD} &amp;")
    #expect(tweet.id == "12345678901234567890")
    #expect(tweet.createdAt == Timestamp(seconds: 1_795_176_000))
    #expect(tweet.lang == "de")
    #expect(tweet.namespace == "feed")
    #expect(decode("{\"post\":{}}", .mapped(mapping)).reasons == [.noText])
    #expect(decode("{\"post\":{\"texts\":[1,2]}}", .mapped(mapping)).reasons == [.noText])
  }

  // MARK: HTML

  private static let pages: [[String]] = [
    ["<p>one</p><p>two<br>three<br />four</p>", "one\n\ntwo\nthree\nfour"],
    [
      "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://h/@a\" class=\"u-url mention\">@<span>a</span></a></span> hi</p>",
      "@a hi",
    ],
    [
      "see <a href=\"https://example.com/a/long\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">example.com/a</span><span class=\"invisible\">/long</span></a>",
      "see https://example.com/a/long",
    ],
    ["a<span class=\"x invisible\">hidden<span>deep</span>still</span>b", "ab"],
    ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
    ["a<script>alert('<p>')</script>b<style>p{}</style>c<!-- <p> -->d", "abcd"],
    ["&lt;b&gt; &amp;amp; &#128514;", "<b> &amp; 😂"],
    ["<p>unclosed <b", "unclosed <b"], ["</span></span>x</p></p>", "x"], ["", ""],
  ]

  @Test(arguments: pages)
  func `markup goes, what a reader sees stays`(page: [String]) {
    #expect(HTMLText.plain(page[0]) == page[1])
  }

  @Test(arguments: [
    "<", "<a", "<a href='", "<span class='invisible'>", "<!--", "<script>", "</p><p>", "&", "<p ",
  ])
  func `a hostile page takes linear time`(piece: String) {
    let page = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
    let begin = ContinuousClock.now
    _ = HTMLText.plain(page)
    _ = HTMLText.plain(page + ">")
    #expect(ContinuousClock.now - begin < .seconds(5))
  }

  @Test func `a link comes to the cleaner as one address`() {
    let html =
      "<p>so good <a href=\"https://example.com/a\"><span class=\"invisible\">https://</span><span class=\"\">example.com/a</span></a></p>"
    let cleaner = CleaningProfile.tweet
    #expect(cleaner.clean(HTMLText.plain(html)) == cleaner.clean("so good https://example.com/a"))
  }
}
