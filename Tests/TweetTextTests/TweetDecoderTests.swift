import Testing
import TweetText
import Tweets

@Suite struct TweetDecoderTests {
  private static let first: Int64 = (1_700_000_000_000 - 1_288_834_974_657) << 22
  private static let moment = Timestamp(milliseconds: 1_700_000_000_000)
  private static let long =
    "The long form of a post, which the short field cuts off in its middle because it was made for 140 characters only"

  private func id(_ n: Int64) -> String { String(Self.first + n) }

  @Test func `v1-1 tweets give full text, own id and own time`() throws {
    let tweets = Fixture.decode(try Fixture.records("good/v1_tweets.jsonl")).tweets
    let texts = [
      "Ham & eggs", Self.long, "Extended mode", Self.long, "Look at this", "from 2010", "é 😂 a/b",
      "no time at all", "time from the id only", "",
    ]
    #expect(tweets.map(\.text) == texts)
    #expect(
      tweets[0]
        == Tweet(
          id: id(1), hasStableID: true, text: "Ham & eggs", createdAt: Self.moment, lang: "en"))
    #expect(tweets[1].createdAt?.milliseconds == 1_700_000_000_123)
    #expect(tweets[3].id == id(4))
    #expect(tweets[3].lang == "en")
    #expect(tweets[3].createdAt?.milliseconds == 1_700_000_001_000)
    #expect(tweets[5].id == "11858561004")
    #expect(tweets[5].createdAt == Timestamp(rfc3339: "2010-04-09T02:41:12Z"))
    #expect(tweets[5].lang == nil)
    #expect(tweets[7].createdAt == nil)
    #expect(tweets[8].createdAt == Self.moment)
  }

  @Test func `v1-1 notices are told by their kind`() throws {
    let decoded = Fixture.decode(try Fixture.records("good/v1_notices.jsonl"))
    let kinds = ["limit", "scrub_geo", "status_withheld", "user_withheld", "disconnect", "warning"]
    #expect(decoded.notices == [.delete(id: "1234")] + kinds.map { .other($0) })
    #expect(decoded.count == 7)
  }

  @Test func `v2 stream lines give text, tags, chain and notices`() throws {
    let decoded = Fixture.decode(try Fixture.records("good/v2_stream.jsonl"))
    let tweets = decoded.tweets
    let texts = [
      "A post <3", Self.long, Self.long, "RT @a: gone…", "defaults only", "with errors",
    ]
    #expect(tweets.map(\.text) == texts)
    #expect(tweets[0].tags == ["brand-a", "brand-b"])
    #expect(tweets[1].tags == [])
    #expect(tweets[2].id == id(3))
    #expect(tweets.map(\.chain) == [nil, nil, nil, nil, id(4), nil])
    #expect(tweets[4].createdAt == Self.moment)
    #expect(tweets.allSatisfy { $0.hasStableID })
    #expect(decoded.notices == [.other("disconnect"), .other("errors"), .other("problem")])
    #expect(decoded.reasons == [])
  }

  @Test func `a v2 page gives each of its tweets`() throws {
    let decoded = Fixture.decode(try Fixture.records("good/v2_page.jsonl"))
    #expect(decoded.tweets.map(\.text) == ["one", "two in full", "three"])
    #expect(decoded.tweets.map(\.id) == [id(1), id(2), id(3)])
    #expect(decoded.notices == [.other("empty"), .other("meta")])
  }

  @Test func `flattened v2 gives the inlined original of a retweet`() throws {
    let tweets = Fixture.decode(try Fixture.records("good/v2_flattened.jsonl")).tweets
    #expect(tweets.map(\.text) == ["flat", "flat and long", "an answer"])
    #expect(tweets[1].tags == ["t"])
  }

  @Test func `scraper lines give the raw content and numbers as ids`() throws {
    let tweets = Fixture.decode(try Fixture.records("good/scraper.jsonl")).tweets
    #expect(tweets.map(\.text) == ["raw words", "older words", "cut no more", "only rendered"])
    #expect(tweets.map(\.id) == [id(1), id(2), id(3), id(4)])
    #expect(tweets.allSatisfy { $0.createdAt == Self.moment && $0.hasStableID })
  }

  @Test func `an account export gives its tweets, wrapped or bare`() throws {
    let tweets = Fixture.decode(try Fixture.records("good/account_export.jsonl")).tweets
    #expect(tweets.map(\.text) == ["mine", "mine, edited", "bare"])
    #expect(tweets.map(\.chain) == [nil, id(1), nil])
  }

  @Test(arguments: [("good/v1_search.json", 2), ("good/v1_array.json", 3)])
  func `an answer with many tweets gives them all`(name: String, count: Int) throws {
    let decoded = Fixture.decode(try Fixture.records(name))
    #expect(decoded.tweets.count == count)
    #expect(decoded.count == count)
  }

  @Test func `plain text is a tweet a line`() throws {
    let decoded = Fixture.decode(try Fixture.records("good/plain.txt"))
    #expect(decoded.tweets.map(\.text) == ["a tweet a line", "with & entity", "{not json}"])
    #expect(decoded.tweets.allSatisfy { $0.id == nil && !$0.hasStableID })
    #expect(decoded.count == 3)
  }

  @Test func `a fault of the framer becomes an undecodable record`() {
    let faults: [RecordFault] = [.tooLong, .cut, .stray, .openQuote]
    let records = faults.map { Record(bytes: [], format: .json, line: 1, end: 0, fault: $0) }
    #expect(Fixture.decode(records).reasons == [.tooLong, .cut, .stray, .quoting])
  }

  @Test(arguments: [
    ("malformed/v2_cut_last_line.jsonl", 2, 0, [DecodeError.Reason.truncated]),
    ("malformed/v2_compliance_after_blank.jsonl", 0, 2, []),
    ("malformed/v1_caption_between.json", 0, 0, [.syntax]),
    ("malformed/v2_errors_mixed.jsonl", 3, 1, [.noText, .unknownShape]),
    ("malformed/zero_bytes.json", 0, 0, []), ("malformed/v2_counts_only.jsonl", 0, 1, []),
    ("malformed/v2_edits.jsonl", 2, 0, []), ("malformed/v1_deletes_of_2010.jsonl", 1, 2, []),
    ("malformed/spoiled_ids.csv", 3, 0, [.fieldCount, .quoting]),
    ("malformed/lone_surrogates.jsonl", 2, 0, []), ("malformed/invalid_utf8.jsonl", 2, 0, []),
    ("malformed/nul_and_control.jsonl", 1, 0, [.syntax]),
    (
      "malformed/unrelated_objects.jsonl", 0, 1,
      [
        .unknownShape, .unknownShape, .unknownShape, .unknownShape, .unknownShape, .noText,
        .unknownShape, .unknownShape,
      ]
    ),
    (
      "malformed/broken_grammar.jsonl", 1, 0,
      [.syntax, .syntax, .syntax, .truncated, .syntax, .tooDeep]
    ),
  ])
  func `of a malformed file exactly the good records count`(
    name: String, tweets: Int, notices: Int, reasons: [DecodeError.Reason]
  ) throws {
    let decoded = Fixture.decode(try Fixture.records(name))
    #expect(decoded.tweets.count == tweets)
    #expect(decoded.notices.count == notices)
    #expect(decoded.reasons == reasons)
  }

  @Test func `what is spoiled inside a text is replaced or removed`() throws {
    func texts(_ name: String) throws -> [String] {
      Fixture.decode(try Fixture.records("malformed/" + name)).tweets.map(\.text)
    }
    #expect(try texts("lone_surrogates.jsonl") == ["cut emoji \u{FFFD}", "\u{FFFD} and back 😂"])
    #expect(try texts("invalid_utf8.jsonl") == ["caf\u{FFFD}", "cut \u{FFFD}"])
    #expect(try texts("nul_and_control.jsonl") == ["abc"])
    #expect(try texts("broken_grammar.jsonl") == ["last wins"])
  }

  @Test func `both forms of an edited tweet name the same chain`() throws {
    let tweets = Fixture.decode(try Fixture.records("malformed/v2_edits.jsonl")).tweets
    #expect(tweets.map(\.chain) == [id(2), id(2)])
    #expect(tweets.map(\.id) == [id(2), id(3)])
  }

  @Test func `a delete of 2010 names its id without id_str`() throws {
    let decoded = Fixture.decode(try Fixture.records("malformed/v1_deletes_of_2010.jsonl"))
    #expect(decoded.notices == [.delete(id: "11858115800"), .delete(id: "11787355202")])
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `spoiled bytes give an error and never a trap`(seed: UInt64) {
    let text =
      #"{"id_str":"1","a":[1,-2.5e3,true,null,{"b":"\ud83d\ude02 é \\ \n"}],"text":"x","c":{"d":[]}}"#
    var random = SeededGenerator(seed: seed)
    var decoder = TweetDecoder()
    for _ in 0..<30_000 {
      var bytes = Array(text.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
        }
      }
      let decoded = decoder.decode(Record(bytes: bytes, format: .json, line: 1, end: 0))
      #expect(decoded.count == 1, "seed \(seed)")
    }
  }
}
