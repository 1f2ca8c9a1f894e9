import Aggregates

/// The views that readers rely on.
///
/// They use the core functions of SQLite only: a reader's program may be built without `sqrt`.
enum Views {
  /// Every view of the current schema. A migration drops all views and creates these.
  static let all = [
    bucketed("minutely", seconds: 60, rows: minutes, bucket: "a.bucket_start", detail: false),
    bucketed("hourly", seconds: 3600, rows: range("hour", 3600), bucket: "h.start", detail: false),
    bucketed(
      "daily", seconds: 86_400, rows: range("day", 86_400), bucket: "h.start", detail: false),
    bucketed("minutely_detail", seconds: 60, rows: minutes, bucket: "a.bucket_start", detail: true),
    bucketed(
      "hourly_detail", seconds: 3600, rows: range("hour", 3600), bucket: "h.start", detail: true),
    bucketed(
      "daily_detail", seconds: 86_400, rows: range("day", 86_400), bucket: "h.start", detail: true),
    rolling(), gaps, positions, files, health, counters,
  ]

  /// The newest bucket, with which the rolling windows end.
  static let newestBucket =
    "(SELECT max(bucket_start) FROM aggregate WHERE topic_id = \(Schema.allTopicID))"

  /// The condition for a row of `aggregate a` that is a minute: merged hours are kept by the quarter.
  static let isMinute = """
    NOT EXISTS (SELECT 1 FROM hour m
      WHERE m.start = a.bucket_start - a.bucket_start % 3600 AND m.merged)
    """

  private static let minutes =
    "topic t CROSS JOIN aggregate a ON a.topic_id = t.id AND \(isMinute)"

  private static func range(_ table: String, _ seconds: Int) -> String {
    """
    topic t CROSS JOIN \(table) h CROSS JOIN aggregate a ON a.topic_id = t.id
      AND a.bucket_start >= h.start AND a.bucket_start < h.start + \(seconds)
    """
  }

  /// The rows of the view of a granularity over the rows of `aggregate a` that meet a condition, as a SELECT.
  static func select(_ granularity: Granularity, where condition: String) -> String {
    let text =
      switch granularity {
      case .minutely:
        bucketed(
          "minutely", seconds: 60, rows: minutes, bucket: "a.bucket_start", detail: false,
          condition: condition)
      case .hourly:
        bucketed(
          "hourly", seconds: 3600, rows: range("hour", 3600), bucket: "h.start", detail: false,
          condition: condition)
      case .daily:
        bucketed(
          "daily", seconds: 86_400, rows: range("day", 86_400), bucket: "h.start", detail: false,
          condition: condition)
      }
    return selection(of: text)
  }

  /// The rows of the view `rolling` over the rows of `aggregate a` that meet a condition, as a SELECT.
  static func selectRolling(where condition: String) -> String {
    selection(of: rolling(condition: condition))
  }

  /// What a view selects.
  private static func selection(of view: String) -> String {
    String(view.drop { $0 != "\n" }.dropFirst())
  }

  private static func bucketed(
    _ name: String, seconds: Int, rows: String, bucket: String, detail: Bool,
    condition: String = ""
  ) -> String {
    let names = detail ? ["t.name", "s.name", "l.name", "m.name"] : ["t.name"]
    let columns = detail ? ["topic", "source", "lang", "model"] : ["topic"]
    let joined =
      detail
      ? """

        JOIN source s ON s.id = a.source_id JOIN lang l ON l.id = a.lang_id
        JOIN model m ON m.id = a.model_id
      """ : ""
    return view(
      name, extent: seconds,
      groups: zip(names, columns).map { "\($0) AS \($1)" } + ["\(bucket) AS bucket_start"],
      keys: ["bucket_start"] + columns, from: rows + joined + condition,
      groupBy: ([names[0], bucket] + names.dropFirst()).joined(separator: ", "))
  }

