import Aggregates
import Foundation
import GRDB
import Testing
import Tweets

import Store

struct StoreCommitTests {
  @Test func `what is committed is there, in the store and after opening it again`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    var commit = Fixture.commit(Fixture.rows(at: 1_799_999_999, .positive, score: 750_000))
    commit.positions = [.init(source: "s", position: Fixture.position())]
    commit.seen = [Fixture.seen(5)]
    commit.gaps = [
      Gap(source: "s", from: Timestamp(seconds: 1), to: Timestamp(seconds: 2), reason: "stall"),
      Gap(
        source: "s", from: Timestamp(seconds: 3), to: Timestamp(seconds: 4), reason: "truncated",
        tweets: 9),
    ]
    commit.counters = [CounterKey(source: "s", name: "decoded"): 3]
    commit.watermarks = ["s": Fixture.now]
    for round in 1...2 {
      let store = try AggregateStore(path: path, now: Fixture.now)
      #expect(store.opening.isNew == (round == 1))
      #expect(!store.opening.wasUnclean)
      try await store.commit(commit)
      let seen = try await store.seen([Fixture.seen(5).key, Fixture.seen(6).key])
      #expect(seen == [Fixture.seen(5).key: Fixture.seen(5)])
      #expect(try await store.positions(of: "s") == [Fixture.position()])
      #expect(try await store.positions(of: "t").isEmpty)
      #expect(
        try await store.counters() == [CounterKey(source: "s", name: "decoded"): 3 * Int64(round)])
      #expect(try await store.gaps().count == 2 * round)
      #expect(try await store.gaps().first == commit.gaps.first)
      let table = try QueryReader(path: path).buckets(.minutely)
      #expect(table.column("tweets").compactMap(\.integer) == [Int64(round)])
      try await store.close()
    }
  }

  @Test func `an error in the middle of a commit leaves nothing of it`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 1)))
    // The counters are written last but one: by then all else is in the transaction.
    try Fixture.change(
      path,
      "CREATE TRIGGER t BEFORE INSERT ON counter BEGIN SELECT RAISE(ABORT, 'no'); END")
    var commit = Fixture.commit(
      Fixture.rows(at: 60, .negative, score: 1, topics: ["all", "new topic"]))
    commit.positions = [.init(source: "s", position: Fixture.position())]
    commit.seen = [Fixture.seen(1)]
    commit.counters = [CounterKey(source: "s", name: "decoded"): 3]
    await #expect(throws: StoreError.self) { try await store.commit(commit) }
    #expect(try QueryReader(path: path).buckets(.minutely).column("tweets") == [.integer(1)])
    #expect(try await store.positions(of: "s").isEmpty)
    #expect(try await store.seen([Fixture.seen(1).key]).isEmpty)
    try Fixture.change(path, "DROP TRIGGER t")
    try await store.commit(commit)
    let topics = try QueryReader(path: path).buckets(.minutely)
    #expect(topics.column("topic") == [.text("all"), .text("new topic")])
    #expect(topics.column("tweets") == [.integer(2), .integer(1)])
  }

  @Test func `differences take tweets back, and an empty row is removed`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let rows = Fixture.rows(at: 60, .negative, score: 300_000, topics: ["all", "tea"])
    let other = Fixture.rows(at: 60, .positive, score: 900_000, topics: ["all"])
    try await store.commit(Fixture.commit(rows))
    try await store.commit(Fixture.commit(other))
    var back: [AggregateKey: AggregateValue] = [:]
    for (key, value) in rows { back[key, default: AggregateValue()].subtract(value) }
    try await store.commit(Fixture.commit(back))
    let table = try QueryReader(path: path).buckets(.minutely)
    #expect(table.column("topic") == [.text("all")])
    #expect(table.column("tweets") == [.integer(1)])
    #expect(table.column("positive") == [.integer(1)])
    #expect(table.column("score_mean") == [.real(0.9)])
  }

  @Test func `a correction of what was dropped long ago leaves no negative row`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var value = AggregateValue()
    value.subtract(AggregateValue(label: .positive, score: 1))
    let key = AggregateKey(bucketStart: 60, source: "s", topic: "all", lang: "en", model: "m")
    try await store.commit(Fixture.commit([key: value]))
    #expect(try QueryReader(path: path).buckets(.minutely).rows.isEmpty)
  }

  @Test func `a forgotten file's position is dropped, a new one at its inode is kept`() async throws
  {
    let scratch = try Scratch()
    let store = try AggregateStore(path: scratch.file("e.db"), now: Fixture.now)
    var commit = Fixture.commit()
    commit.positions = [
      .init(source: "s", position: Fixture.position(inode: 1)),
      .init(source: "s", position: Fixture.position(inode: 2)),
    ]
    try await store.commit(commit)
    commit.forgottenFiles = [
      .init(source: "s", device: .max, inode: 1), .init(source: "s", device: .max, inode: 2),
    ]
    commit.positions = [.init(source: "s", position: Fixture.position(inode: 2, offset: 5))]
    try await store.commit(commit)
    #expect(try await store.positions(of: "s") == [Fixture.position(inode: 2, offset: 5)])
  }

  @Test func `final is set once every source that is not idle has passed the bucket`() async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit(Fixture.rows(at: 6000, .negative, score: 0))
    commit.watermarks = ["a": Timestamp(seconds: 6060), "b": Timestamp(seconds: 6059)]
    try await store.commit(commit)
    #expect(try QueryReader(path: path).buckets(.minutely).column("final") == [.integer(0)])
    commit = Fixture.commit(at: Timestamp(seconds: Fixture.now.seconds + 1))
    commit.watermarks = ["b": Timestamp(seconds: 6060)]
    try await store.commit(commit)
    #expect(try QueryReader(path: path).buckets(.minutely).column("final") == [.integer(1)])
    #expect(try QueryReader(path: path).buckets(.hourly).column("final") == [.integer(0)])
    commit.watermarks = ["a": Watermark.finished, "b": Watermark.finished]
    try await store.commit(commit)
    #expect(try QueryReader(path: path).buckets(.daily).column("final") == [.integer(1)])
  }

  @Test func `a source that was finished and delivers again is not final any more`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    var commit = Fixture.commit(Fixture.rows(at: 6000, .negative, score: 0))
    commit.watermarks = ["a": Watermark.finished]
    for _ in 1...2 {
      let store = try AggregateStore(path: path, now: Fixture.now)
      try await store.commit(commit)
      #expect(try QueryReader(path: path).buckets(.minutely).column("final") == [.integer(1)])
      try await store.close()
    }
    let store = try AggregateStore(path: path, now: Fixture.now)
    commit.watermarks = ["a": Timestamp(seconds: 6059)]
    try await store.commit(commit)
    #expect(try QueryReader(path: path).buckets(.minutely).column("final") == [.integer(0)])
    // From there on it only rises again.
    commit.watermarks = ["a": Timestamp(seconds: 6060)]
    try await store.commit(commit)
    commit.watermarks = ["a": Timestamp(seconds: 5000)]
    try await store.commit(commit)
    #expect(try QueryReader(path: path).buckets(.minutely).column("final") == [.integer(1)])
  }

  @Test func `a full disk is told apart, and the same commit succeeds once there is room`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(
      path: path, now: Fixture.now, options: StoreOptions(pageLimit: 120))
    let commit = Fixture.commit(Fixture.aggregates(tweets: 20_000, hours: 400))
    let error = await #expect(throws: StoreError.self) { try await store.commit(commit) }
    #expect(error?.kind == .diskFull)
    #expect(error?.isRetryable == true)
    #expect(try QueryReader(path: path).buckets(.daily).rows.isEmpty)
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
    try await store.close()
    let roomy = try AggregateStore(path: path, now: Fixture.now)
    try await roomy.commit(commit)
    let daily = try QueryReader(path: path).buckets(.daily, topic: "all")
    #expect(daily.column("tweets").compactMap(\.integer).reduce(0, +) == 20_001)
  }

  @Test func `a database that another connection holds is busy, not broken`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(
      path: path, now: Fixture.now, options: StoreOptions(busyTimeout: 0.05))
    let other = try Holder(path)
    let error = await #expect(throws: StoreError.self) {
      try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
    }
    #expect(error?.kind == .busy)
    try other.release()
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
  }
}

/// A connection that holds the right to write.
private final class Holder {
  private let queue: DatabaseQueue

  init(_ path: String) throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.inDatabase { db in try db.execute(sql: "BEGIN IMMEDIATE") }
  }

  func release() throws { try queue.inDatabase { db in try db.execute(sql: "ROLLBACK") } }
}
