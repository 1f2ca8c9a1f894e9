import Aggregates
import Foundation
import GRDB
import Testing
import Tweets

import Store

struct StoreOpeningTests {
  private func copy(_ from: String, _ to: String) throws {
    for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: from + suffix) {
      try FileManager.default.copyItem(atPath: from + suffix, toPath: to + suffix)
    }
  }

  private func mode(_ path: String) throws -> Int {
    let value = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    return try #require(value as? Int)
  }

  @Test func `after a crash everything that was committed is there`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    for minute in 0..<50 {
      try await store.commit(
        Fixture.commit(Fixture.rows(at: Int64(minute) * 60, .negative, score: 0)))
    }
    // The files as a power failure would leave them: open, with everything in the log.
    let copied = scratch.file("copy.db")
    try copy(path, copied)
    let again = try AggregateStore(path: copied, now: Fixture.now)
    #expect(again.opening.wasUnclean)
    #expect(again.opening.corruptMovedTo == nil)
    #expect(try QueryReader(path: copied).buckets(.daily).column("tweets") == [.integer(50)])
    try await again.close()
    let third = try AggregateStore(path: copied, now: Fixture.now)
    #expect(!third.opening.wasUnclean)
  }

  @Test func `a reader without the right to write reads while open and after a clean stop`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
    #expect(try QueryReader(path: path).buckets(.hourly).rows.count == 1)
    try await store.close()
    #expect(FileManager.default.fileExists(atPath: path + "-wal"))
    #expect(FileManager.default.fileExists(atPath: path + "-shm"))
    #expect(try QueryReader(path: path).buckets(.hourly).rows.count == 1)
    for suffix in ["", "-wal", "-shm"] { #expect(try mode(path + suffix) & 0o027 == 0) }
  }

  @Test func `a database that the group may write is taken back from it`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    _ = FileManager.default.createFile(
      atPath: path, contents: nil, attributes: [.posixPermissions: 0o664])
    let store = try AggregateStore(path: path, now: Fixture.now)
    #expect(try mode(path) == 0o644)
    try await store.close()
  }

  @Test(arguments: [true, false])
  func `a symbolic link is refused and what it leads to is left alone`(_ leadsSomewhere: Bool)
    throws
  {
    let scratch = try Scratch()
    let (path, target) = (scratch.file("e.db"), scratch.file("target"))
    if leadsSomewhere {
      _ = FileManager.default.createFile(
        atPath: target, contents: nil, attributes: [.posixPermissions: 0o666])
    }
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    let error = #expect(throws: StoreError.self) {
      try AggregateStore(path: path, now: Fixture.now)
    }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.description.contains("it is a symbolic link; give the path of the file") == true)
    #expect(FileManager.default.fileExists(atPath: target) == leadsSomewhere)
    if leadsSomewhere { #expect(try mode(target) == 0o666) }
  }

  @Test func `space is given back bit by bit and the log is kept`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let wanted = [
      ("auto_vacuum", "2"), ("journal_mode", "wal"), ("user_version", "3"),
      ("application_id", "1701604708"),
    ]
    for (name, value) in wanted {
      #expect(try Fixture.texts(path, "PRAGMA \(name)") == [value], "\(name)")
    }
    try await store.close()
  }

  @Test func `a second daemon is refused while the first runs`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    do {
      let store = try AggregateStore(path: path, now: Fixture.now)
      let error = #expect(throws: StoreError.self) {
        try AggregateStore(path: path, now: Fixture.now)
      }
      #expect(error?.kind == .inUse)
      #expect(error?.exitCode == 75)
      #expect(error?.description.contains("another elmond") == true)
      try await store.close()
    }
    _ = try AggregateStore(path: path, now: Fixture.now)
  }

  @Test func `a file of another kind is refused and left alone`() throws {
    let scratch = try Scratch()
    let path = scratch.file("tweets.csv")
    try "id,text\n1,hello\n".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: StoreError.self) {
      try AggregateStore(path: path, now: Fixture.now)
    }
    #expect(error?.kind == .foreign)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "id,text\n1,hello\n")
  }

  @Test func `a database that lost its header is moved aside and a new one started`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try String(repeating: "no database ", count: 1000).write(
      toFile: path, atomically: true, encoding: .utf8)
    // The write-ahead log that stays beside a database of ours.
    try "".write(toFile: path + "-wal", atomically: true, encoding: .utf8)
    let store = try AggregateStore(path: path, now: Fixture.now)
    let aside = try #require(store.opening.corruptMovedTo)
    #expect(aside == path + ".corrupt-20270115T080000Z")
    #expect(try String(contentsOfFile: aside, encoding: .utf8).hasPrefix("no database"))
    try await store.commit(Fixture.commit(Fixture.rows(at: 60, .negative, score: 0)))
    #expect(try QueryReader(path: path).buckets(.daily).rows.count == 1)
  }

  @Test func `a damaged database is found after an unclean stop and moved aside with its log`()
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let broken = scratch.file("broken.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    try await store.commit(Fixture.commit(Fixture.aggregates(tweets: 5000, hours: 100)))
    try await store.checkpoint()
    try copy(path, broken)
    let handle = try #require(FileHandle(forUpdatingAtPath: broken))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: size / 2)
    try handle.write(contentsOf: Data(repeating: 0x5A, count: 16_384))
    try handle.close()
    let again = try AggregateStore(path: broken, now: Fixture.now)
    let aside = try #require(again.opening.corruptMovedTo)
    #expect(again.opening.corruption != nil)
    #expect(FileManager.default.fileExists(atPath: aside))
    #expect(try QueryReader(path: broken).buckets(.daily).rows.isEmpty)
  }

  @Test func `a newer schema is refused with what to do`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try await AggregateStore(path: path, now: Fixture.now).close()
    try Fixture.change(path, "PRAGMA user_version = 99")
    let copied = scratch.file("copy.db")
    try copy(path, copied)
    let error = #expect(throws: StoreError.self) {
      try AggregateStore(path: copied, now: Fixture.now)
    }
    #expect(error?.kind == .newerSchema)
    #expect(error?.description.contains("version 99") == true)
    #expect(throws: StoreError.self) { try QueryReader(path: copied) }
  }

  @Test func `another program's database is refused and left alone`() throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try DatabaseQueue(path: path).inDatabase { db in try db.execute(sql: "CREATE TABLE theirs (a)")
    }
    let error = #expect(throws: StoreError.self) {
      try AggregateStore(path: path, now: Fixture.now)
    }
    #expect(error?.kind == .foreign)
    #expect(FileManager.default.fileExists(atPath: path))
    #expect(throws: StoreError.self) { try QueryReader(path: path) }
  }

  @Test
  func `a missing directory, a directory as a file and a missing database are told with a remedy`()
    throws
  {
    let scratch = try Scratch()
    let missing = #expect(throws: StoreError.self) {
      try AggregateStore(path: scratch.file("no/e.db"), now: Fixture.now)
    }
    #expect(missing?.kind == .cannotCreate)
    #expect(missing?.exitCode == 73)
    #expect(throws: StoreError.self) { try AggregateStore(path: scratch.path, now: Fixture.now) }
    let unread = #expect(throws: StoreError.self) { try QueryReader(path: scratch.file("e.db")) }
    #expect(unread?.kind == .missing)
    #expect(unread?.exitCode == 66)
  }
}
