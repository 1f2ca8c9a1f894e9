import Aggregates
import Foundation
internal import GRDB
package import Tweets

/// The daemon's database: the only writer of it.
///
/// Calls block on SQLite; the actor runs on a thread of its own.
package actor AggregateStore {
  /// What was found when the database was opened.
  package struct Opening: Sendable, Equatable {
    /// Where a damaged database was moved; nil when it was sound.
    package var corruptMovedTo: String?
    /// What was wrong with it.
    package var corruption: String?
    /// True when the last daemon did not close the database.
    package var wasUnclean = false
    /// True when there was no database before.
    package var isNew: Bool
    /// True when a first start had begun the database and not come to its end.
    package var wasUnfinished = false
    /// True when the whole database was checked for damage.
    package var isChecked = false
  }

  /// What was found when the database was opened.
  package nonisolated let opening: Opening
  /// The database's path.
  package nonisolated let path: String

  let queue: DatabaseQueue
  let options: StoreOptions
  var dimensions: Dimensions
  /// What damage was found while the database was open; nil for none. The daemon must stop then.
  package private(set) var damage: String?
  /// How many rows of tags were left out since the database was opened, because there are too many topics.
  package internal(set) var droppedTopicRows: Int64 = 0
  private var lock: DatabaseLock?
  private let executor = SerialQueueExecutor(label: "elmond.store")

  /// The actor's own thread.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  /// Opens the database at `path`, makes it when there is none, and moves a damaged one aside.
  ///
  /// `now` names the damaged file. Blocks; refuses while another process has the database.
  package init(path: String, now: Timestamp, options: StoreOptions = StoreOptions())
    throws(StoreError)
  {
    lock = try DatabaseLock(database: path)
    let opened = try OpenedDatabase(path: path, now: now, options: options)
    self.path = path
    self.options = options
    queue = opened.queue
    dimensions = opened.dimensions
    opening = opened.opening
  }

  /// Moves the write-ahead log into the database and cuts it, as far as readers let it.
  package func checkpoint() throws(StoreError) {
    try access("checkpoint") { db in _ = try db.checkpoint(.truncate) }
  }

  /// Marks the stop as clean and closes the database; the store cannot be used afterwards.
  ///
  /// After damage the stop stays unclean, so that the next start puts the file aside.
  package func close() throws(StoreError) {
    var failure: StoreError?
    do throws(StoreError) {
      try access("close") { db in
        try OpenedDatabase.setBusyTimeout(options.openingTimeout, db)
      }
      if damage == nil {
        try write("close") { db in try StateNumbers.set("clean_stop", 1, db) }
      }
      try? checkpoint()  // A long reader may prevent it; the log is then moved at the next start.
    } catch { failure = error }
    // The next session needs the lock, also where the mark could not be set.
    do { try queue.close() } catch {
      throw failure ?? StoreError(error, operation: "close", path: path)
    }
    lock = nil
    if let failure { throw failure }
  }

  /// Notes damage: the next start puts the file aside, whatever its own checks find.
  package func note(damage cause: String) {
    guard damage == nil else { return }
    damage = cause
    // Where even this fails, the unclean stop leads to a check, which finds what is so badly damaged.
    try? queue.inDatabase { db in try StateNumbers.set(StateNumbers.damaged, 1, db) }
  }

  /// Notes how many days have figures that differ from their checksum.
  package func note(wrongDays count: Int) throws(StoreError) {
    try write("note damage in") { db in
      try StateNumbers.set(StateNumbers.wrongDays, Int64(count), db)
    }
  }

  /// Notes a model whose files differ from their checksums by a number that is theirs alone; nil for none.
  package func note(refusedModel identity: Int64?) throws(StoreError) {
    try write("note a model in") { db in
      try StateNumbers.set(StateNumbers.refusedModel, identity ?? 0, db)
    }
  }

  /// True for a model that an earlier run found to be damaged.
  package func isRefused(model identity: Int64) throws(StoreError) -> Bool {
    try access("read") { db in try StateNumbers.get(StateNumbers.refusedModel, db) == identity }
  }

  /// The size of the write-ahead log, in bytes.
  package nonisolated var walBytes: Int64 { OpenedDatabase.size(of: path + "-wal") }

  /// Runs `body` in one transaction that is taken for writing at once.
  func write<T>(_ operation: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
    try access(operation) { db in
      var result: T?
      try db.inTransaction(.immediate) {
        result = try body(db)
        return .commit
      }
      guard let result else { preconditionFailure("a committed transaction has a result") }
      return result
    }
  }

  /// Runs `body` outside a transaction and translates its errors.
  func access<T>(_ operation: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try queue.inDatabase(body) } catch {
      let error = StoreError(error, operation: operation, path: path)
      if error.kind == .corrupt { note(damage: error.cause) }
      throw error
    }
  }
}
