import Aggregates
import GRDB
import Testing
import Tweets

import Store

/// Names come from outside: their number is bounded, and unused ones go.
struct NameLimitTests {
  private let dropped = CounterKey(source: "s", name: "topics_dropped")

  private func count(_ path: String, _ sql: String) throws -> Int {
    Int(try #require(try Fixture.texts(path, sql).first)) ?? -1
  }

  private func negated(_ rows: [AggregateKey: AggregateValue]) -> [AggregateKey: AggregateValue] {
    rows.mapValues { value in
      var back = AggregateValue()
      back.subtract(value)
      return back
    }
  }

  @Test func `topics beyond the thousandth are counted as dropped and never corrected`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let names = (0..<3000).map { "topic \($0)" }
    let rows = Fixture.rows(
      at: 1_799_999_999, .positive, score: 750_000, topics: ["all"] + names)
    var commit = Fixture.commit(rows)
    var seen = Fixture.seen(1)
    seen.topics = names
    commit.seen = [seen]
    try await store.commit(commit)
    #expect(try count(path, "SELECT count(*) FROM topic") == 1000)
    #expect(try count(path, "SELECT count(*) FROM aggregate") == 1000)
    #expect(try await store.counters()[dropped] == 2001)
    let found = try await store.seen([seen.key])[seen.key]
    #expect(found?.topics.count == 999)
    // Known topics go on, unknown ones are not taken back.
    let kept = try #require(found?.topics.first)
    try await store.commit(
      Fixture.commit(Fixture.rows(at: 1_799_999_999, nil, score: 0, topics: ["all", kept])))
    try await store.commit(Fixture.commit(negated(rows)))
    #expect(try await store.counters()[dropped] == 2001)
    #expect(
      Set(try Fixture.texts(path, "SELECT topic FROM minutely WHERE tweets = 1")) == ["all", kept])
    #expect(try count(path, "SELECT count(*) FROM aggregate") == 2)
  }

  @Test func `languages beyond the limit count as undetermined and are corrected there`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var rows: [AggregateKey: AggregateValue] = [:]
    for number in 0..<600 {
      rows.merge(
        Fixture.rows(at: 1_799_999_999, .positive, score: 1, lang: "l\(number)")
      ) { $1 }
    }
    try await store.commit(Fixture.commit(rows))
    #expect(try count(path, "SELECT count(*) FROM lang") == 501)
    #expect(try count(path, "SELECT tweets FROM minutely_detail WHERE lang = 'und'") == 100)
    #expect(try count(path, "SELECT tweets FROM minutely") == 600)
    var commit = Fixture.commit()
    var seen = Fixture.seen(1)
    seen.home.lang = "new"
    commit.seen = [seen]
    try await store.commit(commit)
    #expect(try await store.seen([seen.key])[seen.key]?.home.lang == "und")
  }

  @Test func `a correction of an unknown name enters nothing`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(
      Fixture.commit(
        negated(Fixture.rows(at: 60, .positive, score: 1, topics: ["all", "unknown"]))))
    #expect(try count(path, "SELECT count(*) FROM topic") == 1)
    #expect(try count(path, "SELECT count(*) FROM lang") == 0)
    #expect(try count(path, "SELECT count(*) FROM aggregate") == 0)
  }

  @Test func `pruning drops unused names, makes room, and never gives a number again`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let names = ["all"] + (0..<2000).map { "topic \($0)" }
    let old = Fixture.rows(
      at: Fixture.now.seconds - 90 * 3600, .positive, score: 1, topics: names, source: "old",
      lang: "la")
    var commit = Fixture.commit(old)
    commit.aggregates.merge(
      Fixture.rows(at: Fixture.now.seconds - 60, .positive, score: 1, source: "idle")
    ) { $1 }
    // A key of a later day than its bucket stays; its topics are gone all the same.
    var seen = Fixture.seen(1, day: 30_000, at: Fixture.now.seconds - 90 * 3600)
    seen.home.source = "old"
    seen.home.lang = "la"
    commit.seen = [seen]
    commit.aggregates.merge(
      Fixture.rows(at: Fixture.now.seconds - 91 * 3600, .positive, score: 1, source: "gone")
    ) { $1 }
    commit.counters = [CounterKey(source: "old", name: "decoded"): 1]
    try await store.commit(commit)
    try await store.prune(now: Fixture.now, retention: Retention(hours: 50 * 3600))
    #expect(try Fixture.texts(path, "SELECT name FROM topic") == ["all"])
    #expect(try Fixture.texts(path, "SELECT name FROM lang") == ["en"])
    #expect(try Fixture.texts(path, "SELECT name FROM model") == ["m"])
    // Something is still known of `old`, nothing of `gone`.
    #expect(try Fixture.texts(path, "SELECT name FROM source ORDER BY 1") == ["idle", "old"])
    #expect(try await store.seen([seen.key]).isEmpty)
    let fresh = Fixture.rows(
      at: Fixture.now.seconds - 60, .negative, score: 1, topics: ["all", "fresh"], lang: "la")
    try await store.commit(Fixture.commit(fresh))
    #expect(try count(path, "SELECT id FROM topic WHERE name = 'fresh'") > 1000)
    #expect(
      try Fixture.texts(path, "SELECT DISTINCT topic FROM minutely ORDER BY 1") == ["all", "fresh"])
    try await store.commit(Fixture.commit(negated(fresh)))
    try await store.prune(now: Fixture.now, retention: Retention())
    #expect(try Fixture.texts(path, "SELECT name FROM topic") == ["all"])
  }
}
