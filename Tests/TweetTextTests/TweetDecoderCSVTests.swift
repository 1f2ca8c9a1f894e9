import Testing
import TweetText
import Tweets

@Suite struct TweetDecoderCSVTests {
  private func decode(
    _ columns: [String], _ line: String, csv: CSVMapping = .automatic
  ) -> [Decoded] {
    let header = CSVHeader(columns: columns, separator: UInt8(ascii: ","))
    let record = Record(bytes: Array(line.utf8), format: .csv(header), line: 2, end: 0)
    return Fixture.decode([record], csv: csv)
  }

  @Test func `columns are found by their usual names`() throws {
    let tweets = Fixture.decode(try Fixture.records("good/tweets.csv")).tweets
    #expect(tweets.map(\.text) == [#"quoted, with "marks" & comma"#, "plain"])
    #expect(tweets.map(\.hasStableID) == [true, true])
    let moment = Timestamp(rfc3339: "2015-08-07T16:54:46Z")
    #expect(tweets.map(\.createdAt) == [moment, moment])
    #expect(tweets.map(\.lang) == ["en", nil])
    #expect(tweets.map(\.tags) == [[], []])
  }

  @Test func `given columns come before the usual ones`() throws {
    let mapping = CSVMapping(
      text: "Subject", id: "id", time: ["none"], lang: "text", topic: "subject")
    let tweets = Fixture.decode(try Fixture.records("good/tweets.csv"), csv: mapping).tweets
    #expect(tweets.first?.text == "health")
    #expect(tweets.first?.id == "1")
    #expect(tweets.first?.hasStableID == false)
    #expect(tweets.first?.createdAt == nil)
    #expect(tweets.first?.tags == ["health"])
  }

  @Test(arguments: [
    ("tweet_id", "629697199560069120", "629697199560069120", true), ("TweetId", "17", "17", true),
    ("id", "17", "17", false), ("id", "6296971995", "6296971995", true),
    ("id", "6.29697E+17", nil, false), ("tweet_id", "6.29697E+17", nil, false),
    ("textID", "96e7497288", "96e7497288", false),
    ("textID", "9607497288", "9607497288", false), ("id_str", "", nil, false),
    ("tweet_id", "12a", "12a", false),
  ])
  func `an id is stable when column and digits say so`(
    column: String, value: String, id: String?, isStable: Bool
  ) {
    let tweet = decode(["text", column], "hello,\(value)").tweets.first
    #expect(tweet?.id == id)
    #expect(tweet?.hasStableID == isStable)
  }

  @Test func `a stable id tells the time where no column does`() {
    let tweet = decode(["text", "tweet_id"], "hello,629697199560069120").tweets.first
    #expect(tweet?.createdAt == Timestamp(milliseconds: 1_438_966_486_240))
  }

  @Test func `a header without text or a wrong number of fields is undecodable`() {
    #expect(decode(["a", "b"], "1,2").reasons == [.noTextColumn])
    #expect(decode(["text", "b"], "1,2,3").reasons == [.fieldCount])
    #expect(decode(["text", "b"], "1").reasons == [.fieldCount])
    #expect(decode(["text", "b"], "\"1\"x,2").reasons == [.quoting])
    #expect(decode(["text", "b"], " ") == [])
  }
}
