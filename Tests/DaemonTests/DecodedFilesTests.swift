import Foundation
import Ingest
import Testing
import TweetText
import Tweets

/// What a file gives on its way through the reader and the decoder.
struct DecodedCounts: Sendable, Equatable, CustomStringConvertible {
  var tweets = 0
  var notices = 0
  /// Records that were cut, stray, too long or open, and those the decoder refused.
  var undecodable = 0

  var description: String { "\(tweets) tweets, \(notices) notices, \(undecodable) undecodable" }

  init(_ tweets: Int, _ notices: Int, _ undecodable: Int) {
    self.tweets = tweets
    self.notices = notices
    self.undecodable = undecodable
  }

  /// The counts of a file, read as the commands and the daemon read it.
  init(readingFrom path: String, options: IngestOptions = IngestOptions()) throws {
    var decoder = TweetDecoder()
    var reader = try RecordReader(path: path, options: options)
    while let record = try reader.next() {
      for decoded in decoder.decode(record) {
        switch decoded {
        case .tweet: tweets += 1
        case .notice: notices += 1
        case .undecodable: undecodable += 1
        }
      }
    }
  }
}

/// A real file beside the project and what it must give.
struct RealFile: Sendable, CustomTestStringConvertible {
  var path: String
  var counts: DecodedCounts

  var testDescription: String { path }

  init(_ path: String, _ tweets: Int, _ notices: Int, _ undecodable: Int) {
    self.path = path
    counts = DecodedCounts(tweets, notices, undecodable)
  }

  /// The folder of real data, which not every machine has.
  static let folder = Fixture.packageRoot.appending(path: "../shared/data/")
    .standardizedFileURL.path(percentEncoded: false)

  static let isThere = FileManager.default.fileExists(atPath: folder + "tweet_json")

  static let all: [RealFile] = [
    RealFile("tweet_json/simdjson/twitter.json", 100, 0, 0),
    RealFile("tweet_json/simdjson/twitter_api_compact_response.json", 2, 0, 0),
    RealFile("tweet_json/simdjson/twitter_api_response.json", 2, 0, 0),
    RealFile("tweet_json/simdjson/twitter_timeline.json", 20, 0, 0),
    RealFile("tweet_json/simdjson/twitterescaped.json", 100, 0, 0),
    RealFile("tweet_json/v1/pt_extended_tweet_in_compat_mode.json", 1, 0, 0),
    RealFile("tweet_json/v1/pt_extended_tweet_in_extended_mode.json", 1, 0, 0),
    RealFile("tweet_json/v1/pt_get_retweets.json", 14, 0, 0),
    RealFile("tweet_json/v1/pt_get_search_raw.json", 100, 0, 0),
    RealFile("tweet_json/v1/pt_get_status_promoted_video_tweet.json", 1, 0, 0),
    RealFile("tweet_json/v1/pt_get_status_with_place.json", 1, 0, 0),
    RealFile("tweet_json/v1/pt_get_user_timeline.json", 20, 0, 0),
    RealFile("tweet_json/v1/pt_status_quoted_tweet.json", 1, 0, 0),
    RealFile("tweet_json/v1/pt_status_quoted_tweet_with_media.json", 1, 0, 0),
    RealFile("tweet_json/v1/pt_streaming_extended_tweet.json", 1, 0, 0),
    RealFile("tweet_json/v1/sample_stream_2010_a.jsonl", 94, 6, 0),
    RealFile("tweet_json/v1/stream_2018_extended_a.jsonl", 36, 0, 0),
    RealFile("tweet_json/v1/updates_initial_compatibility_classic_13995.json", 2, 0, 1),
    RealFile("tweet_json/v1/updates_initial_compatibility_classic_hidden_13797.json", 1, 0, 0),
    RealFile("tweet_json/v1/updates_initial_compatibility_extended_13996.json", 1, 0, 0),
    RealFile("tweet_json/v1/updates_initial_compatibilityplus_classic_13994.json", 1, 0, 0),
    RealFile("tweet_json/v1/updates_initial_compatibilityplus_classic_hidden_13797.json", 1, 0, 0),
    RealFile("tweet_json/v1/updates_initial_compatibilityplus_extended_13997.json", 1, 0, 0),
    RealFile("tweet_json/v1/updates_initial_extended_classic_14002.json", 1, 0, 0),
    RealFile("tweet_json/v1/updates_initial_extended_classic_hidden_13761.json", 1, 0, 0),
    RealFile("tweet_json/v1/updates_initial_extended_extended_14001.json", 1, 0, 0),
    RealFile("tweet_json/v2/counts.jsonl", 0, 1, 0),
    RealFile("tweet_json/v2/edited.jsonl", 1, 0, 0),
    RealFile("tweet_json/v2/edited_after.jsonl", 1, 0, 0),
    RealFile("tweet_json/v2/edited_before.jsonl", 1, 0, 0),
    RealFile("tweet_json/v2/empty.json", 0, 0, 0),
    RealFile("tweet_json/v2/flat.jsonl", 100, 0, 0),
    RealFile("tweet_json/v2/geo_tweets.jsonl", 2, 0, 0),
    RealFile("tweet_json/v2/media_tweet.jsonl", 1, 0, 0),
    RealFile("tweet_json/v2/mentions_tweet.jsonl", 1, 0, 0),
    RealFile("tweet_json/v2/quoted_edit.jsonl", 1, 0, 0),
    RealFile("tweet_json/v2/streaming_output_with_error.jsonl", 7, 0, 1),
    RealFile("tweet_json/v2/tweets_compliance.jsonl", 0, 2, 0),
    RealFile("tweet_json/v2/two_tweets.jsonl", 1, 0, 0),
    RealFile("tweet_json/v2/withheld.jsonl", 215, 0, 0),
    RealFile("gop_debate/Sentiment.csv", 13_871, 0, 0),
  ]
}

