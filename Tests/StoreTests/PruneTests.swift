import Aggregates
import Testing
import Tweets

import Store

struct PruneTests {
  @Test func `keys go by days, a horizon after the last tweet of the day arrived`() async throws {
    let scratch = try Scratch()
    let store = try AggregateStore(path: scratch.file("e.db"), now: Fixture.now)
    var commit = Fixture.commit()
    commit.seen = (0..<12_000).map { Fixture.seen($0, day: 10_000) }
    try await store.commit(commit)
    commit = Fixture.commit(at: Timestamp(seconds: Fixture.now.seconds + 10 * 3600))
    commit.seen = [Fixture.seen(1, day: 10_001)]
    try await store.commit(commit)
    let early = try await store.prune(
      now: Timestamp(seconds: Fixture.now.seconds + 25 * 3600), retention: Retention())
    #expect(early.expiredKeys == 0)
    let late = try await store.prune(
      now: Timestamp(seconds: Fixture.now.seconds + 25 * 3600 + 1), retention: Retention())
    #expect(late.expiredKeys == 12_000)
    #expect(late.freedPages > 0)
    let left = try await store.seen([
      Fixture.seen(1, day: 10_000).key, Fixture.seen(1, day: 10_001).key,
    ])
    #expect(left.keys.map(\.day) == [10_001])
  }

  @Test func `old minutes become quarters, hours stay exact, late tweets still find their place`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.aggregates(tweets: 5000, hours: 100)))
    let reader = try QueryReader(path: path)
    let hours = try reader.buckets(.hourly)
    let local = try reader.buckets(.hourly, zone: LocalZone(identifier: "Asia/Kathmandu"))
    let result = try await store.prune(
      now: Fixture.now, retention: Retention(minutes: 50 * 3600))
    #expect(result.mergedRows > 1000)
    #expect(try reader.buckets(.hourly) == hours)
    #expect(try reader.buckets(.hourly, zone: LocalZone(identifier: "Asia/Kathmandu")) == local)
    let limit = Fixture.now.seconds - 50 * 3600
    let minutes = try reader.buckets(.minutely).column("bucket_start").compactMap(\.integer)
    #expect(try #require(minutes.min()) >= limit)
    let localMinutes = try reader.buckets(.minutely, zone: LocalZone(identifier: "UTC"))
    #expect(localMinutes.column("bucket_start").compactMap(\.integer) == minutes)

    // A late tweet and its deletion meet in the same quarter.
    let late = Fixture.rows(at: limit - 7 * 3600 + 61, .positive, score: 5, topics: ["late"])
    try await store.commit(Fixture.commit(late))
    #expect(try reader.buckets(.hourly, topic: "late").column("tweets") == [.integer(1)])
    var back: [AggregateKey: AggregateValue] = [:]
    for (key, value) in late { back[key, default: AggregateValue()].subtract(value) }
    try await store.commit(Fixture.commit(back))
    #expect(try reader.buckets(.hourly) == hours)
    let second = try await store.prune(now: Fixture.now, retention: Retention(minutes: 50 * 3600))
    #expect(second.mergedRows == 0)
  }

  @Test func `what is older than the hours' retention is dropped`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.aggregates(tweets: 2000, hours: 100)))
    let reader = try QueryReader(path: path)
    let limit = Fixture.now.seconds - 30 * 3600
    let wanted = try reader.buckets(.hourly, since: Timestamp(seconds: limit))
    let result = try await store.prune(now: Fixture.now, retention: Retention(hours: 30 * 3600))
    #expect(result.droppedRows > 0)
    #expect(try reader.buckets(.hourly) == wanted)
    var daily: Int64 = 0
    for tweets in try reader.buckets(.daily, topic: "all").column("tweets") {
      daily += tweets.integer ?? 0
    }
    let hourly = wanted.column("topic").enumerated().filter { $0.element == .text("all") }
      .compactMap { wanted.column("tweets")[$0.offset].integer }.reduce(0, +)
    #expect(daily == hourly)
  }
}
