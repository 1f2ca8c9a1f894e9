import Aggregates
import Testing
import Tweets

import Store

struct CounterTests {
  private static let tweets = CounterKey(source: "s", name: "tweets")

  @Test func `what is pruned is counted, so that the sums still hold`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit(Fixture.aggregates(tweets: 500, hours: 100))
    commit.counters = [Self.tweets: 500, CounterKey(source: "s", name: "decoded"): 500]
    try await store.commit(commit)
    try await store.prune(now: Fixture.now, retention: Retention(hours: 50 * 3600))
    let counted = try await store.countedTweets()
    #expect(counted < 400)
    let totals = CounterTotals(try await store.counters())
    #expect(totals["pruned"] == 500 - counted)
    #expect(totals.faults(counted: counted) == [])
    #expect(
      try QueryReader(path: path).sums().map { $0.text() } == [
        "decoded 500 = tweets 500", "counted now \(counted) = tweets 500 − pruned \(500 - counted)",
      ])
  }

  @Test func `an old database gets counters that mean what they mean now, and sums that hold`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try VersionOne.make(at: path)
    try Fixture.change(
      path,
      """
      DELETE FROM counter;
      INSERT INTO counter VALUES ('s', 'tweets', 9), ('s', 'decoded', 9), ('s', 'deleted', 2),
        ('s', 'untimed', 4)
      """)
    let store = try AggregateStore(path: path, now: Fixture.now)
    let totals = CounterTotals(try await store.counters())
    #expect(totals["untimed"] == 0)
    #expect(totals["arrival_timed"] == 4)
    #expect(totals["pruned"] == 9 - 2 - (try await store.countedTweets()))
    #expect(totals.faults(counted: try await store.countedTweets()) == [])
  }

  @Test func `a counter says what it means`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit()
    commit.counters = [Self.tweets: 3, CounterKey(source: "s", name: "unheard_of"): 1]
    try await store.commit(commit)
    let table = try QueryReader(path: path).counters()
    #expect(table.columns == ["source", "name", "value", "meaning"])
    #expect(
      table.rows == [
        [
          .text("s"), .text("tweets"), .integer(3),
          .text("new tweets that were counted into the aggregates"),
        ], [.text("s"), .text("unheard_of"), .integer(1), .null],
      ])
    #expect(
      try Fixture.texts(path, "SELECT coalesce(meaning, '–') FROM counters ORDER BY name")
        == ["new tweets that were counted into the aggregates", "–"])
  }

  @Test func `the size of the database includes what is in the write-ahead log`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.aggregates(tweets: 5000, hours: 50)))
    let before = try await store.statusInputs()
    try await store.checkpoint()
    let after = try await store.statusInputs()
    #expect(before.databaseBytes == after.databaseBytes)
    #expect(before.walBytes > 0)
    #expect(after.walBytes == 0)
    #expect(after.databaseBytes > 100_000)
  }
}
