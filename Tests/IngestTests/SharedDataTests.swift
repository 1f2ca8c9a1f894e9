import Ingest
import Testing
import Tweets

/// What a real file must give.
struct SharedFile: Sendable {
  var path: String
  var good: Int
  var faults: [RecordFault] = []
  var blank = 0

  init(_ path: String, _ good: Int, faults: [RecordFault] = [], blank: Int = 0) {
    self.path = path
    self.good = good
    self.faults = faults
    self.blank = blank
  }

  static let all: [SharedFile] = [
    SharedFile("simdjson/twitter.json", 1),
    SharedFile("simdjson/twitter_api_compact_response.json", 2),
    SharedFile("simdjson/twitter_api_response.json", 2, blank: 2),
    SharedFile("simdjson/twitter_timeline.json", 20),
    SharedFile("simdjson/twitterescaped.json", 1),
    SharedFile("v1/pt_extended_tweet_in_compat_mode.json", 1),
    SharedFile("v1/pt_extended_tweet_in_extended_mode.json", 1),
    SharedFile("v1/pt_get_retweets.json", 14),
    SharedFile("v1/pt_get_search_raw.json", 1),
    SharedFile("v1/pt_get_status_promoted_video_tweet.json", 1),
    SharedFile("v1/pt_get_status_with_place.json", 1),
    SharedFile("v1/pt_get_user_timeline.json", 20),
    SharedFile("v1/pt_status_quoted_tweet.json", 1),
    SharedFile("v1/pt_status_quoted_tweet_with_media.json", 1),
    SharedFile("v1/pt_streaming_extended_tweet.json", 1),
    SharedFile("v1/sample_stream_2010_a.jsonl", 100),
    SharedFile("v1/stream_2018_extended_a.jsonl", 36),
    SharedFile("v1/updates_initial_compatibility_classic_13995.json", 2, faults: [.stray]),
    SharedFile("v1/updates_initial_compatibility_classic_hidden_13797.json", 1),
    SharedFile("v1/updates_initial_compatibility_extended_13996.json", 1),
    SharedFile("v1/updates_initial_compatibilityplus_classic_13994.json", 1),
    SharedFile("v1/updates_initial_compatibilityplus_classic_hidden_13797.json", 1),
    SharedFile("v1/updates_initial_compatibilityplus_extended_13997.json", 1),
    SharedFile("v1/updates_initial_extended_classic_14002.json", 1),
    SharedFile("v1/updates_initial_extended_classic_hidden_13761.json", 1),
    SharedFile("v1/updates_initial_extended_extended_14001.json", 1),
    SharedFile("v2/counts.jsonl", 1),
    SharedFile("v2/edited.jsonl", 1),
    SharedFile("v2/edited_after.jsonl", 1),
    SharedFile("v2/edited_before.jsonl", 1),
    SharedFile("v2/empty.json", 0),
    SharedFile("v2/flat.jsonl", 100),
    SharedFile("v2/geo_tweets.jsonl", 2),
    SharedFile("v2/media_tweet.jsonl", 1),
    SharedFile("v2/mentions_tweet.jsonl", 1),
    SharedFile("v2/quoted_edit.jsonl", 1),
    SharedFile("v2/streaming_output_with_error.jsonl", 7, faults: [.cut]),
    SharedFile("v2/tweets_compliance.jsonl", 2, blank: 1),
    SharedFile("v2/two_tweets.jsonl", 1),
    SharedFile("v2/withheld.jsonl", 5),
  ]
}

@Suite(.enabled(if: SharedData.isThere, "the folder ../shared is missing"))
struct SharedDataTests {
  @Test(arguments: SharedFile.all)
  func `a real JSON file gives exactly its documents`(_ file: SharedFile) throws {
    let path = SharedData.path + "tweet_json/" + file.path
    let count = try Count(path)
    #expect(count.good == file.good)
    #expect(count.faults == file.faults)
    #expect(count.blank == file.blank)
    #expect(count.ends.last ?? 0 == Int64(try bytes(of: path).count))
  }

  @Test(arguments: SharedFile.all)
  func `a restart anywhere in a real JSON file gives the rest`(_ file: SharedFile) throws {
    let bytes = try bytes(of: SharedData.path + "tweet_json/" + file.path)
    let (seen, framings) = frame(bytes, RecordFramer(hints: FormatHints(format: .auto)))
    #expect(
      frame(bytes, RecordFramer(hints: FormatHints(format: .auto)), chunks: .fixed(4099)).seen
        == seen)
    for index in seen.indices {
      guard let framing = framings[index] else { continue }
      let framer = RecordFramer(
        framing: framing, startingAt: seen[index].end, line: seen[index].lines)
      let rest = frame(Array(bytes[Int(seen[index].end)...]), framer).seen
      #expect(rest == Array(seen[(index + 1)...]), "record \(index)")
    }
  }

  @Test(arguments: [
    ("gop_debate/Sentiment.csv", 13_871), ("tse/all_31014.csv", 31_014),
    ("sanders/full-corpus.csv", 5_113), ("davidson/labeled_data.csv", 24_783),
  ])
  func `a real CSV file gives exactly its rows`(_ name: String, _ rows: Int) throws {
    let count = try Count(SharedData.path + name)
    #expect(count.good == rows)
    #expect(count.faults == [])
    #expect(count.blank == 1)
  }

  @Test func `the large compressed file gives a document a line`() throws {
    let count = try Count(SharedData.path + "stocknet/stocknet.jsonl.xz")
    #expect(count.good == 86_826)
    #expect(count.faults == [])
    #expect(count.blank == 0)
  }

  /// What a reader gives for a file.
  private struct Count {
    var good = 0
    var blank = 0
    var faults: [RecordFault] = []
    var ends: [Int64] = []

    init(_ path: String) throws {
      var reader = try RecordReader(path: path)
      while let record = try reader.next() {
        ends.append(record.end)
        if let fault = record.fault {
          faults.append(fault)
        } else if record.format == .blank {
          blank += 1
        } else {
          good += 1
        }
      }
    }
  }
}
