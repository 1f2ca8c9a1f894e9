import Aggregates
import Foundation
import GRDB
import Testing
import Tweets

import Store

struct DashboardTests {
  /// The package's root, found from this file.
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func dashboard() throws -> [String: Any] {
    let data = try Data(contentsOf: root.appendingPathComponent("dashboards/elmond.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// Every query of the panels and variables, as Grafana would send it for a range and a topic.
  private static func queries() throws -> [(String, String)] {
    var found: [(String, String)] = []
    let dashboard = try dashboard()
    for panel in try #require(dashboard["panels"] as? [[String: Any]]) {
      let title = try #require(panel["title"] as? String)
      for target in try #require(panel["targets"] as? [[String: Any]]) {
        let raw = try #require(target["rawQueryText"] as? String)
        #expect(target["queryText"] as? String == raw)
        found.append((title, raw))
      }
    }
    let templating = try #require(dashboard["templating"] as? [String: Any])
    for variable in try #require(templating["list"] as? [[String: Any]])
    where variable["type"] as? String == "query" {
      found.append(("variable", try #require(variable["query"] as? String)))
    }
    return found
  }

  private func substituted(_ query: String) throws -> String {
    let end = Fixture.now.milliseconds
    var text = query.replacingOccurrences(of: "${topic:sqlstring}", with: "'all'")
      .replacingOccurrences(of: "$__from", with: "\(end - 48 * 3_600_000)")
      .replacingOccurrences(of: "$__to", with: "\(end)")
    let macro = "$__unixEpochGroupSeconds("
    while let start = text.range(of: macro) {
      let close = try #require(text[start.upperBound...].firstIndex(of: ")"))
      let parts = text[start.upperBound..<close].split(separator: ",")
        .map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(parts.count == 2)
      text.replaceSubrange(
        start.lowerBound...close, with: "cast((\(parts[0]) / \(parts[1])) as int) * \(parts[1])")
    }
    return text
  }

  /// How many rows a query gives that are not all null.
  private func filledRows(_ path: String, _ sql: String) throws -> Int {
    try DatabaseQueue(path: path).inDatabase { db in
      try Row.fetchAll(db, sql: sql)
        .filter { row in row.databaseValues.contains { !$0.isNull } }.count
    }
  }

  @Test func `every query of the dashboard gives rows from a real database`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit(Fixture.aggregates(tweets: 3000, hours: 60))
    commit.gaps = [
      Gap(source: "s", from: Fixture.now, to: Fixture.now, reason: "stall", tweets: 3)
    ]
    commit.counters = [.init(source: "s", name: "decoded"): 3000]
    try await store.commit(commit)
    let queries = try DashboardTests.queries()
    #expect(queries.count >= 13)
    for (title, query) in queries {
      let sql = try substituted(query)
      #expect(!sql.contains("$"), "\(title)")
      #expect(try filledRows(path, sql) >= 1, "\(title)")
    }
  }

  @Test func `the dashboard reads the stable views only`() throws {
    let views = [
      "minutely", "hourly", "daily", "rolling", "gaps", "positions", "health", "counters",
    ]
    let stable = Set(views + views.prefix(3).map { $0 + "_detail" })
    for (title, query) in try DashboardTests.queries() {
      let words = query.split { $0 == " " || $0 == "\n" }.map(String.init)
      for (index, word) in words.enumerated() where ["FROM", "JOIN"].contains(word.uppercased()) {
        #expect(stable.contains(words[index + 1]), "\(title): \(words[index + 1])")
      }
    }
  }
}
