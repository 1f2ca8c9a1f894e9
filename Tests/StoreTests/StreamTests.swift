import Aggregates
import Foundation
import GRDB
import Store
import Testing
import Tweets

@Suite struct StreamTests {
  private let position = StreamPosition(
    host: "jetstream1.example", cursor: "1725911162329308",
    time: Timestamp(milliseconds: 1_800_000_000_123))

  private func pointer(_ id: Int64, to target: SeenTweet, day: Int32 = 20_000) -> SeenTweet {
    SeenTweet(
      key: DedupKey(day: day, hash: id), version: 0, home: target.home, topics: [], label: nil,
      score: 0, pointsTo: target.key)
  }

  @Test func `a database of version 1 is migrated with everything in it`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try VersionOne.make(at: path)
    #expect(throws: Never.self) { try QueryReader(path: path) }
    let store = try AggregateStore(path: path, now: Fixture.now)
    #expect(!store.opening.isNew && !store.opening.wasUnclean)
    #expect(try Fixture.texts(path, "PRAGMA user_version") == ["3"])
    var tweet = Fixture.seen(5)
    tweet.probabilities = nil  // Version 1 did not keep them.
    #expect(try await store.seen([tweet.key]) == [tweet.key: tweet])
    #expect(try await store.positions(of: "s").map(\.offset) == [100])
    #expect(try await store.stream(of: "s") == nil)
    var commit = Fixture.commit()
    commit.streams = ["live": position]
    commit.spent = ["live": 2]
    commit.seen = [pointer(6, to: tweet)]
    try await store.commit(commit)
    #expect(try await store.seen([pointer(6, to: tweet).key]).count == 2)
    #expect(
      try Fixture.texts(path, "SELECT source || ' ' || codec FROM positions")
        == ["live stream", "s plain"])
    try await store.close()
    try await AggregateStore(path: path, now: Fixture.now).close()
  }

  @Test func `the position of a stream is there after opening again, the last one only`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    var store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit()
    commit.streams = ["live": StreamPosition(host: "a", time: Fixture.now), "x": position]
    try await store.commit(commit)
    commit.streams = ["live": position]
    try await store.commit(commit)
    try await store.close()
    store = try AggregateStore(path: path, now: Fixture.now)
    #expect(try await store.stream(of: "live") == position)
    #expect(try await store.stream(of: "other") == nil)
  }

  @Test func `posts are added up by the day of their arrival, in UTC`() async throws {
    let scratch = try Scratch()
    let store = try AggregateStore(path: scratch.file("e.db"), now: Fixture.now)
    for (seconds, posts) in [(1_799_971_199, 5), (1_799_971_200, 7), (1_800_057_599, 8)] {
      var commit = Fixture.commit(at: Timestamp(seconds: Int64(seconds)))
      commit.spent = ["x": Int64(posts), "y": 1, "z": 0]
      try await store.commit(commit)
    }
    #expect(try await store.spent(by: "x", since: 0) == [20_832: 5, 20_833: 15])
    #expect(try await store.spent(by: "y", since: 20_833) == [20_833: 2])
    #expect(try await store.spent(by: "z", since: 0).isEmpty)
    try await store.prune(now: Timestamp(seconds: (20_833 + 400) * 86_400), retention: Retention())
    #expect(try await store.spent(by: "x", since: 0) == [20_833: 15])
  }

  @Test func `an error takes the position, the posts and the pointers back with all else`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try Fixture.change(
      path, "CREATE TRIGGER t BEFORE INSERT ON counter BEGIN SELECT RAISE(ABORT, 'no'); END")
    var commit = Fixture.commit()
    commit.streams = ["live": position]
    commit.spent = ["live": 3]
    commit.seen = [Fixture.seen(5), pointer(6, to: Fixture.seen(5))]
    commit.counters = [CounterKey(source: "s", name: "decoded"): 3]
    await #expect(throws: StoreError.self) { try await store.commit(commit) }
    #expect(try await store.stream(of: "live") == nil)
    #expect(try await store.spent(by: "live", since: 0).isEmpty)
    #expect(try await store.seen([pointer(6, to: Fixture.seen(5)).key]).isEmpty)
    try Fixture.change(path, "DROP TRIGGER t")
    try await store.commit(commit)
    #expect(try await store.spent(by: "live", since: 0) == [20_833: 3])
  }

  @Test func `a pointer is read with the tweet it leads to, and once with it`() async throws {
    let scratch = try Scratch()
    let store = try AggregateStore(path: scratch.file("e.db"), now: Fixture.now)
    let tweet = Fixture.seen(5)
    let (first, second) = (pointer(6, to: tweet), pointer(7, to: tweet, day: DedupKey.noDay))
    let lost = pointer(8, to: Fixture.seen(99))
    var commit = Fixture.commit()
    commit.seen = [tweet, first, second, lost]
    try await store.commit(commit)
    try await store.commit(commit)
    #expect(try await store.seen([first.key]) == [first.key: first, tweet.key: tweet])
    #expect(
      try await store.seen([tweet.key, second.key, first.key])
        == [tweet.key: tweet, first.key: first, second.key: second])
    #expect(try await store.seen([lost.key]) == [lost.key: lost])
  }

  @Test func `pointers that lead in a circle end the search`() async throws {
    let scratch = try Scratch()
    let store = try AggregateStore(path: scratch.file("e.db"), now: Fixture.now)
    var (first, second) = (Fixture.seen(1), Fixture.seen(2))
    (first.pointsTo, second.pointsTo) = (second.key, first.key)
    var commit = Fixture.commit()
    commit.seen = [first, second]
    try await store.commit(commit)
    #expect(try await store.seen([first.key]).count == 2)
  }

  @Test func `keys of no day go by the minute of their tweets`() async throws {
    let scratch = try Scratch()
    let store = try AggregateStore(path: scratch.file("e.db"), now: Fixture.now)
    let old = Fixture.seen(1, day: DedupKey.noDay, at: Fixture.now.seconds - 26 * 3600)
    let new = Fixture.seen(2, day: DedupKey.noDay)
    var commit = Fixture.commit()
    commit.seen = [old, new]
    try await store.commit(commit)
    #expect(try await store.prune(now: Fixture.now, retention: Retention()).expiredKeys == 1)
    #expect(try await store.seen([old.key, new.key]).keys.map(\.hash) == [2])
  }

  @Test func `a live source keeps its number when its rows are dropped`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit(
      Fixture.rows(at: 60, .negative, score: 0).merging(
        Fixture.rows(at: 60, .negative, score: 0, source: "gone")
      ) { $1 })
    commit.streams = ["s": position]
    try await store.commit(commit)
    try await store.prune(now: Fixture.now, retention: Retention(hours: 3600))
    #expect(try Fixture.texts(path, "SELECT name FROM source") == ["s"])
  }

  @Test func `a reader without the right to write sees files and streams`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit()
    commit.streams = ["live": position]
    commit.positions = [.init(source: "s", position: Fixture.position())]
    try await store.commit(commit)
    try await store.close()
    var configuration = Configuration()
    configuration.readonly = true
    let rows = try await DatabaseQueue(path: path, configuration: configuration).read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM positions").map { Array($0.databaseValues) }
    }
    try #require(rows.count == 2)
    #expect(
      rows[0].map { String.fromDatabaseValue($0) ?? Int64.fromDatabaseValue($0)?.description } == [
        "live", "jetstream1.example", "stream", "0", "0", "0", "0", nil, nil, nil, nil,
        "2027-01-15T08:00:00Z", "1725911162329308", "", "0",
      ])
    #expect(rows[1][12].isNull, "a file has no cursor")
    #expect(
      rows[1].prefix(3).map { String.fromDatabaseValue($0) } == ["s", "/in/a.jsonl", "plain"])
  }
}
