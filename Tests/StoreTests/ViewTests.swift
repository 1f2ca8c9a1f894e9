import Aggregates
import Foundation
import GRDB
import Testing
import Tweets

import Store

struct ViewTests {
  static let figures = [
    "tweets", "negative", "neutral", "positive", "score_mean", "score_sd", "positive_share",
    "positive_low", "positive_high", "negative_share", "negative_low", "negative_high", "final",
    "undecided", "negative_expected", "neutral_expected", "positive_expected",
  ]

  static let columns: [(String, [String])] =
    ["minutely", "hourly", "daily"].flatMap { name in
      [
        (name, ["bucket", "bucket_start", "topic"] + figures),
        (
          name + "_detail",
          ["bucket", "bucket_start", "topic", "source", "lang", "model"] + figures
        ),
      ]
    } + [
      ("rolling", ["window", "bucket", "bucket_start", "topic"] + figures),
      ("gaps", ["source", "from_time", "to_time", "reason", "recovered_by", "tweets", "detail"]),
      (
        "positions",
        [
          "source", "path", "codec", "offset", "line", "items_done", "finished", "device", "inode",
          "fingerprint", "fingerprint_length", "time", "cursor", "member", "refused",
        ]
      ),
      (
        "files",
        [
          "source", "path", "state", "format", "encoding", "container", "records", "tweets",
          "undecodable", "untimed", "first_time", "last_time", "reason", "time",
        ]
      ),
      ("health", ["name", "value", "time"]), ("counters", ["source", "name", "value", "meaning"]),
    ]

