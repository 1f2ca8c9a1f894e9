import Testing
import TweetText
import Tweets

@Suite struct TweetDecoderJetstreamTests {
  private static let did = "did:plc:eygmaihciaxprqvxpfvl6flk"
  private static let post =
    #"{"$type":"app.bsky.feed.post","text":"Tom &amp; Jerry <3","createdAt":"2031-01-01T00:00:00Z","langs":["en","de"]}"#

  private func decode(_ text: String) -> [Decoded] {
    var decoder = TweetDecoder(shape: .jetstream)
    return decoder.decode(Record(bytes: Array(text.utf8), format: .json, line: 1, end: 0))
  }

  private func v1(
    operation: String = "create", collection: String = "app.bsky.feed.post",
    rev: String = #""rev":"3l3qo2vuowo2b","#, time: String = "1725911162329308",
    record: String = post
  ) -> String {
    let body = record.isEmpty ? "" : #","record":\#(record),"cid":"bafy""#
    return
      #"{"did":"\#(Self.did)","time_us":\#(time),"kind":"commit","commit":{\#(rev)"operation":"\#(operation)","collection":"\#(collection)","rkey":"3l3qo2vutsw2b"\#(body)}}"#
  }

  @Test func `a post gives plain text, its key, its revision and the server's time`() {
    let tweets = decode(v1()).tweets
    #expect(
      tweets == [
        Tweet(
          namespace: "bluesky", id: "\(Self.did)/3l3qo2vutsw2b",
          version: TimestampID("3l3qo2vuowo2b")?.value, hasStableID: true,
          text: "Tom &amp; Jerry <3", createdAt: Timestamp(milliseconds: 1_725_911_162_329))
      ])
    #expect(tweets[0].version.map { $0 > 0 } == true)
    #expect(decode(v1(operation: "update")).tweets == tweets)
  }

  @Test func `a delete names the post as its creation did`() {
    #expect(
      decode(v1(operation: "delete", record: "")).notices
        == [.delete(id: "\(Self.did)/3l3qo2vutsw2b", namespace: "bluesky")])
  }

  @Test func `version 2 gives the same, its parts in the payload or nested`() {
    let parts =
      #""operation":"create","collection":"app.bsky.feed.post","rkey":"3l3qo2vutsw2b","rev":"3l3qo2vuowo2b","record":\#(Self.post)"#
    let head =
      ##"{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#commit","seq":1,"did":"\##(Self.did)","time":"2024-09-09T19:46:02.329Z","##
    #expect(decode(head + parts + "}}") == decode(v1()))
    #expect(decode(head + #""commit":{\#(parts)}}}"#) == decode(v1()))
  }

  @Test func `what is no post is told by its kind, its collection or its operation`() {
    let v2 = #"{"$type":"message","payload":{"$type":"x.y#account","seq":2,"did":"did:plc:a"}}"#
    #expect(
      [
        decode(#"{"did":"did:plc:a","time_us":1,"kind":"identity","identity":{}}"#),
        decode(#"{"did":"did:plc:a","time_us":1,"kind":"account","account":{"active":true}}"#),
        decode(v2), decode(v1(collection: "app.bsky.feed.like")), decode(v1(operation: "merge")),
        decode(#"{"$type":"error","error":"ConsumerTooSlow"}"#),
        decode(v1(collection: String(repeating: "c", count: 500))),
      ].flatMap { $0.notices } == [
        .other("identity"), .other("account"), .other("account"), .other("app.bsky.feed.like"),
        .other("merge"), .other("error"), .other(String(repeating: "c", count: 64)),
      ])
  }

  @Test func `a picture without words is a post with an empty text`() {
    let tweets = decode(v1(record: #"{"$type":"app.bsky.feed.post","text":"","embed":{}}"#)).tweets
    #expect(tweets.map(\.text) == [""])
    #expect(tweets.map(\.lang) == [nil])
  }

  @Test(arguments: ["", #""rev":7,"#, #""rev":"not a tid","#, #""rev":"zzzzzzzzzzzzz","#])
  func `without a revision the event's time is the version`(rev: String) {
    #expect(decode(v1(rev: rev)).tweets.map(\.version) == [1_725_911_162_329_308 << 10])
  }

  @Test func `hostile values are replaced or left out, and stop nothing`() {
    let huge = "1" + String(repeating: "0", count: 400)
    let timeless = decode(v1(rev: "", time: huge)).tweets
    #expect(timeless.map(\.createdAt) == [nil])
    #expect(timeless.map(\.version) == [nil])
    #expect(decode(v1(rev: "", time: "-9223372036854775808")).tweets.map(\.version) == [nil])
    #expect(decode(v1(rev: "", time: "9223372036854775807")).tweets.map(\.version) == [nil])
    #expect(decode(v1(time: #""soon""#)).tweets.map(\.createdAt) == [nil])
    #expect(
      decode(v1(record: #"{"text":"a\ud800\u0000b","langs":[7]}"#)).tweets.map(\.text)
        == ["a\u{FFFD}b"])
    #expect(decode(v1(record: #"{"text":7}"#)).reasons == [.noText])
    #expect(decode(v1(record: "[]")).reasons == [.noText])
    let broken = [
      "{}", #"{"kind":"commit"}"#, #"{"kind":"commit","commit":{"operation":"create"}}"#,
      #"{"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post"}}"#,
      #"{"$type":"message","payload":{}}"#, "7",
    ]
    for text in broken { #expect(decode(text).reasons == [.unknownShape], "\(text)") }
    #expect(decode(#"{"kind":"comm"#).reasons == [.truncated])
  }
}