@Suite(.enabled(if: RealFile.isThere, "the folder ../shared is missing"))
struct RealDecodedFilesTests {
  @Test(arguments: RealFile.all)
  func `a real file gives exactly its tweets`(_ file: RealFile) throws {
    #expect(try DecodedCounts(readingFrom: RealFile.folder + file.path) == file.counts)
  }

  @Test func `no real JSON file is left out`() throws {
    let found = try #require(
      FileManager.default.enumerator(atPath: RealFile.folder + "tweet_json"))
    let names = found.compactMap { $0 as? String }.filter {
      $0.hasSuffix(".json") || $0.hasSuffix(".jsonl")
    }
    let known = Set(RealFile.all.map(\.path))
    #expect(names.filter { !known.contains("tweet_json/" + $0) } == [])
  }
}

/// A small file with a fault that a real one has, in words of our own.
struct BrokenFile: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  var counts: DecodedCounts
  var recordBytes = 1 << 20

  var testDescription: String { name }

  init(_ name: String, _ text: String, _ tweets: Int, _ notices: Int, _ undecodable: Int) {
    self.init(name, Array(text.utf8), tweets, notices, undecodable)
  }

  init(
    _ name: String, _ bytes: [UInt8], _ tweets: Int, _ notices: Int, _ undecodable: Int,
    recordBytes: Int = 1 << 20
  ) {
    self.name = name
    self.bytes = bytes
    self.recordBytes = recordBytes
    counts = DecodedCounts(tweets, notices, undecodable)
  }

  static func v1(_ id: Int, _ text: String = "the quiet tram was on time") -> String {
    #"{"created_at":"Fri Nov 20 12:00:00 +0000 2026","id":\#(id),"id_str":"\#(id)","text":"\#(text)"}"#
  }

  static func v2(_ id: Int, _ text: String = "rain again, and no umbrella") -> String {
    #"{"data":{"id":"\#(id)","text":"\#(text)","created_at":"2026-11-20T12:00:00.000Z"}}"#
  }

  static func delete(_ id: Int) -> String {
    #"{"delete":{"status":{"id":\#(id),"id_str":"\#(id)","user_id":7,"user_id_str":"7"}}}"#
  }

  static func pretty(_ id: Int) -> String {
    """
    {
      "created_at": "Fri Nov 20 12:00:00 +0000 2026",
      "id": \(id),
      "id_str": "\(id)",
      "full_text": "tea {and} \\"cake\\" at five"
    }
    """
  }

  static func lines(_ lines: String...) -> String {
    lines.map { $0 + "\n" }.joined()
  }

  /// The bytes of a text in which every `?` stands for one byte that is no UTF-8.
  static func damaged(_ text: String) -> [UInt8] {
    text.utf8.map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
  }

  static let all: [BrokenFile] = [
    BrokenFile("whole.jsonl", lines(v1(1), v2(2), v1(3)), 3, 0, 0),
    BrokenFile("no-end-of-line.jsonl", v1(1) + "\n" + v1(2), 2, 0, 0),
    BrokenFile("cut-last-line.jsonl", lines(v2(1), v2(2)) + v2(3).dropLast(25), 2, 0, 1),
    BrokenFile(
      "cut-in-the-middle.jsonl", lines(v1(1), String(v1(2).dropLast(20)), v1(3), v1(4)), 3, 0, 1),
    BrokenFile(
      "captions.json",
      lines(
        "The first reply:", pretty(1), "", "And the second, one day later:", pretty(2)), 2, 0, 2),
    BrokenFile(
      "blank-lines-and-deletes.jsonl",
      "\r\n" + v1(1) + "\r\n\r\n" + delete(9) + "\r\n\r\n" + delete(8) + "\r\n" + v1(2) + "\r\n",
      2, 2, 0),
    BrokenFile(
      "zero-bytes.jsonl", lines(v1(1), String(repeating: "\0", count: 512), v1(2)), 2, 0, 1),
    BrokenFile("not-json.jsonl", lines(v1(1), "bonjour", v1(2), "[1, 2]", v1(3)), 3, 0, 2),
    BrokenFile(
      "length-lines.jsonl",
      lines(String(v1(1).utf8.count), v1(1), String(v1(2).utf8.count), v1(2)), 2, 0, 0),
    BrokenFile("no-text.jsonl", lines(v1(1), #"{"id":2,"id_str":"2","created_at":""}"#), 1, 0, 1),
    BrokenFile(
      "page.json", #"{"data":[{"id":"1","text":"a"},{"id":"2","text":"b"}],"meta":{}}"#, 2, 0, 0),
    BrokenFile("array.json", "[\n\(v1(1)),\n\(v1(2))\n]\n", 2, 0, 0),
    BrokenFile("lone-surrogate.jsonl", lines(v1(1, #"half \ud83d of a face"#), v1(2)), 2, 0, 0),
    BrokenFile("invalid-utf8.jsonl", damaged(lines(v1(1, "caf? cr?me"), v1(2))), 2, 0, 0),
    BrokenFile("invalid-utf8.txt", damaged("caf? au lait\nsecond line\n"), 2, 0, 0),
    BrokenFile(
      "too-long.jsonl",
      Array(lines(v1(1), v1(2, String(repeating: "a", count: 5000)), v1(3)).utf8), 2, 0, 1,
      recordBytes: 4096),
    BrokenFile(
      "too-long-last.jsonl",
      Array((lines(v1(1)) + v1(2, String(repeating: "a", count: 5000))).utf8), 1, 0, 1,
      recordBytes: 4096),
    BrokenFile("quoted.csv", "id,text\n1,\"one, two\nand \"\"three\"\"\"\n2,four\n", 2, 0, 0),
    BrokenFile("field-count.csv", "id,text\n1,one\n2,two,more\n3,three\n", 2, 0, 1),
    BrokenFile("open-quote.csv", "id,text\n1,one\n2,two\n3,\"three\n", 2, 0, 1),
    BrokenFile("header-only.csv", "id,text\n", 0, 0, 0),
    BrokenFile("no-text-column.csv", "alpha,beta\n1,2\n3,4\n", 0, 0, 2),
    BrokenFile("empty.jsonl", "", 0, 0, 0),
  ]
}

struct BrokenDecodedFilesTests {
  @Test(arguments: BrokenFile.all)
  func `a broken file gives exactly its good tweets`(_ file: BrokenFile) throws {
    try Fixture.withFolder { folder in
      let path = folder + "/" + file.name
      try Data(file.bytes).write(to: URL(filePath: path))
      let options = IngestOptions(frame: FrameLimits(recordBytes: file.recordBytes))
      #expect(try DecodedCounts(readingFrom: path, options: options) == file.counts)
    }
  }
}
