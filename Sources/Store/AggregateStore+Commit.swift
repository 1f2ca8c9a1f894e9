import Aggregates
internal import GRDB
package import Tweets

extension AggregateStore {
  /// Stores everything that a batch changes, in one transaction.
  ///
  /// After an error nothing is changed; `isRetryable` tells whether the same commit may succeed later.
  package func commit(_ commit: StoreCommit) throws(StoreError) {
    var staged = dimensions
    var droppedRows: Int64 = 0
    try write("commit to") { db in
      var adder = try AggregateAdder(db)
      let dropped = try adder.add(commit.aggregates, &staged, db)
      droppedRows = dropped.values.reduce(0, +)
      try self.move(commit, db)
      try self.moveStreams(commit, db)
      try self.tally(commit, db)
      try self.spend(commit, db)
      try self.remember(commit, &staged, db)
      try GapLedger.enter(commit.gaps, db)
      try self.count(commit.counters.merging(dropped, uniquingKeysWith: +), db)
      try self.advance(commit, db)
      try self.note(commit, db)
    }
    dimensions = staged
    droppedTopicRows += droppedRows
  }

  private func move(_ commit: StoreCommit, _ db: Database) throws {
    let forget = try db.cachedStatement(
      sql: "DELETE FROM position WHERE source = ? AND device = ? AND inode = ?")
    for file in commit.forgottenFiles {
      try forget.execute(arguments: [
        file.source, Int64(bitPattern: file.device), Int64(bitPattern: file.inode),
      ])
    }
    let statement = try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO position
          (source, device, inode, path, fingerprint, fingerprint_length, codec, offset, line, items_done,
          finished, time, refused, sniffed, format, encoding, member, member_number)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for entry in commit.positions {
      let position = entry.position
      try statement.execute(arguments: [
        entry.source, Int64(bitPattern: position.device), Int64(bitPattern: position.inode),
        position.path, Int64(bitPattern: position.fingerprint), position.fingerprintLength,
        position.codec, position.offset, position.line, position.itemsDone, position.finished,
        commit.arrival.seconds, position.isRefused, position.sniffed, position.format,
        position.encoding, position.member, position.memberNumber,
      ])
    }
  }

  private func remember(_ commit: StoreCommit, _ staged: inout Dimensions, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO seen (day, key, version, bucket_start, source_id, lang_id, model_id,
          topics, label, score, deleted, link_day, link_key, negative, positive)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    var days = Set<Int32>()
    for tweet in commit.seen {
      let topics = try tweet.topics.compactMap { try staged.topic($0, db).map { String($0) } }
      try statement.execute(arguments: [
        tweet.key.day, tweet.key.hash, tweet.version, tweet.home.bucketStart,
        try staged.id(.source, tweet.home.source, db), try staged.lang(tweet.home.lang, db),
        try staged.id(.model, tweet.home.model, db), topics.joined(separator: ","),
        tweet.label.map(AggregateStore.number), tweet.score, tweet.deleted, tweet.pointsTo?.day,
        tweet.pointsTo?.hash, tweet.probabilities?[0], tweet.probabilities?[2],
      ])
      days.insert(tweet.key.day)
    }
    let day = try db.cachedStatement(
      sql: """
        INSERT INTO seen_days VALUES (?, ?)
        ON CONFLICT DO UPDATE SET last_arrival = max(last_arrival, excluded.last_arrival)
        """)
    for number in days { try day.execute(arguments: [number, commit.arrival.seconds]) }
  }

  /// Adds to the counters.
  func count(_ counters: [CounterKey: Int64], _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO counter VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET value = value + excluded.value
        """)
    for (key, value) in counters where value != 0 {
      try statement.execute(arguments: [key.source, key.name, value])
    }
  }

  private func advance(_ commit: StoreCommit, _ db: Database) throws {
    guard !commit.watermarks.isEmpty else { return }
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO watermark VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET
          time_ms = iif(time_ms = ?4, excluded.time_ms, max(time_ms, excluded.time_ms)),
          last_arrival_ms = max(last_arrival_ms, excluded.last_arrival_ms)
        """)
    for (source, time) in commit.watermarks {
      // A source that was finished and delivers again, after a restart, is not finished.
      try statement.execute(arguments: [
        source, time.milliseconds, commit.arrival.milliseconds, Watermark.finished.milliseconds,
      ])
    }
    let sources = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT time_ms, last_arrival_ms FROM watermark"))
    let progress = try sources.map { row in
      Watermark.Progress(
        time: try row.moment("time_ms"), lastArrival: try row.moment("last_arrival_ms"))
    }
    let rule = Watermark(idleAfter: options.idleAfter)
    if let time = rule.global(progress, now: commit.arrival) {
      try StateNumbers.set("watermark", time.seconds, db)
    }
  }

  private func note(_ commit: StoreCommit, _ db: Database) throws {
    try StateNumbers.set("last_commit_ms", commit.arrival.milliseconds, db)
    var readings = commit.health
    readings["last_commit_seconds"] = Double(commit.arrival.milliseconds) / 1000
    try read(readings, commit.arrival, db)
  }

  /// Stores readings for the view `health` outside a batch, in a small transaction of its own.
  ///
  /// What is no finite number is left out; other readings stay as they are.
  package func record(health: [String: Double], at now: Timestamp) throws(StoreError) {
    guard !health.isEmpty else { return }
    try write("record readings in") { db in try self.read(health, now, db) }
  }

  private func read(_ health: [String: Double], _ now: Timestamp, _ db: Database) throws {
    let statement = try db.cachedStatement(sql: "INSERT OR REPLACE INTO reading VALUES (?, ?, ?)")
    for (name, value) in health where value.isFinite {
      try statement.execute(arguments: [name, value, now.seconds])
    }
  }

  /// A label as the table `seen` has it.
  static func number(_ label: Label) -> Int64 {
    switch label {
    case .negative: 0
    case .neutral: 1
    case .positive: 2
    }
  }
}
