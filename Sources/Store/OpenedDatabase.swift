import Foundation
internal import GRDB
import GRDBSQLite
import Tweets

/// The steps from a path to a sound database of the right version.
struct OpenedDatabase {
  let queue: DatabaseQueue
  let dimensions: Dimensions
  let opening: AggregateStore.Opening

  init(path: String, now: Timestamp, options: StoreOptions) throws(StoreError) {
    let isNew = try OpenedDatabase.prepareFile(path)
    // A damaged database of ours is put aside; somebody's file at a mistaken path is left alone.
    guard isNew || OpenedDatabase.couldBeOurs(path) else {
      throw StoreError(
        kind: .foreign, operation: "open", subject: path, cause: "it is a file of another kind",
        remedy: "set [store] database to a path of its own")
    }
    var opening = AggregateStore.Opening(
      corruptMovedTo: nil, corruption: nil, wasUnclean: false, isNew: isNew)
    do {
      self = try OpenedDatabase(sound: path, options: options, opening: opening)
    } catch {
      guard error.kind == .corrupt else { throw error }
      opening.corruption = error.cause
      opening.corruptMovedTo = try OpenedDatabase.moveAside(path, now: now)
      _ = try OpenedDatabase.prepareFile(path)
      self = try OpenedDatabase(sound: path, options: options, opening: opening)
    }
  }

  private init(sound path: String, options: StoreOptions, opening: AggregateStore.Opening)
    throws(StoreError)
  {
    do {
      let queue = try DatabaseQueue(
        path: path, configuration: OpenedDatabase.configuration(options))
      var opening = opening
      opening.wasUnclean = try queue.inDatabase { db in try OpenedDatabase.check(db, path) }
      try Schema.migrator.migrate(queue)
      try queue.inDatabase { db in try OpenedDatabase.setBusyTimeout(options.busyTimeout, db) }
      dimensions = try queue.inDatabase { db in
        try db.inTransaction(.immediate) {
          try StateNumbers.set("clean_stop", 0, db)
          return .commit
        }
        return try Dimensions(db)
      }
      self.queue = queue
      self.opening = opening
    } catch {
      throw StoreError(error, operation: "open", path: path)
    }
  }

  /// Refuses a database that is not ours to change; tells whether the last stop was unclean.
  private static func check(_ db: Database, _ path: String) throws -> Bool {
    let tables = try Int64.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    guard tables > 0 else { return false }
    guard try Int64.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
      throw StoreError(
        kind: .foreign, operation: "open", subject: path,
        cause: "it is a database of another program",
        remedy: "set [store] database to a path of its own")
    }
    let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version <= Schema.version else {
      throw StoreError(
        kind: .newerSchema, operation: "open", subject: path,
        cause: "its schema has version \(version), this elmond knows \(Schema.version)",
        remedy: "install the newer elmond again, or set [store] database to another path")
    }
    let wasUnclean = try StateNumbers.get("clean_stop", db) != 1
    if wasUnclean {
      let answer = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
      guard answer == "ok" else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "quick_check: \(answer)")
      }
    }
    return wasUnclean
  }

  /// Sets how long a statement waits for another connection, in seconds.
  static func setBusyTimeout(_ seconds: Double, _ db: Database) throws {
    _ = try Int64.fetchOne(db, sql: "PRAGMA busy_timeout = \(Int64(seconds * 1000))")
  }

  private static func configuration(_ options: StoreOptions) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(options.openingTimeout)
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      // auto_vacuum must come before anything is written, switching to WAL included.
      try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = \(options.durability.rawValue.uppercased())")
      try db.execute(sql: "PRAGMA journal_size_limit = \(options.walLimit)")
      if let pages = options.pageLimit {
        _ = try Int64.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
      }
      try keepLogFile(db)
    }
    return configuration
  }

  /// Leaves `-wal` and `-shm` in place after a clean stop: readers without the right to write in the
  /// directory could not open the database otherwise (https://www.sqlite.org/wal.html#readonly).
  private static func keepLogFile(_ db: Database) throws {
    var on: CInt = 1
    let code = unsafe sqlite3_file_control(
      db.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &on)
    guard code == SQLITE_OK else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "keep the log file")
    }
  }

  /// Makes the file when it is missing and takes the group's right to write away; true when it is new.
  ///
  /// SQLite gives `-wal` and `-shm` the mode of the database. A reader that may write would create
  /// them under its own user and lock the daemon out. A symbolic link is refused: its mode would be
  /// changed, and its log would lie elsewhere than its path tells.
  private static func prepareFile(_ path: String) throws(StoreError) -> Bool {
    var descriptor = unsafe Foundation.open(
      path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
    let isNew = descriptor >= 0
    if !isNew && errno == EEXIST {
      descriptor = unsafe Foundation.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    }
    guard descriptor >= 0 else { throw FileFailure(errno, "open", path).error }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileFailure(errno, "examine", path).error
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileFailure(EISDIR, "open", path).error
    }
    if status.st_mode & 0o022 != 0 { _ = fchmod(descriptor, status.st_mode & 0o7755) }
    return isNew || status.st_size == 0
  }

  /// True for a file with SQLite's header, or one that has lost it but has a write-ahead log beside it.
  private static func couldBeOurs(_ path: String) -> Bool {
    let header = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 16) }
    return header == Data("SQLite format 3\0".utf8)
      || FileManager.default.fileExists(atPath: path + "-wal")
  }

  /// Renames a damaged database with its log; returns the new path.
  private static func moveAside(_ path: String, now: Timestamp) throws(StoreError) -> String {
    let stamp = "\(Timestamp(seconds: now.seconds))".filter { $0 != ":" && $0 != "-" }
    var aside = "\(path).corrupt-\(stamp)"
    var count = 1
    while FileManager.default.fileExists(atPath: aside) {
      count += 1
      aside = "\(path).corrupt-\(stamp)-\(count)"
    }
    for suffix in ["-wal", "-shm", ""] {
      guard unsafe rename(path + suffix, aside + suffix) == 0 || errno == ENOENT else {
        throw FileFailure(errno, "move aside", path + suffix).error
      }
    }
    return aside
  }

  /// The size of a file in bytes; 0 when it is not there.
  static func size(of path: String) -> Int64 {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }
}
