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
    package var wasUnclean: Bool
    /// True when there was no database before.
    package var isNew: Bool
  }

  /// What was found when the database was opened.
  package nonisolated let opening: Opening
  /// The database's path.
  package nonisolated let path: String

  let queue: DatabaseQueue
  let options: StoreOptions
  var dimensions: Dimensions
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
  package func close() throws(StoreError) {
    var failure: StoreError?
    do throws(StoreError) {
      try access("close") { db in
        try OpenedDatabase.setBusyTimeout(options.openingTimeout, db)
      }
      try write("close") { db in try StateNumbers.set("clean_stop", 1, db) }
      try? checkpoint()  // A long reader may prevent it; the log is then moved at the next start.
    } catch { failure = error }
    // The next session needs the lock, also where the mark could not be set.
    do { try queue.close() } catch {
      throw failure ?? StoreError(error, operation: "close", path: path)
    }
    lock = nil
    if let failure { throw failure }
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
      throw StoreError(error, operation: operation, path: path)
    }
  }
}
