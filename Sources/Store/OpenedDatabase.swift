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
      throw OpenedDatabase.foreign(path, "it is a file of another kind")
    }
    if !isNew { try OpenedDatabase.refuseForeign(path) }
    var opening = AggregateStore.Opening(isNew: isNew)
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
      dimensions = try queue.inDatabase { db in
        let state = try OpenedDatabase.examine(db, path)
        opening.wasUnfinished =
          state == .unfinished && !opening.isNew && opening.corruptMovedTo == nil
        opening.wasUnclean = state == .unclean
        try Schema.migrate(db)
        try OpenedDatabase.setBusyTimeout(options.busyTimeout, db)
        if state != .unfinished { try OpenedDatabase.check(db, path, state, options, &opening) }
        try db.inTransaction(.immediate) {
          try StateNumbers.set("clean_stop", 0, db)
          return .commit
        }
        return try Dimensions(db, ownTopics: options.topics)
      }
      self.queue = queue
      self.opening = opening
    } catch {
      throw StoreError(error, operation: "open", path: path)
    }
  }

  private static func foreign(_ path: String, _ cause: String) -> StoreError {
    StoreError(
      kind: .foreign, operation: "open", subject: path, cause: cause,
      remedy: "set [store] database to a path of its own")
  }

  /// Refuses another program's database before anything of it is changed, its journal mode included.
  private static func refuseForeign(_ path: String) throws(StoreError) {
    var configuration = Configuration()
    configuration.readonly = true
    do {
      try DatabaseQueue(path: path, configuration: configuration).inDatabase { db in
        _ = try examine(db, path)
      }
    } catch let error as StoreError {
      if error.kind == .foreign { throw error }
    } catch {}  // What cannot be read is judged by the opening proper.
  }

  /// What a database is found to be before anything is changed.
  private enum State {
    /// Nothing of ours is in it: a first start that did not come to its end.
    case unfinished
    /// The last daemon closed it.
    case clean
    /// The last daemon was killed, or found damage.
    case unclean
  }

  /// Tells what a database is; refuses one that is not ours to change.
  private static func examine(_ db: Database, _ path: String) throws -> State {
    let tables = Set(
      try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"))
    let id = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    // An earlier release committed its list of migrations before everything else.
    if id == 0, tables.subtracting(["grdb_migrations"]).isEmpty { return .unfinished }
    let isOurs = ["aggregate", "seen", "state", "position"].allSatisfy(tables.contains)
    guard id == Schema.applicationID || isOurs else {
      throw foreign(path, "it is a database of another program")
    }
    let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard id == Schema.applicationID, isOurs, version >= 1 else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "it is a database of elmond that lacks a part")
    }
    guard version <= Schema.version else {
      throw StoreError(
        kind: .newerSchema, operation: "open", subject: path,
        cause: "its schema has version \(version), this elmond knows \(Schema.version)",
        remedy: "install the newer elmond again, or set [store] database to another path")
    }
    if try StateNumbers.get(StateNumbers.damaged, db) == 1 {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the last run found damage in it")
    }
    return try StateNumbers.get("clean_stop", db) == 1 ? .clean : .unclean
  }

  /// Looks for damage, after an unclean stop and wherever it takes no time.
  private static func check(
    _ db: Database, _ path: String, _ state: State, _ options: StoreOptions,
    _ opening: inout AggregateStore.Opening
  ) throws {
    try SchemaCheck.run(db)
    opening.isChecked =
      state == .unclean
      || size(of: path) + size(of: path + "-wal") <= options.quickCheckBytes
    if opening.isChecked { try DatabaseCheck.run(db) }
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

  /// True for a file with SQLite's header, or one that has lost it but has a log or a journal beside it.
  ///
  /// A full device or a power failure can leave a header that is cut short or a file of zeros.
  private static func couldBeOurs(_ path: String) -> Bool {
    let header = Data("SQLite format 3\0".utf8)
    guard
      let start = FileHandle(forReadingAtPath: path).flatMap({ try? $0.read(upToCount: 65_536) })
    else { return false }
    return start.prefix(header.count) == header.prefix(start.count)
      || start.count < 65_536 && start.allSatisfy { $0 == 0 }
      || ["-wal", "-journal"].contains { FileManager.default.fileExists(atPath: path + $0) }
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
    for suffix in ["-wal", "-shm", "-journal", ""] {
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
