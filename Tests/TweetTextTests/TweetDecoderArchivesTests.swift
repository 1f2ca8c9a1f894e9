import Testing
import TweetText
import Tweets

/// A document of some program, and what it must give.
struct ArchivedShape: Sendable, CustomTestStringConvertible {
  var name: String
  var json: String
  var id: String?
  var text = "Lovely tram"
  var namespace = "x"
  var lang: String?

  var testDescription: String { name }

  static let number = "2068000000000000001"

  static let all: [ArchivedShape] = [
    ArchivedShape(
      name: "Twint",
      json: #"{"id":2068000000000000001,"tweet":"Lovely tram","username":"a","language":"en"}"#,
      id: number, lang: "en"),
    ArchivedShape(
      name: "Logstash",
      json: #"{"@timestamp":"2026-11-21T10:00:00.000Z","message":"Lovely tram","user":"a"}"#),
    ArchivedShape(
      name: "elasticdump",
      json:
        #"{"_index":"t","_id":"7","_source":{"id_str":"2068000000000000001","text":"Lovely tram"}}"#,
      id: number),
    ArchivedShape(
      name: "Gnip",
      json:
        #"{"id":"tag:search.twitter.com,2005:2068000000000000001","verb":"post","body":"Lovely tram","twitter_lang":"en"}"#,
      id: number, lang: "en"),
    ArchivedShape(
      name: "Gnip's share",
      json:
        #"{"id":"tag:search.twitter.com,2005:2068000000000000001","verb":"share","body":"RT @a: Lov…","object":{"body":"Lov…","long_object":{"body":"Lovely tram"}}}"#,
      id: number),
    ArchivedShape(
      name: "MongoDB",
      json:
        #"{"_id":{"$oid":"0"},"id":{"$numberLong":"2068000000000000001"},"text":"Lovely tram"}"#,
      id: number),
    ArchivedShape(
      name: "the web page's requests",
      json:
        #"{"rest_id":"2068000000000000001","legacy":{"id_str":"2068000000000000001","full_text":"Lovely tram"}}"#,
      id: number),
    ArchivedShape(
      name: "a note of an export",
      json: #"{"noteTweet":{"noteTweetId":"2068000000000000001","core":{"text":"Lovely tram"}}}"#,
      id: number),
    ArchivedShape(
      name: "premium search",
      json: #"{"results":[{"id_str":"2068000000000000001","text":"Lovely tram"}],"next":"x"}"#,
      id: number),
    ArchivedShape(
      name: "a search answer of Elasticsearch",
      json:
        #"{"took":1,"hits":{"total":1,"hits":[{"_source":{"id_str":"2068000000000000001","text":"Lovely tram"}}]}}"#,
      id: number),
    ArchivedShape(
      name: "a document in a string",
      json: #""{\"id_str\":\"2068000000000000001\",\"text\":\"Lovely tram\"}""#, id: number),
    ArchivedShape(
      name: "Jetstream",
      json:
        #"{"did":"did:plc:a","time_us":1795255200000000,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"3lk","record":{"text":"Lovely tram","langs":["en"]}}}"#,
      id: "did:plc:a/3lk", namespace: "bluesky", lang: "en"),
    ArchivedShape(
      name: "a post of Bluesky's API",
      json:
        #"{"uri":"at://did:plc:a/app.bsky.feed.post/3lk","record":{"text":"Lovely tram","langs":["en"]}}"#,
      id: "did:plc:a/3lk", namespace: "bluesky", lang: "en"),
    ArchivedShape(
      name: "a status of Mastodon",
      json:
        #"{"id":"115600000000000001","uri":"https://m.example/1","content":"<p>Lovely tram</p>","visibility":"public","language":"en"}"#,
      id: "115600000000000001", namespace: "mastodon", lang: "en"),
    ArchivedShape(
      name: "a message of Mastodon's socket",
      json:
        #"{"stream":["public"],"event":"update","payload":"{\"id\":\"115600000000000001\",\"uri\":\"https://m.example/1\",\"content\":\"Lovely tram\",\"visibility\":\"public\"}"}"#,
      id: "115600000000000001", namespace: "mastodon"),
  ]
}

@Suite struct TweetDecoderArchivesTests {
  private func decode(_ json: String, shape: TweetShape = .automatic) -> [Decoded] {
    var decoder = TweetDecoder(shape: shape)
    return decoder.decode(Record(bytes: Array(json.utf8), format: .json, line: 1, end: 0))
  }

  @Test(arguments: ArchivedShape.all)
  func `a shape of another program gives its tweet`(_ shape: ArchivedShape) throws {
    let tweets = decode(shape.json).tweets
    try #require(tweets.count == 1)
    #expect(tweets[0].text == shape.text)
    #expect(tweets[0].id == shape.id)
    #expect(tweets[0].namespace == shape.namespace)
    #expect(tweets[0].lang == shape.lang)
    #expect(tweets[0].hasStableID == (shape.id != nil))
  }

  @Test func `a log record is not a tweet`() {
    let json =
      #"{"@timestamp":"2026-11-21T10:00:00Z","message":"disk full","level":"ERROR","user":"a"}"#
    #expect(decode(json).reasons == [.unknownShape])
  }

  @Test func `an unknown shape shows its members and the remedy`() throws {
    let decoded = decode(#"{"who":"a","said":"Lovely tram"}"#)
    guard case .undecodable(let error)? = decoded.first else {
      Issue.record("\(decoded)")
      return
    }
    #expect(error.detail.contains("text_field: who, said"))
  }

  @Test func `what an export says of tweets without text is a notice`() {
    let header = #"{"tweet":{"tweet_id":"1","user_id":"2","created_at":"x"}}"#
    #expect(decode(header).notices == [.other("tweet_header")])
    let deleted = #"{"tweet":{"id_str":"17","full_text":"a","deleted_at":"x"}}"#
    #expect(decode(deleted).notices == [.delete(id: "17")])
  }

  @Test func `ids of X in a mapped file are those of X`() {
    let mapping = JSONMapping(text: "said", id: "n", namespace: "source/s", sharesIDs: true)
    let tweets = decode(
      #"{"said":"a","n":2068000000000000001}"#, shape: .mapped(mapping)
    ).tweets
    #expect(tweets.first?.namespace == "x")
    let other = decode(#"{"said":"a","n":"k7"}"#, shape: .mapped(mapping)).tweets
    #expect(other.first?.namespace == "source/s")
  }
}
