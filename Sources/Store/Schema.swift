internal import GRDB

/// The tables and views of the database and their migrations.
enum Schema {
  /// `elmd` in ASCII, so that `file` and we know the database.
  static let applicationID: Int64 = 0x656C_6D64
  /// The newest version that this elmond knows; it is also SQLite's `user_version`.
  static let version: Int64 = 3
  /// The row of `topic` that counts every tweet once.
  static let allTopicID: Int64 = 1

  /// The figures of an aggregate row, in the order of `AggregateValue.columns`.
  static let figures = figuresOfVersion1 + figuresOfVersion3

  private static let figuresOfVersion1 =
    ["tweets", "negative", "neutral", "positive", "undecided", "score_sum", "score_square_sum"]
    + (0..<10).map { "bin_\($0)" }
  /// How many of the figures are counts: the tweets, and the labels that add up to them.
  static let countFigures = 5

  /// Figures that rows of an older database do not have.
  static let figuresOfVersion3 = [
    "score_square_rest", "negative_sum", "neutral_sum", "positive_sum",
  ]

  /// Brings a database of any older version, or an empty one, to this version, in one transaction.
  ///
  /// Tables, application id and version appear together: a first start that is killed leaves an empty database and
  /// never one that is refused.
  static func migrate(_ db: Database) throws {
    let found = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard found < version else { return }
    try db.inTransaction(.immediate) {
      // Earlier releases kept their list of migrations here; it was committed before the first table.
      try db.execute(sql: "DROP TABLE IF EXISTS grdb_migrations")
      try dropViews(db)  // A view of an older version may name a column that changes.
      if found < 1 { try db.execute(sql: tables) }
      if found < 2 { try db.execute(sql: streams) }
      for change in changesOfVersion3 { try db.execute(sql: change) }
      try DayTotals.rebuild(db)
      try createViews(db)
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: "PRAGMA user_version = \(version)")
      return .commit
    }
  }

  /// The changes of the tables from version 2 to version 3, in order.
  private static let changesOfVersion3: [String] = [
    refusedFiles, archiveMembers, files, positionsTellFormat, namesOfCounters, prunedTweets,
    probabilities,
    gapsWithoutEnd, DayTotals.table,
  ]

  // In an archive the member under way has offset, line and items_done; those before it are done.
  private static let archiveMembers = """
    ALTER TABLE position ADD COLUMN member TEXT NOT NULL DEFAULT '';
    ALTER TABLE position ADD COLUMN member_number INTEGER NOT NULL DEFAULT 0;
    """

  private static let files = """
    CREATE TABLE file (
      source TEXT NOT NULL,
      path TEXT NOT NULL,
      state TEXT NOT NULL,
      format TEXT NOT NULL,
      encoding TEXT NOT NULL,
      container TEXT NOT NULL,
      records INTEGER NOT NULL,
      tweets INTEGER NOT NULL,
      undecodable INTEGER NOT NULL,
      untimed INTEGER NOT NULL,
      first_ms INTEGER,
      last_ms INTEGER,
      reason TEXT NOT NULL,
      time INTEGER NOT NULL,
      PRIMARY KEY (source, path)
    ) STRICT, WITHOUT ROWID;
    """

  /// How the bytes of a file are read, and by how many of them that was decided.
  private static let positionsTellFormat = """
    ALTER TABLE position ADD COLUMN sniffed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE position ADD COLUMN format TEXT NOT NULL DEFAULT '';
    ALTER TABLE position ADD COLUMN encoding TEXT NOT NULL DEFAULT '';
    """

  // A file whose content is not tweets keeps a position, so that it is counted once.
  private static let refusedFiles =
    "ALTER TABLE position ADD COLUMN refused INTEGER NOT NULL DEFAULT 0"

  /// Tweets that count at their arrival had the counter `untimed`, which now means that they are not counted.
  private static let namesOfCounters =
    "UPDATE counter SET name = 'arrival_timed' WHERE name = 'untimed'"

  /// Older versions did not count the tweets that went with their buckets.
  private static let prunedTweets = """
    INSERT INTO counter SELECT '', 'pruned', missing FROM (
      SELECT (SELECT coalesce(sum(value), 0) FROM counter WHERE name = 'tweets')
        - (SELECT coalesce(sum(value), 0) FROM counter WHERE name = 'deleted')
        - (SELECT coalesce(sum(tweets), 0) FROM aggregate WHERE topic_id = \(allTopicID)) AS missing
    ) WHERE missing > 0
    """

  /// Sums of probabilities and exact sums of squares. Rows of an older database have no probabilities: their sums stay
  /// 0, and what `seen` remembers of their tweets has none.
  private static let probabilities =
    figuresOfVersion3.map {
      "ALTER TABLE aggregate ADD COLUMN \($0) INTEGER NOT NULL DEFAULT 0;\n"
    }.joined() + """
      ALTER TABLE seen ADD COLUMN negative INTEGER;
      ALTER TABLE seen ADD COLUMN positive INTEGER;
      """

  // A gap that goes on has no end yet. The table is made anew, because SQLite cannot lift NOT NULL from a column. It is
  // not renamed: that would look at every view, of which some are out of date at this point.
  private static let gapsWithoutEnd = """
    CREATE TEMP TABLE gap_copy AS SELECT * FROM gap;
    DROP TABLE gap;
    CREATE TABLE gap (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER,
      reason TEXT NOT NULL,
      recovered_by TEXT NOT NULL,
      tweets INTEGER,
      detail TEXT
    ) STRICT;
    INSERT INTO gap SELECT id, source, from_ms, to_ms, reason, recovered_by, tweets, NULL FROM gap_copy;
    DROP TABLE gap_copy;
    CREATE INDEX gap_unfinished ON gap (source) WHERE to_ms IS NULL OR recovered_by = 'pending';
    """

  /// Replaces every view by that of this version.
  static func createViews(_ db: Database) throws {
    try dropViews(db)
    for view in Views.all { try db.execute(sql: view) }
  }

  private static func dropViews(_ db: Database) throws {
    for name in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'") {
      try db.execute(sql: "DROP VIEW \(name.quotedDatabaseIdentifier)")
    }
  }

  // The aggregates are keyed by topic before time: nearly every question names a topic and wants its
  // minutes in order. `hour` and `day` list the hours and days that have rows, so that the views can
  // sum each of them by a range of the key instead of sorting all minutes. An hour is `merged` once its
  // minutes became quarters; whatever comes later for it goes into the quarters too.
  //
  // Names have numbers that are never given again: `seen` may name some that were dropped since.
  private static let tables = """
    CREATE TABLE topic (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE source (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE lang (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE model (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE
    ) STRICT;
    INSERT INTO topic VALUES (\(allTopicID), 'all');
    CREATE TABLE aggregate (
      topic_id INTEGER NOT NULL,
      bucket_start INTEGER NOT NULL,
      source_id INTEGER NOT NULL,
      lang_id INTEGER NOT NULL,
      model_id INTEGER NOT NULL,
      \(figuresOfVersion1.map { "\($0) INTEGER NOT NULL" }.joined(separator: ",\n  ")),
      PRIMARY KEY (topic_id, bucket_start, source_id, lang_id, model_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE hour (
      start INTEGER PRIMARY KEY, merged INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE day (start INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE seen (
      day INTEGER NOT NULL,
      key INTEGER NOT NULL,
      version INTEGER NOT NULL,
      bucket_start INTEGER NOT NULL,
      source_id INTEGER NOT NULL,
      lang_id INTEGER NOT NULL,
      model_id INTEGER NOT NULL,
      topics TEXT NOT NULL,
      label INTEGER,
      score INTEGER NOT NULL,
      deleted INTEGER NOT NULL,
      PRIMARY KEY (day, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE seen_days (day INTEGER PRIMARY KEY, last_arrival INTEGER NOT NULL) STRICT;
    CREATE TABLE position (
      source TEXT NOT NULL,
      device INTEGER NOT NULL,
      inode INTEGER NOT NULL,
      path TEXT NOT NULL,
      fingerprint INTEGER NOT NULL,
      fingerprint_length INTEGER NOT NULL,
      codec TEXT NOT NULL,
      offset INTEGER NOT NULL,
      line INTEGER NOT NULL,
      items_done INTEGER NOT NULL,
      finished INTEGER NOT NULL,
      time INTEGER NOT NULL,
      PRIMARY KEY (source, device, inode)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE gap (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      reason TEXT NOT NULL,
      recovered_by TEXT NOT NULL,
      tweets INTEGER
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
    """

  // A row of `seen` with a link is no tweet, but another id of the one that the link names.
  private static let streams = """
    ALTER TABLE seen ADD COLUMN link_day INTEGER;
    ALTER TABLE seen ADD COLUMN link_key INTEGER;
    CREATE TABLE stream (
      source TEXT PRIMARY KEY, host TEXT NOT NULL, cursor TEXT NOT NULL, time_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE spend (
      source TEXT NOT NULL, day INTEGER NOT NULL, posts INTEGER NOT NULL, PRIMARY KEY (source, day)
    ) STRICT, WITHOUT ROWID;
    """
}
