import Aggregates
import Foundation
import GRDB
import Testing
import Tweets

import Store

/// A first start that does not come to its end leaves a database that the next start uses.
struct FirstStartTests {
  private func expectUsable(_ path: String, _ state: String) async throws {
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
    try await store.close()
    #expect(try QueryReader(path: path).buckets(.daily).rows.count == 1, "\(state)")
    let again = try AggregateStore(path: path, now: Fixture.now)
    #expect(again.opening.corruptMovedTo == nil, "\(state)")
    try await again.close()
  }

  @Test func `a device that is full at any step of the first start does no harm`() async throws {
    var pages: Int64 = 0
    var refusals = 0
    while true {
      pages += 1
      let scratch = try Scratch()
      let path = scratch.file("e.db")
      do {
        let store = try AggregateStore(
          path: path, now: Fixture.now, options: StoreOptions(pageLimit: pages))
        try await store.close()
        break
      } catch {
        #expect(error.kind == .diskFull, "\(pages) pages: \(error)")
        refusals += 1
      }
      try await expectUsable(path, "room for \(pages) pages")
    }
    #expect(refusals > 10)
  }

  @Test func `a kill after any write of the first start does no harm`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
    let main = try Data(contentsOf: URL(fileURLWithPath: path))
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    try await store.close()
    let frame = 24 + 4096
    let frames = (log.count - 32) / frame
    #expect(frames > 10)
    for kept in [0, 16, 32] + (0...frames).map({ 32 + $0 * frame }) + [32 + frame / 2] {
      let copy = scratch.file("cut-\(kept).db")
      try main.write(to: URL(fileURLWithPath: copy))
      try log.prefix(kept).write(to: URL(fileURLWithPath: copy + "-wal"))
      try await expectUsable(copy, "\(kept) bytes of the log")
    }
  }

  @Test func `a bit that flips in the log of the first start does no harm`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
    let main = try Data(contentsOf: URL(fileURLWithPath: path))
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    try await store.close()
    var generator = SeededGenerator(seed: 13)
    for number in 0..<60 {
      var flipped = log
      let place = Int.random(in: 0..<log.count, using: &generator)
      flipped[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
      let copy = scratch.file("flipped-\(number).db")
      try main.write(to: URL(fileURLWithPath: copy))
      try flipped.write(to: URL(fileURLWithPath: copy + "-wal"))
      try await expectUsable(copy, "byte \(place) of the log")
    }
  }

  @Test(arguments: [1, 5, 15, 16, 40, 99, 100, 512, 4095])
  func `a file of which only a piece was written is begun anew`(_ length: Int) async throws {
    let scratch = try Scratch()
    let whole = scratch.file("whole.db")
    try await AggregateStore(path: whole, now: Fixture.now).close()
    let start = try Data(contentsOf: URL(fileURLWithPath: whole)).prefix(length)
    for (name, content) in [("cut", start), ("zeros", Data(repeating: 0, count: length))] {
      let path = scratch.file("\(name).db")
      try content.write(to: URL(fileURLWithPath: path))
      try await AggregateStore(path: path, now: Fixture.now).close()
      try await expectUsable(path, "\(length) bytes of \(name)")
    }
  }

  @Test(arguments: [
    "VACUUM", "PRAGMA journal_mode = WAL",
    "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
  ])
  func `a database in which nothing of ours is yet is begun anew and said so`(_ statement: String)
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try Fixture.change(path, statement)
    if FileManager.default.contents(atPath: path)?.isEmpty == false {
      let error = #expect(throws: StoreError.self) { try QueryReader(path: path) }
      #expect(error?.kind == .missing)
      let store = try AggregateStore(path: path, now: Fixture.now)
      #expect(store.opening.wasUnfinished)
      #expect(!store.opening.wasUnclean)
      try await store.close()
    }
    try await expectUsable(path, statement)
  }

  @Test func `another program's database is not changed by a byte`() throws {
    let scratch = try Scratch()
    let path = scratch.file("theirs.db")
    try Fixture.change(path, "CREATE TABLE theirs (a)")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let error = #expect(throws: StoreError.self) {
      try AggregateStore(path: path, now: Fixture.now)
    }
    #expect(error?.kind == .foreign)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
  }
}