  private static func rolling(condition: String = "") -> String {
    view(
      "rolling", extent: 60,
      groups: [
        "w.name AS \"window\"", "t.name AS topic", "w.newest AS bucket_start",
      ],
      keys: ["\"window\"", "bucket_start", "topic"],
      from: """
        topic t CROSS JOIN (
          SELECT '5m' AS name, 300 AS seconds, \(newestBucket) AS newest
          UNION ALL SELECT '1h', 3600, \(newestBucket)
          UNION ALL SELECT '24h', 86400, \(newestBucket)
        ) w JOIN aggregate a ON a.topic_id = t.id
          AND a.bucket_start > w.newest - w.seconds AND a.bucket_start <= w.newest
        """ + condition,
      groupBy: "t.name, w.name, w.newest")
  }

  /// Sums rows of `aggregate` into groups and derives means, deviations, shares, intervals.
  ///
  /// In three steps, innermost first: the sums with the numbers to take roots of; the roots' first
  /// guesses; the figures.
  private static func view(
    _ name: String, extent: Int, groups: [String], keys: [String], from: String, groupBy: String
  ) -> String {
    let counts = ["tweets", "negative", "neutral", "positive", "undecided"]
    let probabilities = ["negative_sum", "neutral_sum", "positive_sum"]
    let sums = (counts + probabilities).map { "sum(a.\($0)) AS \($0)" }.joined(separator: ", ")
    let n = "nullif(sum(a.negative) + sum(a.neutral) + sum(a.positive), 0)"
    let z2 = "3.8414588206941"
    func spread(_ label: String) -> String {
      "1.0 * sum(a.\(label)) * (\(n) - sum(a.\(label))) / \(n) + \(z2) / 4"
    }
    let expected = probabilities.map { sum in
      rounded("1.0 * \(sum) / nullif(\(probabilities.joined(separator: " + ")), 0)")
        + " AS \(sum.replacing("_sum", with: "_expected"))"
    }.joined(separator: ",\n        ")
    let passed =
      (keys + counts + probabilities + [
        "n", "mean", "positive_spread", "negative_spread", "variance",
      ])
      .joined(separator: ", ")
    let guessed = ["positive_spread", "negative_spread", "variance"]
      .map { "\(guess($0)) AS \($0)_guess" }.joined(separator: ",\n    ")
    // A SELECT without FROM keeps SQLite from merging the step into the next, where each use of a
    // guess would work it out again. It adds no row.
    let nulls = Array(repeating: "NULL", count: keys.count + 16).joined(separator: ", ")
    let shown = keys.filter { $0 != "bucket_start" && $0 != "\"window\"" }.joined(separator: ", ")
    let window = keys[0] == "\"window\"" ? "\"window\", " : ""
    return """
      CREATE VIEW \(name) AS
      SELECT
        \(window)strftime('%Y-%m-%dT%H:%M:%SZ', bucket_start, 'unixepoch') AS bucket,
        bucket_start, \(shown),
        tweets, negative, neutral, positive,
        \(rounded("mean")) AS score_mean,
        \(rounded("\(root("variance")) / 1000000.0")) AS score_sd,
        \(rounded("1.0 * positive / n")) AS positive_share,
        \(interval("positive", z2)),
        \(rounded("1.0 * negative / n")) AS negative_share,
        \(interval("negative", z2)),
        bucket_start + \(extent) <= coalesce((SELECT value FROM state WHERE name = 'watermark'), 0)
          AS final,
        undecided,
        \(expected)
      FROM (
        SELECT \(passed),
          \(guessed)
        FROM (
          SELECT \(groups.joined(separator: ", ")),
            \(sums),
            \(n) AS n,
            sum(a.score_sum) / 1000000.0 / \(n) AS mean,
            \(spread("positive")) AS positive_spread,
            \(spread("negative")) AS negative_spread,
            \(variance(n)) AS variance
          FROM \(from)
          GROUP BY \(groupBy)
        )
        UNION ALL SELECT \(nulls) WHERE 0
      )
      """
  }

  /// The variance of the scores in millionths squared, from exact sums; exactly 0 for one tweet and for equal ones.
  ///
  /// With m the mean rounded down and r the rest of that division, Σ(s - m)² = Σs² - m · (Σs + r), and the variance is
  /// (Σ(s - m)² - r²/n) / n. No product exceeds 64 bits up to 10^12 tweets, because Σs² comes in two parts and Σs + r
  /// is split in the same way.
  private static func variance(_ n: String) -> String {
    let sum = "sum(a.score_sum)"
    let mean = "(\(sum) / \(n))"
    let rest = "(\(sum) - \(n) * \(mean))"
    let both = "(\(sum) + \(rest))"
    let low = "(sum(a.score_square_rest) - \(mean) * (\(both) % 1000000))"
    let high = "(sum(a.score_square_sum) - \(mean) * (\(both) / 1000000) + \(low) / 1000000)"
    return """
      CASE WHEN \(n) = 1 THEN 0
              ELSE max(0, (1000000.0 * \(high) + \(low) % 1000000 - 1.0 * \(rest) * \(rest) / \(n)) / \(n)) END
      """
  }

