import Testing
import TweetText
import Tweets

/// Counts and bytes of text found by an independent script in Python.
@Suite(.enabled(if: SharedData.isThere)) struct SharedDataTests {
  @Test(arguments: [
    ("simdjson/twitter.json", 100, 0, 0, 32_512),
    ("simdjson/twitter_api_compact_response.json", 2, 0, 0, 231),
    ("simdjson/twitter_api_response.json", 2, 0, 0, 231),
    ("simdjson/twitter_timeline.json", 20, 0, 0, 1_274),
    ("simdjson/twitterescaped.json", 100, 0, 0, 32_512),
    ("v1/pt_extended_tweet_in_compat_mode.json", 1, 0, 0, 142),
    ("v1/pt_extended_tweet_in_extended_mode.json", 1, 0, 0, 164),
    ("v1/pt_get_retweets.json", 14, 0, 0, 196),
    ("v1/pt_get_search_raw.json", 100, 0, 0, 8_566),
    ("v1/pt_get_status_promoted_video_tweet.json", 1, 0, 0, 137),
    ("v1/pt_get_status_with_place.json", 1, 0, 0, 44),
    ("v1/pt_get_user_timeline.json", 20, 0, 0, 2_120),
    ("v1/pt_status_quoted_tweet.json", 1, 0, 0, 142),
    ("v1/pt_status_quoted_tweet_with_media.json", 1, 0, 0, 158),
    ("v1/pt_streaming_extended_tweet.json", 1, 0, 0, 203),
    ("v1/sample_stream_2010_a.jsonl", 94, 6, 0, 8_202),
    ("v1/stream_2018_extended_a.jsonl", 36, 0, 0, 10_124),
    ("v1/updates_initial_compatibility_classic_13995.json", 0, 0, 1, 0),
    ("v1/updates_initial_compatibility_classic_hidden_13797.json", 1, 0, 0, 104),
    ("v1/updates_initial_compatibility_extended_13996.json", 1, 0, 0, 104),
    ("v1/updates_initial_compatibilityplus_classic_13994.json", 1, 0, 0, 146),
    ("v1/updates_initial_compatibilityplus_classic_hidden_13797.json", 1, 0, 0, 149),
    ("v1/updates_initial_compatibilityplus_extended_13997.json", 1, 0, 0, 149),
    ("v1/updates_initial_extended_classic_14002.json", 1, 0, 0, 41),
    ("v1/updates_initial_extended_classic_hidden_13761.json", 1, 0, 0, 71),
    ("v1/updates_initial_extended_extended_14001.json", 1, 0, 0, 154),
    ("v2/counts.jsonl", 0, 1, 0, 0), ("v2/edited.jsonl", 1, 0, 0, 30),
    ("v2/edited_after.jsonl", 1, 0, 0, 30), ("v2/edited_before.jsonl", 1, 0, 0, 78),
    ("v2/empty.json", 0, 0, 0, 0), ("v2/flat.jsonl", 100, 0, 0, 18_696),
    ("v2/geo_tweets.jsonl", 2, 0, 0, 533), ("v2/media_tweet.jsonl", 1, 0, 0, 49),
    ("v2/mentions_tweet.jsonl", 1, 0, 0, 324), ("v2/quoted_edit.jsonl", 1, 0, 0, 40),
    ("v2/streaming_output_with_error.jsonl", 7, 0, 1, 1_052),
    ("v2/tweets_compliance.jsonl", 0, 2, 0, 0), ("v2/two_tweets.jsonl", 1, 0, 0, 11),
    ("v2/withheld.jsonl", 215, 0, 0, 27_367), ("../stocknet/sample500.jsonl", 500, 0, 0, 48_391),
  ])
  func `a real file gives exactly its tweets, notices and bad records`(
    name: String, tweets: Int, notices: Int, undecodable: Int, textBytes: Int
  ) throws {
    let decoded = Fixture.decode(try SharedData.records("tweet_json/" + name))
    #expect(decoded.tweets.count == tweets)
    #expect(decoded.notices.count == notices)
    #expect(decoded.reasons.count == undecodable)
    #expect(decoded.tweets.reduce(0) { $0 + $1.text.utf8.count } == textBytes)
    // Each of these files gives ids; and every tweet has a time.
    #expect(decoded.tweets.allSatisfy { $0.hasStableID && $0.createdAt != nil })
  }

  @Test(arguments: [
    ("gop_debate/Sentiment.csv", 13_871, 13_751, 13_871, 1_602_656),
    ("sanders/full-corpus.csv", 5_113, 5_113, 5_113, 505_160),
    ("tse/all_31014.csv", 31_014, 0, 0, 2_117_920),
    ("davidson/labeled_data.csv", 24_783, 0, 0, 2_039_338),
  ])
  func `a real CSV gives all its rows`(
    name: String, rows: Int, stable: Int, times: Int, textBytes: Int
  ) throws {
    let decoded = Fixture.decode(try csvRecords(name))
    #expect(decoded.count == rows)
    #expect(decoded.tweets.count == rows)
    #expect(decoded.tweets.count { $0.hasStableID } == stable)
    #expect(decoded.tweets.count { $0.createdAt != nil } == times)
    #expect(decoded.tweets.reduce(0) { $0 + $1.text.utf8.count } == textBytes)
  }

  /// Splits a file at the line ends outside of quotations.
  private func csvRecords(_ name: String) throws -> [Record] {
    var lines: [[UInt8]] = [[]]
    var isQuoted = false
    for byte in try SharedData.bytes(name) {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == 0x0A, !isQuoted {
        if lines[lines.count - 1].last == 0x0D { lines[lines.count - 1].removeLast() }
        lines.append([])
      } else {
        lines[lines.count - 1].append(byte)
      }
    }
    if lines.last == [] { lines.removeLast() }
    let columns = try CSVRecord.split(lines.removeFirst(), separator: UInt8(ascii: ","))
    let header = CSVHeader(columns: columns, separator: UInt8(ascii: ","))
    return lines.map { Record(bytes: $0, format: .csv(header), line: 1, end: 0) }
  }

  @Test(arguments: CleaningProfile.allCases)
  func `cleaning real tweets twice is cleaning them once`(profile: CleaningProfile) throws {
    let names = [
      "stocknet/sample500.jsonl", "tweet_json/simdjson/twitter.json", "tweet_json/v2/flat.jsonl",
      "tweet_json/v1/stream_2018_extended_a.jsonl",
    ]
    for name in names {
      for tweet in Fixture.decode(try SharedData.records(name)).tweets {
        let once = profile.clean(tweet.text)
        #expect(Array(profile.clean(once).utf8) == Array(once.utf8))
      }
    }
  }
}
