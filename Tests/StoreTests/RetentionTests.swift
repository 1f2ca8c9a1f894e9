import Aggregates
import Testing
import Tweets

import Store

/// What becomes of rows when the retention of the settings is changed between runs.
struct RetentionTests {
  private static let old = Timestamp(seconds: 1_400_000_000)  // 2014

  private func negated(_ rows: [AggregateKey: AggregateValue]) -> [AggregateKey: AggregateValue] {
    rows.mapValues { value in
      var back = AggregateValue()
      back.subtract(value)
      return back
    }
  }

  private func tweets(_ table: ResultTable) -> Int64 {
    table.column("tweets").compactMap(\.integer).reduce(0, +)
  }

  @Test func `tweets older than an earlier retention are stored, as minutes`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    for retention in [Retention(minutes: 86_400, hours: 10 * 86_400), Retention()] {
      let store = try AggregateStore(path: path, now: Fixture.now)
      try await store.prune(now: Fixture.now, retention: retention)
      try await store.close()
    }
    let store = try AggregateStore(path: path, now: Fixture.now)
    let rows = Fixture.aggregates(tweets: 50, hours: 5, end: RetentionTests.old.seconds)
    try await store.commit(Fixture.commit(rows))
    let reader = try QueryReader(path: path)
    #expect(tweets(try reader.buckets(.hourly, topic: "all")) == 50)
    let minutes = Set(rows.keys.filter { $0.topic == "all" }.map(\.bucketStart)).sorted()
    for zone in [nil, LocalZone(identifier: "UTC")] {
      let table = try reader.buckets(.minutely, topic: "all", zone: zone)
      #expect(table.column("bucket_start").compactMap(\.integer) == minutes)
      #expect(tweets(table) == 50)
    }
    try await store.commit(Fixture.commit(negated(rows)))
    #expect(try reader.buckets(.daily).rows.isEmpty)
  }

  @Test func `rows that were dropped come back when they are read again under a longer retention`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let key = Fixture.seen(1).key
    var commit = Fixture.commit(
      Fixture.rows(at: RetentionTests.old.seconds, .positive, score: 750_000))
    var seen = Fixture.seen(1, day: 16_203, at: RetentionTests.old.seconds)
    seen.topics = []
    var gone = Fixture.seen(2, day: 16_203, at: RetentionTests.old.seconds)
    gone.deleted = true
    let young = Fixture.seen(3)
    commit.aggregates.merge(Fixture.rows(at: Fixture.now.seconds, .positive, score: 750_000)) { $1 }
    commit.seen = [seen, gone, young]
    try await store.commit(commit)
    try await store.prune(now: Fixture.now, retention: Retention(hours: 10 * 86_400))
    // A correction of the dropped row would spoil what is counted anew: the tweet is forgotten.
    let left = try await store.seen([seen.key, gone.key, young.key, key])
    #expect(Set(left.keys) == [gone.key, young.key])
    try await store.commit(commit)
    try await store.prune(now: Fixture.now, retention: Retention())
    let reader = try QueryReader(path: path)
    #expect(tweets(try reader.buckets(.daily)) == 3)
    #expect(try await store.seen([seen.key]).count == 1)
  }

  @Test func `a retention between two others drops what is older, whatever was kept before`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.prune(now: Fixture.now, retention: Retention(hours: 86_400))
    let rows = Fixture.aggregates(tweets: 400, hours: 100)
    try await store.commit(Fixture.commit(rows))
    try await store.prune(now: Fixture.now, retention: Retention(hours: 50 * 3600))
    let limit = Fixture.now.seconds - 50 * 3600
    let wanted = rows.filter { $0.key.topic == "all" && $0.key.bucketStart >= limit }
      .map(\.value.tweets).reduce(0, +)
    #expect(tweets(try QueryReader(path: path).buckets(.daily, topic: "all")) == wanted)
  }

  @Test func `an hour that was merged stays in quarters, one that was not is minutes`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let hour = Fixture.now.seconds - 20 * 3600
    let first = Fixture.rows(at: hour + 1000, .positive, score: 1)
    try await store.commit(Fixture.commit(first))
    try await store.prune(now: Fixture.now, retention: Retention(minutes: 10 * 3600))
    try await store.prune(now: Fixture.now, retention: Retention())
    let late = Fixture.rows(at: hour + 1100, .negative, score: 1)
    let other = Fixture.rows(at: hour + 3600 + 1100, .negative, score: 1)
    try await store.commit(Fixture.commit(late.merging(other) { $1 }))
    let reader = try QueryReader(path: path)
    #expect(
      try reader.buckets(.minutely).column("bucket_start") == [.integer(hour + 3600 + 1080)])
    #expect(tweets(try reader.buckets(.hourly)) == 3)
    #expect(
      try Fixture.texts(path, "SELECT bucket_start FROM aggregate ORDER BY 1")
        == ["\(hour + 900)", "\(hour + 3600 + 1080)"])
    // Every correction finds the row its tweet went to.
    for rows in [first, late, other] { try await store.commit(Fixture.commit(negated(rows))) }
    #expect(try Fixture.texts(path, "SELECT bucket_start FROM aggregate").isEmpty)
    // The shorter retention again: what came in between is merged.
    try await store.commit(Fixture.commit(other))
    try await store.prune(now: Fixture.now, retention: Retention(minutes: 10 * 3600))
    #expect(try reader.buckets(.minutely).rows.isEmpty)
    #expect(tweets(try reader.buckets(.hourly)) == 1)
  }
}
