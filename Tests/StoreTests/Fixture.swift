import Aggregates
import Foundation
import GRDB
import Testing
import Tweets

import Store

/// A temporary directory that goes with the test.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "elmond-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}

enum Fixture {
  static let now = Timestamp(seconds: 1_800_000_000)

  /// One tweet's row, for each topic given.
  static func rows(
    at seconds: Int64, _ label: Label?, score: Int64, topics: [String] = ["all"],
    source: String = "s", lang: String = "en"
  ) -> [AggregateKey: AggregateValue] {
    var rows: [AggregateKey: AggregateValue] = [:]
    for topic in topics {
      let key = AggregateKey(
        bucketStart: AggregateKey.bucketStart(of: Timestamp(seconds: seconds)), source: source,
        topic: topic, lang: lang, model: "m")
      rows[key] = AggregateValue(
        label: label, score: score, probabilities: [1_000_000 - score, 0, score])
    }
    return rows
  }

  /// Tweets spread over `hours` hours up to `end`, the same ones for the same seed.
  static func aggregates(
    tweets: Int, hours: Int64, end: Int64 = now.seconds, topics: Int = 2, seed: UInt64 = 1
  ) -> [AggregateKey: AggregateValue] {
    var generator = SeededGenerator(seed: seed)
    var sums: [AggregateKey: AggregateValue] = [:]
    for _ in 0..<tweets {
      let at = end - Int64.random(in: 0..<(hours * 3600), using: &generator)
      let score = Int64.random(in: 0...1_000_000, using: &generator)
      let label: Label? =
        score % 97 == 0 ? nil : score < 400_000 ? .negative : score < 600_000 ? .neutral : .positive
      var names = ["all"]
      for topic in 0..<topics where Bool.random(using: &generator) {
        names.append("topic \(topic)")
      }
      let lang = Bool.random(using: &generator) ? "en" : "de"
      for (key, value) in rows(at: at, label, score: score, topics: names, lang: lang) {
        sums[key, default: AggregateValue()].merge(value)
      }
    }
    return sums
  }

  static func commit(
    _ aggregates: [AggregateKey: AggregateValue] = [:], at arrival: Timestamp = now
  ) -> StoreCommit {
    var commit = StoreCommit(arrival: arrival)
    commit.aggregates = aggregates
    return commit
  }

  static func seen(_ id: Int64, day: Int32 = 20_000, at seconds: Int64 = now.seconds) -> SeenTweet {
    SeenTweet(
      key: DedupKey(day: day, hash: id), version: 1,
      home: AggregateKey(
        bucketStart: AggregateKey.bucketStart(of: Timestamp(seconds: seconds)), source: "s",
        topic: "all", lang: "en", model: "m"),
      topics: ["tea", "coffee"], label: .positive, score: 750_000,
      probabilities: [125_001, 249_999, 625_000])
  }

  /// Runs a statement behind the store's back.
  static func change(_ path: String, _ sql: String) throws {
    try DatabaseQueue(path: path).inDatabase { db in try db.execute(sql: sql) }
  }

  /// The first column of a query, as text, by a connection of its own.
  static func texts(_ path: String, _ sql: String) throws -> [String] {
    try DatabaseQueue(path: path).inDatabase { db in try String.fetchAll(db, sql: sql) }
  }

  static func position(inode: UInt64 = 7, offset: Int64 = 100) -> FilePosition {
    FilePosition(
      path: "/in/a.jsonl", device: .max, inode: inode, fingerprint: 0xFFFF_0000_1234_5678,
      fingerprintLength: 64, codec: "plain", offset: offset, line: 3, itemsDone: 2, finished: true)
  }
}

extension ResultTable {
  /// The values of a column by its name.
  func column(_ name: String) -> [Value] {
    guard let index = columns.firstIndex(of: name) else { return [] }
    return rows.map { $0[index] }
  }
}

extension ResultTable.Value {
  var integer: Int64? {
    if case .integer(let number) = self { number } else { nil }
  }

  var real: Double? {
    if case .real(let number) = self { number } else { integer.map { Double($0) } }
  }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