  /// A number that is not negative with six decimals; SQLite's `round` goes by way of text and is slow.
  private static func rounded(_ x: String) -> String {
    "CAST((\(x)) * 1000000 + 0.5 AS INTEGER) / 1000000.0"
  }

  /// Both ends of the Wilson interval of a label's share.
  private static func interval(_ label: String, _ z2: String) -> String {
    let centre = "(\(label) + \(z2) / 2) / (n + \(z2))"
    let half = "1.959963984540054 / (n + \(z2)) * \(root("\(label)_spread"))"
    return """
      \(rounded("max(0, \(centre) - \(half))")) AS \(label)_low,
          \(rounded("min(1, \(centre) + \(half))")) AS \(label)_high
      """
  }

  /// A first guess of the square root of `x` in 0 … 10^13, within a ninth from 1 on: over each range
  /// of 16 the straight line with the least relative error.
  private static func guess(_ x: String) -> String {
    var text = "CASE"
    var scale = 1.0
    for _ in 0..<11 {
      text += " WHEN \(x) < \(scale * scale * 16) THEN \(0.8889 * scale) + \(x) * \(0.2222 / scale)"
      scale *= 4
    }
    return text + " ELSE \(0.8889 * scale) + \(x) * \(0.2222 / scale) END"
  }

  /// The square root of `x` from the column `x_guess`: one step of the seventh-order iteration
  /// (Padé), whose relative error is 2·((1-r)/(1+r))^7 for a guess off by the factor r.
  private static func root(_ x: String) -> String {
    let u = "(\(x) / (\(x)_guess * \(x)_guess))"
    return """
      CASE WHEN \(x) = 0 THEN 0 ELSE \(x)_guess * (1 + \(u) * (21 + \(u) * (35 + 7 * \(u)))) \
      / (7 + \(u) * (35 + \(u) * (21 + \(u)))) END
      """
  }

  private static func time(_ column: String, _ unit: String = "") -> String {
    "strftime('%Y-%m-%dT%H:%M:%SZ', \(column)\(unit), 'unixepoch')"
  }

  private static let gaps = """
    CREATE VIEW gaps AS
    SELECT source, \(time("from_ms", " / 1000")) AS from_time, \(time("to_ms", " / 1000")) AS to_time,
      reason, recovered_by, tweets, detail
    FROM gap ORDER BY from_ms, id
    """

  /// How far files and live sources are counted.
  private static let positions = """
    CREATE VIEW positions AS
    SELECT source, path, codec, offset, line, items_done, finished, device, inode, fingerprint,
      fingerprint_length, \(time("time")) AS time, NULL AS cursor, member, refused
    FROM position
    UNION ALL
    SELECT source, host, 'stream', 0, 0, 0, 0, NULL, NULL, NULL,
      NULL, \(time("time_ms", " / 1000")), cursor, '', 0
    FROM stream ORDER BY source, path
    """

  /// The files that were looked at, and what was found in them.
  private static let files = """
    CREATE VIEW files AS
    SELECT source, path, state, format, encoding, container, records, tweets, undecodable, untimed,
      \(time("first_ms", " / 1000")) AS first_time, \(time("last_ms", " / 1000")) AS last_time, reason,
      \(time("time")) AS time
    FROM file ORDER BY source, path
    """

  private static let health = """
    CREATE VIEW health AS
    SELECT name, value, \(time("time")) AS time FROM reading ORDER BY name
    """

  private static let counters = """
    CREATE VIEW counters AS
    SELECT source, name, value, CASE name
      \(CounterMeaning.all.map { "WHEN '\($0.name)' THEN '\($0.meaning)'" }.joined(separator: "\n  "))
      END AS meaning
    FROM counter ORDER BY source, name
    """
}