  @Test(arguments: columns)
  func `a view has the documented columns`(_ view: String, _ columns: [String]) async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try await AggregateStore(path: path, now: Fixture.now).close()
    let found = try Fixture.texts(path, "SELECT name FROM pragma_table_info('\(view)')")
    #expect(found == columns)
  }

  @Test func `the views sum, derive and round as the values do`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let aggregates = Fixture.aggregates(tweets: 20_000, hours: 300)
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(aggregates))
    for (granularity, seconds) in [
      (Granularity.minutely, Int64(60)), (.hourly, 3600), (.daily, 86_400),
    ] {
      var sums: [String: AggregateValue] = [:]
      for (key, value) in aggregates {
        let start = key.bucketStart - key.bucketStart % seconds
        let name = "\(Timestamp(seconds: start)) \(key.topic)"
        sums[name, default: AggregateValue()].merge(value)
      }
      let table = try QueryReader(path: path).buckets(granularity)
      #expect(table.rows.count == sums.count)
      for index in table.rows.indices {
        let bucket = try #require(table.column("bucket")[index].text)
        let topic = try #require(table.column("topic")[index].text)
        let value = try #require(sums["\(bucket) \(topic)"])
        try expect(table, index, equals: value)
        if granularity == .minutely && index > 500 { break }
      }
    }
  }

  private func expect(_ table: ResultTable, _ index: Int, equals value: AggregateValue) throws {
    let row = Dictionary(uniqueKeysWithValues: zip(table.columns, table.rows[index]))
    #expect(row["tweets"]?.integer == value.tweets)
    #expect(row["negative"]?.integer == value.negative)
    #expect(row["neutral"]?.integer == value.neutral)
    #expect(row["positive"]?.integer == value.positive)
    #expect(row["undecided"]?.integer == value.undecided)
    let reals: [(String, Double?)] = [
      ("score_mean", value.scoreMean), ("score_sd", value.scoreDeviation),
      ("positive_share", value.positiveShare), ("positive_low", value.positiveInterval?.low),
      ("positive_high", value.positiveInterval?.high), ("negative_share", value.negativeShare),
      ("negative_low", value.negativeInterval?.low),
      ("negative_high", value.negativeInterval?.high),
      ("negative_expected", value.negativeExpected), ("neutral_expected", value.neutralExpected),
      ("positive_expected", value.positiveExpected),
    ]
    for (name, wanted) in reals {
      guard let wanted else {
        #expect(row[name] == .null)
        continue
      }
      let found = try #require(row[name]?.real)
      // Six decimals, and the view's square root is good to 10⁻⁸.
      #expect(abs(found - wanted) < 0.6e-6, "\(name): \(found), wanted \(wanted)")
    }
  }

  @Test(
    arguments: [
      (1, 0), (1, 1), (2, 1), (10, 0), (10, 5), (100, 50), (10_000, 5000), (1_000_000, 3),
      (123_456_789, 98_765_432),
      (1_000_000_000_000, 500_000_000_000),
    ] as [(Int64, Int64)])
  func `the interval of the views is Wilson's from one tweet to a million million`(
    _ n: Int64, _ positive: Int64
  ) async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var value = AggregateValue()
    value.tweets = n
    value.positive = positive
    value.negative = n - positive
    value.scoreSum = positive * 1_000_000
    value.scoreSquareSum = positive * 1_000_000
    let key = AggregateKey(bucketStart: 60, source: "s", topic: "all", lang: "en", model: "m")
    try await store.commit(Fixture.commit([key: value]))
    try expect(QueryReader(path: path).buckets(.hourly), 0, equals: value)
  }

  @Test
  func
    `the deviation of one tweet and of equal ones is exactly 0, that of others as exact arithmetic has it`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var generator = SeededGenerator(seed: 5)
    var rows: [AggregateKey: AggregateValue] = [:]
    for hour in Int64(0)..<400 {
      let score = Int64.random(in: 0...1_000_000, using: &generator)
      let spread: Int64 = [0, 0, 1, 30, 1_000_000].randomElement(using: &generator) ?? 0
      var sum = AggregateValue()
      for _ in 0..<Int.random(in: 1...[1, 3, 3000][Int(hour % 3)], using: &generator) {
        let own = min(score + Int64.random(in: 0...spread, using: &generator), 1_000_000)
        sum.merge(
          AggregateValue(label: .neutral, score: own, probabilities: [0, 1_000_000, 0]))
      }
      rows[
        AggregateKey(bucketStart: hour * 3600, source: "s", topic: "all", lang: "en", model: "m")] =
        sum
    }
    // As many equal tweets as 64 bits have room for.
    var many = AggregateValue()
    many.tweets = 1_000_000_000_000
    many.neutral = many.tweets
    many.scoreSum = 999_999 * many.tweets
    many.scoreSquareSum = 999_998 * many.tweets
    many.scoreSquareRest = many.tweets
    rows[
      AggregateKey(
        bucketStart: 400 * 3600, source: "s", topic: "all", lang: "en", model: "m")] = many
    try await store.commit(Fixture.commit(rows))
    let table = try QueryReader(path: path).buckets(.hourly)
    var zeros = 0
    for (start, found) in zip(table.column("bucket_start"), table.column("score_sd")) {
      let key = AggregateKey(
        bucketStart: try #require(start.integer), source: "s", topic: "all", lang: "en", model: "m")
      let wanted = try #require(rows[key]?.scoreDeviation)
      let found = try #require(found.real)
      #expect(abs(found - wanted) < 0.6e-6, "\(key.bucketStart)")
      if wanted == 0 {
        #expect(found == 0)
        zeros += 1
      }
    }
    #expect(many.scoreDeviation == 0 && zeros > 100)
  }

  @Test func `expected shares leave out tweets of an older database`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try VersionOne.make(at: path)
    let reader = try QueryReader(path: path)
    let zone = try #require(LocalZone(identifier: "UTC"))
    let before = try reader.buckets(.hourly, zone: zone)
    #expect(before.column("negative_expected") == [.null])
    #expect(try reader.statusInputs().topics.first?.windows[.hour]?.scoreDeviation == 0)

    let store = try AggregateStore(path: path, now: Fixture.now)
    let old = try #require(try await store.seen([Fixture.seen(5).key]).values.first)
    #expect(old.probabilities == nil)
    let table = try QueryReader(path: path).buckets(.hourly)
    #expect(table.column("positive_expected") == [.null])
    #expect(table.column("score_sd").compactMap(\.real) == [0])
    var commit = Fixture.commit(Fixture.rows(at: 1_800_000_000, .negative, score: 300_000))
    commit.seen = [Fixture.seen(6)]
    try await store.commit(commit)
    let both = try QueryReader(path: path).buckets(.hourly, topic: "all")
    #expect(both.column("tweets") == [.integer(2)])
    #expect(both.column("positive_expected").compactMap(\.real) == [0.3])
    #expect(try await store.seen([Fixture.seen(6).key]).values.first == Fixture.seen(6))
    // The old tweet goes by the numbers that it came with, and leaves what the new one alone would be.
    var back = AggregateValue()
    back.subtract(old.value)
    try await store.commit(Fixture.commit([old.home: back]))
    let left = try Fixture.texts(
      path,
      """
      SELECT score_sum || ' ' || score_square_sum || ' ' || score_square_rest || ' ' || negative_sum
      FROM aggregate
      """)
    #expect(left == ["300000 90000 0 700000"])
  }

  @Test func `without a decided tweet the derived columns are null`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, nil, score: 500_000)))
    try expect(
      QueryReader(path: path).buckets(.hourly), 0, equals: AggregateValue(label: nil, score: 0))
  }

  @Test func `detail rows add up to the rows without detail`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.aggregates(tweets: 3000, hours: 30)))
    let reader = try QueryReader(path: path)
    for granularity in Granularity.allCases {
      let plain = try reader.buckets(granularity, topic: "topic 1").column("tweets")
      let detail = try reader.detail(granularity, topic: "topic 1")
      #expect(
        plain.compactMap(\.integer).reduce(0, +)
          == detail.column("tweets").compactMap(\.integer).reduce(0, +))
      #expect(Set(detail.column("lang").compactMap(\.text)) == ["de", "en"])
    }
  }

  @Test func `rows of one source and one language have the columns of all and add up to them`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.aggregates(tweets: 3000, hours: 30)))
    let reader = try QueryReader(path: path)
    let sources = try reader.names(ofSources: true)
    #expect(try reader.names(ofSources: false).contains("de"))
    func tweets(_ table: ResultTable) -> Int64 {
      table.column("tweets").compactMap(\.integer).reduce(0, +)
    }
    for zone in [nil, LocalZone(identifier: "Asia/Kathmandu")] {
      for granularity in Granularity.allCases {
        let all = try reader.buckets(granularity, zone: zone)
        for parts in [
          try sources.map { try reader.buckets(granularity, source: $0, zone: zone) },
          try ["de", "en"].map { try reader.buckets(granularity, lang: $0, zone: zone) },
        ] {
          #expect(parts.allSatisfy { $0.columns == all.columns })
          #expect(parts.map(tweets).reduce(0, +) == tweets(all))
          #expect(parts.allSatisfy { tweets($0) > 0 })
        }
        let detail = try reader.detail(granularity, topic: "topic 1")
        let german = zip(detail.rows, detail.column("lang")).filter { $1.text == "de" }.map(\.0)
        let column = detail.columns.firstIndex(of: "tweets") ?? 0
        let one = try reader.buckets(granularity, topic: "topic 1", lang: "de", zone: zone)
        #expect(tweets(one) == german.compactMap { $0[column].integer }.reduce(0, +))
        #expect(try reader.buckets(granularity, source: "none", zone: zone).rows.isEmpty)
      }
    }
    let rolling = try reader.rolling()
    let parts = try ["de", "en"].map { try reader.rolling(lang: $0) }
    #expect(parts.allSatisfy { $0.columns == rolling.columns })
    #expect(parts.map(tweets).reduce(0, +) == tweets(rolling))
    #expect(
      Set(parts.flatMap { $0.column("bucket").compactMap(\.text) })
        == Set(rolling.column("bucket").compactMap(\.text)))
  }

  @Test func `the rolling windows end with the newest bucket`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var rows: [AggregateKey: AggregateValue] = [:]
    // Minutes before the newest: in 5m, just outside it, in 1h, just outside, in 24h, just outside.
    for minutes in [0, 4, 5, 59, 60, 1439, 1440] as [Int64] {
      rows.merge(Fixture.rows(at: 1_799_999_940 - minutes * 60, .positive, score: 1)) { $1 }
    }
    try await store.commit(Fixture.commit(rows))
    let table = try QueryReader(path: path).rolling(topic: "all")
    #expect(table.column("window") == [.text("5m"), .text("1h"), .text("24h")])
    #expect(table.column("tweets") == [.integer(2), .integer(4), .integer(6)])
    #expect(Set(table.column("bucket").compactMap(\.text)) == ["2027-01-15T07:59:00Z"])
    let inputs = try QueryReader(path: path).statusInputs()
    #expect(inputs.topics.count == 1)
    #expect(inputs.topics[0].windows[.fiveMinutes]?.tweets == 2)
    #expect(inputs.topics[0].windows[.hour]?.tweets == 4)
    #expect(inputs.topics[0].windows[.day]?.tweets == 6)
    #expect(inputs.topics[0].hours.map(\.tweets).reduce(0, +) == 6)
    #expect(inputs.topics[0].hours.last?.tweets == 4)
  }

  @Test func `an empty database has empty views and nothing to report`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try await AggregateStore(path: path, now: Fixture.now).close()
    for (view, _) in ViewTests.columns {
      #expect(try Fixture.texts(path, "SELECT count(*) FROM \(view)") == ["0"], "\(view)")
    }
    let inputs = try QueryReader(path: path).statusInputs()
    #expect(inputs.topics.isEmpty && inputs.lastCommit == nil && inputs.newestBucket == nil)
  }

  @Test func `two years of hours are read in the blink of an eye`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(
      Fixture.commit(Fixture.aggregates(tweets: 90_000, hours: 2 * 365 * 24, topics: 3)))
    let reader = try QueryReader(path: path)
    let clock = ContinuousClock()
    var best = Duration.seconds(100)
    for _ in 0..<3 {
      let start = clock.now
      let table = try reader.buckets(.hourly, topic: "all")
      best = min(best, clock.now - start)
      #expect(table.column("tweets").compactMap(\.integer).reduce(0, +) == 90_000)
    }
    print("hourly of two years: \(best)")
    #expect(best < .seconds(5), "\(best)")  // A tenth of a second where nothing else runs.
  }
}
