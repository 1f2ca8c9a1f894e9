internal import GRDB
import Tweets

extension AggregateStore {
  /// Decides what may be pruned under the retention of the settings, and remembers what it saw of the clocks.
  ///
  /// Nothing may be while the time of day cannot be believed. A retention that is shorter than the one in force waits
  /// for a day of running time, if it would delete anything.
  package func planPrune(
    _ wanted: Retention, at clock: ClockReading
  ) throws(StoreError) -> PrunePlan {
    try write("prune") { db in
      var clockGuard = try PruneState.clock(db)
      let (verdict, elapsed) = clockGuard.judge(clock, evidence: try AggregateStore.evidence(db))
      try PruneState.set(clockGuard, db)
      var plan = PrunePlan(now: clock.time, retention: wanted)
      var retention = try PruneState.retention(db)
      switch verdict {
      case .agrees:
        try retention.want(wanted, elapsed: elapsed) { wanted in
          try AggregateStore.rows(older: wanted, now: clock.time, db).isEmpty
        }
        try PruneState.set(retention, db)
      case .disagrees(let expected): plan.obstacle = .clock(expected: expected)
      case .waits(let left): plan.obstacle = .clockWasWrong(left: left)
      }
      plan.retention = retention.inForce
      plan.rows = try AggregateStore.rows(older: plan.retention, now: clock.time, db)
      if let announced = retention.announced {
        plan.waiting = PrunePlan.Waiting(
          rows: try AggregateStore.rows(older: announced, now: clock.time, db),
          left: retention.left)
      }
      return plan
    }
  }

  /// What pruning under a retention would do at once; nothing is remembered.
  package func previewPrune(
    _ wanted: Retention, at clock: ClockReading
  ) throws(StoreError) -> PrunePlan {
    try access("prune") { db in
      var plan = PrunePlan(now: clock.time, retention: wanted)
      var clockGuard = try PruneState.clock(db)
      let evidence = try AggregateStore.evidence(db)
      if case .disagrees(let expected) = clockGuard.judge(clock, evidence: evidence).verdict {
        plan.obstacle = .clock(expected: expected)
      }
      plan.rows = try AggregateStore.rows(older: wanted, now: clock.time, db)
      return plan
    }
  }

  /// Puts a retention in force and believes the clock: an operator has said so.
  package func confirmPrune(_ wanted: Retention, at clock: ClockReading) throws(StoreError) {
    try write("prune") { db in
      try PruneState.set(ClockGuard(last: clock), db)
      try PruneState.set(RetentionGuard(inForce: wanted), db)
    }
  }

  /// Prunes what a plan says; an obstacle keeps everything.
  @discardableResult
  package func prune(_ plan: PrunePlan, horizon: Int64?) throws(StoreError) -> PruneResult {
    guard plan.obstacle == nil else { return PruneResult() }
    let newest = try access("prune") { db in try AggregateStore.newest(db) }
    return try prune(
      now: plan.now, retention: plan.retention, horizon: horizon ?? .max / 4, newest: newest)
  }

  /// The newest moment that the database knows of.
  private static func evidence(_ db: Database) throws -> Timestamp? {
    let commit = try StateNumbers.get("last_commit_ms", db).map { Timestamp(milliseconds: $0) }
    return [commit, try newest(db)].compactMap { $0 }.max()
  }

  private static func newest(_ db: Database) throws -> Timestamp? {
    try Int64.fetchOne(db, sql: "SELECT max(start) FROM hour").map { hour in
      guard (0..<Row.endOfTime).contains(hour) else {
        throw Row.damage("start", "\(hour) is not the start of an hour")
      }
      return Timestamp(seconds: hour + 3600)
    }
  }

  /// The rows that a retention takes.
  private static func rows(
    older retention: Retention, now: Timestamp, _ db: Database
  ) throws -> PrunePlan.Rows {
    var rows = PrunePlan.Rows()
    if let limit = retention.dropLimit(now: now),
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT count(*) AS number,
            coalesce(sum(tweets) FILTER (WHERE topic_id = \(Schema.allTopicID)), 0) AS tweets
          FROM aggregate WHERE topic_id IN (SELECT id FROM topic) AND bucket_start < ?
          """, arguments: [limit])
    {
      rows.dropped = try row.count("number")
      rows.tweets = try row.count("tweets")
    }
    if let limit = retention.mergeLimit(now: now, newest: try newest(db)) {
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT count(*) AS number FROM hour h CROSS JOIN topic t JOIN aggregate a
            ON a.topic_id = t.id AND a.bucket_start >= h.start AND a.bucket_start < h.start + 3600
          WHERE h.start < ? AND h.start >= ? AND NOT h.merged AND a.bucket_start % 900 <> 0
          """, arguments: [limit, retention.dropLimit(now: now) ?? 0])
      rows.merged = try row?.count("number") ?? 0
    }
    return rows
  }
}

extension Retention {
  /// The hour before which rows are dropped, in seconds; nil for none.
  func dropLimit(now: Timestamp) -> Int64? {
    hours.map { Retention.hour(now.seconds - $0) }
  }

  /// The hour before which minutes are merged, in seconds; nil for none.
  ///
  /// The age of minutes is counted from the newest tweet where that is older than `now`: an archive keeps its last
  /// minutes, and with them its rolling windows.
  func mergeLimit(now: Timestamp, newest: Timestamp?) -> Int64? {
    minutes.map { Retention.hour(min(now, newest ?? now).seconds - $0) }
  }

  private static func hour(_ seconds: Int64) -> Int64 {
    Timestamp.floorDivide(seconds, 3600) * 3600
  }
}
