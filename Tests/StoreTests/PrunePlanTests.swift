import Aggregates
import Testing
import Tweets

import Store

struct PrunePlanTests {
  private static let day: Int64 = 86_400

  private func reading(_ seconds: Int64, ahead: Int64 = 0) -> ClockReading {
    ClockReading(
      time: Timestamp(seconds: Fixture.now.seconds + seconds + ahead),
      uptime: 1_000_000 + seconds * 1000, boot: 7)
  }

  private func filled(_ path: String) async throws -> AggregateStore {
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit(Fixture.aggregates(tweets: 1000, hours: 24 * 40))
    commit.seen = (0..<100).map { Fixture.seen($0) }
    try await store.commit(commit)
    return store
  }

  private func tweets(_ path: String) throws -> Int64 {
    try QueryReader(path: path).buckets(.daily, topic: "all").column("tweets")
      .compactMap(\.integer).reduce(0, +)
  }

  @Test(arguments: [3, 450, -450])
  func `starts with a wrong clock delete nothing, neither rows nor keys`(_ days: Int64)
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let retention = Retention(minutes: 14 * Self.day, hours: 400 * Self.day)
    var store = try await filled(path)
    var plan = try await store.planPrune(retention, at: reading(0))
    #expect(plan.obstacle == nil)
    try await store.close()
    for (seconds, ahead) in [(10, days * Self.day), (20, days * Self.day), (30, 0)] {
      store = try AggregateStore(path: path, now: Fixture.now)
      plan = try await store.planPrune(retention, at: reading(Int64(seconds), ahead: ahead))
      #expect(plan.obstacle != nil)
      #expect(try await !store.prune(plan, horizon: 25 * 3600).isWorthALine)
      // A commit at the wrong time is no evidence for it.
      try await store.commit(
        Fixture.commit([:], at: Timestamp(seconds: Fixture.now.seconds + ahead)))
      try await store.close()
    }
    #expect(try tweets(path) == 1000)
    #expect(try Fixture.texts(path, "SELECT count(*) FROM seen") == ["100"])
  }

  @Test func `a shorter retention is announced with its rows and waits for a day of running time`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try await filled(path)
    _ = try await store.planPrune(Retention(), at: reading(0))
    let short = Retention(minutes: 2 * Self.day, hours: 10 * Self.day)
    var plan = try await store.planPrune(short, at: reading(600))
    let waiting = try #require(plan.waiting)
    #expect(waiting.rows.dropped > 0)
    #expect(waiting.rows.tweets > 0)
    #expect(waiting.rows.merged > 0)
    #expect(plan.rows.isEmpty)
    try await store.prune(plan, horizon: nil)
    #expect(try tweets(path) == 1000)
    plan = try await store.planPrune(short, at: reading(600 + Self.day - 1))
    #expect(plan.waiting != nil)
    plan = try await store.planPrune(short, at: reading(600 + Self.day))
    #expect(plan.waiting == nil)
    #expect(plan.rows.tweets > 0)
    let result = try await store.prune(plan, horizon: nil)
    #expect(Int64(result.droppedRows) == plan.rows.dropped)
    #expect(Int64(result.mergedRows) == plan.rows.merged)
    #expect(try tweets(path) == 1000 - plan.rows.tweets)
    #expect(try QueryReader(path: path).check().isEmpty)
    try await store.close()
  }

  @Test func `an old archive keeps its hours, and the minutes of its last days`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let end: Int64 = 1_400_000_000  // 2014
    _ = try await store.planPrune(Retention(minutes: 14 * Self.day), at: reading(-1))
    try await store.commit(
      Fixture.commit(Fixture.aggregates(tweets: 1000, hours: 24 * 40, end: end)))
    let reader = try QueryReader(path: path)
    let (hours, rolling) = (try reader.buckets(.hourly), try reader.rolling())
    let plan = try await store.planPrune(Retention(minutes: 14 * Self.day), at: reading(0))
    let result = try await store.prune(plan, horizon: 25 * 3600)
    #expect(result.mergedRows > 0)
    #expect(result.droppedRows == 0)
    #expect(try reader.buckets(.hourly) == hours)
    #expect(try reader.rolling() == rolling)
    let minutes = try reader.buckets(.minutely).column("bucket_start").compactMap(\.integer)
    #expect(try #require(minutes.min()) < end - 13 * Self.day)
    try await store.close()
  }

  @Test func `what an operator confirms is pruned at once`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try await filled(path)
    _ = try await store.planPrune(Retention(), at: reading(0))
    let short = Retention(minutes: 2 * Self.day, hours: 10 * Self.day)
    let ahead = reading(10, ahead: 5 * Self.day)
    #expect(try await store.previewPrune(short, at: ahead).obstacle != nil)
    try await store.confirmPrune(short, at: ahead)
    let plan = try await store.planPrune(short, at: reading(20, ahead: 5 * Self.day))
    #expect(plan.obstacle == nil)
    #expect(plan.rows.dropped > 0)
    try await store.close()
  }

  @Test func `topics of the settings have their place however many tags there are`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    var options = StoreOptions()
    options.topics = ["mine"]
    let store = try AggregateStore(path: path, now: Fixture.now, options: options)
    let tags = (0..<1100).map { "tag \($0)" }
    try await store.commit(
      Fixture.commit(
        Fixture.rows(at: Fixture.now.seconds, .positive, score: 1, topics: ["all"] + tags)))
    #expect(await store.droppedTopicRows == 101)
    try await store.commit(
      Fixture.commit(
        Fixture.rows(at: Fixture.now.seconds, .positive, score: 1, topics: ["all", "mine", "late"]))
    )
    #expect(await store.droppedTopicRows == 102)
    #expect(try QueryReader(path: path).buckets(.hourly, topic: "mine").rows.count == 1)
    #expect(try QueryReader(path: path).buckets(.hourly, topic: "late").rows.isEmpty)
    try await store.close()
  }
}
