import Aggregates
import Testing
import Tweets

import Store

struct ForgetTests {
  private static let hour = Fixture.now.seconds / 3600 * 3600

  /// Two sources of ten tweets each, one a minute; their keys, positions and counters.
  private func filled(_ path: String) async throws -> AggregateStore {
    let store = try AggregateStore(path: path, now: Fixture.now)
    for source in ["good", "bad"] {
      var commit = Fixture.commit()
      for minute in 0..<Int64(10) {
        let time = Self.hour - 86_400 + minute * 600
        commit.aggregates.merge(
          Fixture.rows(at: time, .positive, score: 750_000, topics: ["all", "tea"], source: source)
        ) { $1 }
        var seen = Fixture.seen(minute + (source == "good" ? 0 : 100), at: time)
        seen.home.source = source
        seen.topics = ["tea"]
        if minute == 9 { seen.deleted = true }
        commit.seen.append(seen)
      }
      commit.positions = [
        .init(source: source, position: Fixture.position(inode: source == "good" ? 1 : 2))
      ]
      commit.counters = [CounterKey(source: source, name: "tweets"): 10]
      try await store.commit(commit)
    }
    return store
  }

  private func tweets(_ path: String) throws -> [String] {
    try Fixture.texts(
      path,
      """
      SELECT source || ' ' || sum(tweets) FROM hourly_detail WHERE topic = 'all'
      GROUP BY source ORDER BY source
      """)
  }

  @Test func `a trial says what would go and changes nothing`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try await filled(path)
    let result = try await store.forget(Forgetting(source: "bad"), isTrial: true)
    #expect(result.tweets == 10)
    #expect(result.rows == 20)
    #expect(result.keys == 9)
    #expect(result.files == 1)
    #expect(result.first == Timestamp(seconds: Self.hour - 86_400))
    #expect(try tweets(path) == ["bad 10", "good 10"])
    #expect(try await store.positions(of: "bad").count == 1)
    #expect(try await store.counters()[CounterKey(source: "bad", name: "forgotten")] == nil)
    try await store.close()
  }

  @Test func `a source is taken out as a whole and its files are read again`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try await filled(path)
    _ = try await store.forget(Forgetting(source: "bad"), isTrial: false)
    #expect(try tweets(path) == ["good 10"])
    #expect(try await store.positions(of: "bad").isEmpty)
    #expect(try await store.positions(of: "good").count == 1)
    #expect(try await store.counters()[CounterKey(source: "bad", name: "forgotten")] == 10)
    #expect(try await store.counters()[CounterKey(source: "bad", name: "tweets")] == 10)
    // What was deleted by its author does not come back with the file.
    #expect(
      try Fixture.texts(path, "SELECT key FROM seen WHERE key >= 100 ORDER BY key") == ["109"])
    #expect(try QueryReader(path: path).check().isEmpty)
    let again = try await store.forget(Forgetting(source: "bad"), isTrial: false)
    #expect(again.tweets == 0)
    try await store.close()
  }

  @Test func `a span is taken out and the files stay read`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try await filled(path)
    let from = Timestamp(seconds: Self.hour - 86_400 + 1200)
    let until = Timestamp(seconds: Self.hour - 86_400 + 3600)
    let result = try await store.forget(
      Forgetting(source: "bad", since: from, until: until), isTrial: false)
    #expect(result.tweets == 4)
    #expect(result.files == 0)
    #expect(try tweets(path) == ["bad 6", "good 10"])
    #expect(try await store.positions(of: "bad").count == 1)
    let kept = Forgetting(source: "bad", keepsPosition: true)
    #expect(try await store.forget(kept, isTrial: false).tweets == 6)
    #expect(try await store.positions(of: "bad").count == 1)
    #expect(try QueryReader(path: path).check().isEmpty)
    try await store.close()
    let next = try AggregateStore(path: path, now: Fixture.now)
    #expect(next.opening.corruptMovedTo == nil)
    try await next.close()
  }

  @Test func `hours without any tweet left are not listed any more`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try await filled(path)
    for source in ["bad", "good"] {
      _ = try await store.forget(Forgetting(source: source), isTrial: false)
    }
    for table in ["aggregate", "hour", "day", "day_total"] {
      #expect(try Fixture.texts(path, "SELECT count(*) FROM \(table)") == ["0"], "\(table)")
    }
    try await store.close()
  }

  @Test func `an unknown source, and a limit inside a kept quarter, are refused`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try await filled(path)
    let unknown = await #expect(throws: StoreError.self) {
      try await store.forget(Forgetting(source: "none"), isTrial: false)
    }
    #expect(unknown?.kind == .refused)
    #expect(unknown?.exitCode == 64)
    try await store.prune(now: Fixture.now, retention: Retention(minutes: 3600))
    let inside = Timestamp(seconds: Self.hour - 86_400 + 1200)
    let cut = await #expect(throws: StoreError.self) {
      try await store.forget(Forgetting(source: "bad", since: inside), isTrial: false)
    }
    #expect(cut?.description.contains("quarter") == true)
    let whole = Timestamp(seconds: Self.hour - 86_400 + 1800)
    let result = try await store.forget(Forgetting(source: "bad", since: whole), isTrial: false)
    #expect(result.tweets == 7)
    #expect(try QueryReader(path: path).check().isEmpty)
    try await store.close()
  }
}
