import JSON
import Foundation
import Training
import TweetText
import Tweets

/// Made-up tweets for the benchmark: as long as real ones, words drawn by Zipf's law, the same on every machine.
struct BenchText {
  /// Texts of 4 to 31 words, 17.4 on average, as in the debate data.
  let texts: [String]
  /// The texts as v1.1 JSON lines.
  let lines: [String]
  /// Every word that occurs, each once.
  let vocabulary: [String]

  /// The made-up tweets.
  init(count: Int, words types: Int = 8000, seed: UInt64 = 7) {
    var generator = SeededGenerator(seed: seed)
    let words = (0..<types).map { _ in BenchText.word(&generator) }
    // The inverse of the harmonic sum turns a uniform draw into a rank with weight 1 / rank.
    let top = Double(words.count)
    self.init(
      (0..<count).map { _ in
        let length =
          4 + Int.random(in: 0...9, using: &generator)
          + Int.random(in: 0...9, using: &generator) + Int.random(in: 0...9, using: &generator)
        return (0..<length).map { _ in
          let draw = Double.random(in: 0..<1, using: &generator)
          return words[min(words.count - 1, Int(pow(top, draw)) - 1)]
        }.joined(separator: " ")
      })
  }

  /// These texts, as they are.
  init(_ texts: [String]) {
    self.texts = texts
    lines = texts.enumerated().map { index, text in
      """
      {"created_at":"Fri Nov 20 18:00:00 +0000 2026","id":\(1_990_000_000_000_000_000 + index),\
      "id_str":"\(1_990_000_000_000_000_000 + index)","text":\(JSONText.quote(text)),\
      "source":"<a href=\\"https:\\/\\/example.com\\" rel=\\"nofollow\\">Example for Desktop<\\/a>",\
      "truncated":false,"in_reply_to_status_id":null,"user":{"id":42,"id_str":"42",\
      "name":"A Name","screen_name":"a_name","location":"Somewhere","description":"A line of text, \
      as people write about themselves \\u2014 with an escape.","followers_count":120,\
      "friends_count":80,"created_at":"Wed Oct 10 20:19:24 +0000 2018","verified":false,\
      "profile_image_url":"http:\\/\\/example.com\\/image_normal.jpg"},"geo":null,\
      "entities":{"hashtags":[],"urls":[],"user_mentions":[],"symbols":[]},"retweet_count":0,\
      "favorite_count":0,"favorited":false,"retweeted":false,"lang":"en",\
      "timestamp_ms":"\(1_795_000_000_000 + index * 1000)"}
      """
    }
    vocabulary = Array(Set(texts.flatMap { $0.split(separator: " ").map(String.init) })).sorted()
  }

  /// The lines as the decoder reads them.
  var records: [Record] {
    lines.map { Record(bytes: Array($0.utf8), format: .json, line: 1, end: 0) }
  }

  private static func word(_ generator: inout SeededGenerator) -> String {
    let length =
      2 + Int.random(in: 0...4, using: &generator)
      + Int.random(in: 0...3, using: &generator)
    return String(
      (0..<length).map { _ in
        Character(Unicode.Scalar(UInt8.random(in: 0x61...0x7A, using: &generator)))
      })
  }
}
