import Aggregates
import Foundation
import GRDB
import Testing
import Tweets

import Store

/// Damage in a database that was closed cleanly: it is found and told, and never ends the process.
struct DamageTests {
  /// A database that was closed cleanly, and the figures that are in it.
  private static func sound(_ path: String) async throws -> ResultTable {
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit(Fixture.aggregates(tweets: 600, hours: 60))
    commit.seen = (0..<200).map { Fixture.seen($0) }
    commit.positions = [.init(source: "s", position: Fixture.position())]
    commit.counters = [CounterKey(source: "s", name: "tweets"): 600]
    try await store.commit(commit)
    try await store.close()
    return try QueryReader(path: path).buckets(.hourly)
  }

  /// What a start makes of a damaged file: true when it says so or the figures are right.
  private static func isToldOrRight(_ path: String, _ wanted: ResultTable) async throws -> Bool {
    if let reader = try? QueryReader(path: path) {
      _ = try? reader.statusInputs()
      _ = try? reader.buckets(.minutely)
      _ = try? reader.rolling()
    }
    let store: AggregateStore
    do {
      store = try AggregateStore(path: path, now: Fixture.now)
    } catch {
      return [.corrupt, .newerSchema].contains(error.kind)
    }
    var isTold = store.opening.corruptMovedTo != nil
    _ = try? await store.statusInputs()
    _ = try? await store.positions(of: "s")
    _ = try? await store.seen((0..<200).map { Fixture.seen($0).key })
    _ = try? await store.commit(
      Fixture.commit(Fixture.rows(at: Fixture.now.seconds, .positive, score: 1)))
    if await store.damage != nil { isTold = true }
    let found = try? QueryReader(path: path)
    do {
      if try found?.check().isEmpty == false { isTold = true }
    } catch { isTold = true }
    try? await store.close()
    guard !isTold else { return true }
    let table = try? QueryReader(path: path).buckets(
      .hourly, until: Timestamp(seconds: Fixture.now.seconds / 3600 * 3600))
    let limit = Fixture.now.seconds / 3600 * 3600
    return table?.rows == wanted.rows.filter { ($0[1].integer ?? 0) < limit }
  }

  private static func copy(_ data: Data, to path: String) throws {
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func `a page of zeros anywhere is told, or does no harm`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let wanted = try await DamageTests.sound(path)
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    let pages = sound.count / 4096
    #expect(pages > 20)
    for page in 1..<pages {
      let broken = scratch.file("page-\(page).db")
      var bytes = sound
      bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: Data(repeating: 0, count: 4096))
      try DamageTests.copy(bytes, to: broken)
      #expect(try await DamageTests.isToldOrRight(broken, wanted), "page \(page + 1) of \(pages)")
    }
  }

  @Test func `a bit that flips anywhere is told, or does no harm to a figure`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let wanted = try await DamageTests.sound(path)
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    var generator = SeededGenerator(seed: 5)
    for number in 0..<200 {
      // A file of its own: SQLite shares what it knows of an inode between the connections of a process.
      let broken = scratch.file("bit-\(number).db")
      var bytes = sound
      let place = Int.random(in: 100..<sound.count, using: &generator)
      let bit = Int.random(in: 0..<8, using: &generator)
      bytes[place] ^= UInt8(1 << bit)
      try DamageTests.copy(bytes, to: broken)
      #expect(try await DamageTests.isToldOrRight(broken, wanted), "byte \(place), bit \(bit)")
    }
  }

  @Test(arguments: [
    "UPDATE aggregate SET bucket_start = bucket_start + 864000 WHERE topic_id = 2",
    "UPDATE aggregate SET bucket_start = bucket_start + 1",
    "UPDATE aggregate SET bucket_start = -60", "UPDATE aggregate SET bucket_start = 1 << 60",
    "UPDATE aggregate SET negative = -1, positive = tweets + 1",
    "UPDATE aggregate SET tweets = 9000000000000000000", "UPDATE aggregate SET tweets = tweets + 1",
    "UPDATE aggregate SET source_id = 99", "DELETE FROM hour", "DELETE FROM day",
    "UPDATE topic SET name = 'bll' WHERE id = 1",
    "ALTER TABLE aggregate RENAME COLUMN tweets TO tweetr", "DROP TABLE seen",
  ])
  func `rows that cannot be are damage`(_ statement: String) async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    _ = try await DamageTests.sound(path)
    try Fixture.change(
      path,
      "DROP VIEW rolling; " + statement.replacing("aggregate SET", with: "OR REPLACE aggregate SET")
    )
    // A reader never ends the process, whatever it finds.
    if let reader = try? QueryReader(path: path) {
      _ = try? reader.statusInputs()
      for granularity in Granularity.allCases {
        _ = try? reader.buckets(granularity)
        _ = try? reader.buckets(granularity, zone: LocalZone(identifier: "Europe/Berlin"))
      }
      #expect(throws: StoreError.self) { try reader.check() }
    }
    let store = try AggregateStore(path: path, now: Fixture.now)
    #expect(store.opening.corruptMovedTo != nil)
    try await store.close()
  }

  @Test func `a figure that changed behind the store's back is told by its day`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    _ = try await DamageTests.sound(path)
    #expect(try QueryReader(path: path).check().isEmpty)
    let day = Fixture.now.seconds / 86_400 * 86_400
    try Fixture.change(
      path,
      """
      UPDATE aggregate SET score_sum = score_sum + 1 WHERE (topic_id, bucket_start) IN
        (SELECT topic_id, bucket_start FROM aggregate WHERE topic_id = 2 AND bucket_start < \(day)
         ORDER BY bucket_start DESC LIMIT 1)
      """)
    #expect(try QueryReader(path: path).check() == [Timestamp(seconds: day - 86_400)])
    let store = try AggregateStore(path: path, now: Fixture.now)
    #expect(store.opening.corruptMovedTo == nil)
    try await store.close()
  }

  @Test func `totals hold through counting, taking back, merging and dropping`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let rows = Fixture.aggregates(tweets: 2000, hours: 100)
    try await store.commit(Fixture.commit(rows))
    var back = rows.filter { $0.value.tweets == 1 }
    for (key, value) in back {
      back[key] = AggregateValue()
      back[key]?.subtract(value)
    }
    try await store.commit(Fixture.commit(back))
    try await store.commit(Fixture.commit(back))  // Nothing is left to take back.
    try await store.prune(
      now: Fixture.now, retention: Retention(minutes: 20 * 3600, hours: 70 * 3600))
    try await store.commit(Fixture.commit(Fixture.aggregates(tweets: 500, hours: 60, seed: 2)))
    #expect(try QueryReader(path: path).check().isEmpty)
    try await store.close()
  }

  @Test func `a store that met damage is put aside at the next start`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    _ = try await DamageTests.sound(path)
    let store = try AggregateStore(path: path, now: Fixture.now)
    try Fixture.change(path, "UPDATE position SET offset = -1")
    await #expect(throws: StoreError.self) { try await store.positions(of: "s") }
    #expect(await store.damage != nil)
    try await store.close()
    let again = try AggregateStore(path: path, now: Fixture.now)
    #expect(again.opening.corruptMovedTo != nil)
    #expect(again.opening.corruption?.contains("the last run found damage") == true)
    try await again.close()
    let third = try AggregateStore(path: path, now: Fixture.now)
    #expect(third.opening.corruptMovedTo == nil)
  }
}
