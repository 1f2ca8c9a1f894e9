import GRDB

/// A database as the first release made it, with a tweet counted and remembered.
enum VersionOne {
  static func make(at path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: tables + rows)
      try db.execute(sql: "PRAGMA application_id = 1701604708")
      try db.execute(sql: "PRAGMA user_version = 1")
    }
    try queue.close()
  }

  private static let bins = (0..<10).map { "bin_\($0) INTEGER NOT NULL" }.joined(separator: ", ")

  // Only the views that a migration touches or a test reads.
  private static let tables = """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    CREATE TABLE topic (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE source (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE lang (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE model (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE aggregate (
      topic_id INTEGER NOT NULL, bucket_start INTEGER NOT NULL, source_id INTEGER NOT NULL,
      lang_id INTEGER NOT NULL, model_id INTEGER NOT NULL, tweets INTEGER NOT NULL,
      negative INTEGER NOT NULL, neutral INTEGER NOT NULL, positive INTEGER NOT NULL,
      undecided INTEGER NOT NULL, score_sum INTEGER NOT NULL, score_square_sum INTEGER NOT NULL,
      \(bins),
      PRIMARY KEY (topic_id, bucket_start, source_id, lang_id, model_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE hour (
      start INTEGER PRIMARY KEY, merged INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE day (start INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE seen (
      day INTEGER NOT NULL, key INTEGER NOT NULL, version INTEGER NOT NULL,
      bucket_start INTEGER NOT NULL, source_id INTEGER NOT NULL, lang_id INTEGER NOT NULL,
      model_id INTEGER NOT NULL, topics TEXT NOT NULL, label INTEGER, score INTEGER NOT NULL,
      deleted INTEGER NOT NULL,
      PRIMARY KEY (day, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE seen_days (day INTEGER PRIMARY KEY, last_arrival INTEGER NOT NULL) STRICT;
    CREATE TABLE position (
      source TEXT NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL, path TEXT NOT NULL,
      fingerprint INTEGER NOT NULL, fingerprint_length INTEGER NOT NULL, codec TEXT NOT NULL,
      offset INTEGER NOT NULL, line INTEGER NOT NULL, items_done INTEGER NOT NULL,
      finished INTEGER NOT NULL, time INTEGER NOT NULL,
      PRIMARY KEY (source, device, inode)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE gap (
      id INTEGER PRIMARY KEY, source TEXT NOT NULL, from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL, reason TEXT NOT NULL, recovered_by TEXT NOT NULL, tweets INTEGER
    ) STRICT;
    CREATE TABLE counter (
      source TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (source, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE watermark (
      source TEXT PRIMARY KEY, time_ms INTEGER NOT NULL, last_arrival_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE reading (
      name TEXT PRIMARY KEY, value REAL NOT NULL, time INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE VIEW positions AS
    SELECT source, path, codec, offset, line, items_done, finished, device, inode, fingerprint,
      fingerprint_length, strftime('%Y-%m-%dT%H:%M:%SZ', time, 'unixepoch') AS time
    FROM position ORDER BY source, path;
    CREATE VIEW counters AS
    SELECT source, name, value FROM counter ORDER BY source, name;

    """

  /// The tweet of `Fixture.seen(5)`.
  private static let rows = """
    INSERT INTO grdb_migrations VALUES ('1');
    INSERT INTO topic VALUES (1, 'all'), (2, 'tea'), (3, 'coffee');
    INSERT INTO source VALUES (1, 's');
    INSERT INTO lang VALUES (1, 'en');
    INSERT INTO model VALUES (1, 'm');
    INSERT INTO aggregate VALUES
      (1, 1800000000, 1, 1, 1, 1, 0, 0, 1, 0, 750000, 562500, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
    INSERT INTO hour VALUES (1800000000, 0);
    INSERT INTO day VALUES (1799971200);
    INSERT INTO seen VALUES (20000, 5, 1, 1800000000, 1, 1, 1, '2,3', 2, 750000, 0);
    INSERT INTO seen_days VALUES (20000, 1800000000);
    INSERT INTO position VALUES
      ('s', -1, 7, '/in/a.jsonl', -281474671339912, 64, 'plain', 100, 3, 2, 1, 1800000000);
    INSERT INTO counter VALUES ('s', 'decoded', 3);
    INSERT INTO state VALUES ('clean_stop', 1);
    """
}
