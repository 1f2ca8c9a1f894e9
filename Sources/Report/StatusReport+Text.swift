import Aggregates
import Tweets

extension StatusReport {
  /// The widest line, in columns.
  package static let columns = 100
  /// How many topics are listed.
  package static let mostTopics = 40

  /// The report as plain text of at most `columns` columns, with a line end after each line.
  package var text: String {
    let blocks = [
      head, sourceLines, topicLines, counterLines, gapLines, modelLines, databaseLines,
    ]
    let lines = blocks.filter { !$0.isEmpty }.joined(separator: [""])
    return lines.map { line in
      var line = PlainText.cut(line, StatusReport.columns)
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  private var head: [String] {
    let moment = "\(Timestamp(seconds: now.seconds))"
    var title = "elmond \(PlainText.safe(version)) · \(moment)"
    if let started {
      let span = Figures.span(seconds: seconds(since: started))
      title += stopped == nil ? " · up \(span)" : " · stopped after \(span)"
    }
    return [title] + validity + [String(repeating: "═", count: StatusReport.columns)]
  }

  /// How a reader can tell that the report is not the newest any more.
  private var validity: [String] {
    if let stopped {
      return ["Stopped: \(PlainText.safe(stopped)). This is the last report of the run."]
    }
    guard let interval else { return [] }
    return [
      "Written every \(Figures.span(seconds: interval)). When the time above is older, the daemon does not run."
    ]
  }

  private var sourceLines: [String] {
    guard !sources.isEmpty else { return [] }
    func row(_ cells: [String]) -> String {
      PlainText.fitted(cells[0], 20) + " " + PlainText.fitted(cells[1], 10) + " "
        + PlainText.fitted(cells[2], 17) + " "
        + zip(cells.dropFirst(3), [12, 10, 10, 15]).map { cell, columns in
          PlainText.fitted(cell, columns, right: true)
        }.joined(separator: " ")
    }
    return [row(["Sources", "kind", "state", "tweets", "rate", "delay", "newest tweet"])]
      + sources.flatMap { source in
        [
          row([
            "  " + PlainText.safe(source.name), PlainText.safe(source.kind),
            PlainText.safe(source.state), Figures.count(source.tweets),
            source.rate.map { "\(Figures.fixed($0, 1))/s" } ?? "–",
            source.delay.map { Figures.span(seconds: $0) } ?? "–",
            source.newestAge.map { "\(Figures.span(seconds: $0)) ago" } ?? "–",
          ])
        ] + (source.detail.map { ["    ! " + PlainText.safe($0)] } ?? [])
      }
  }

  private var gapLines: [String] {
    guard gapCount > 0 || !gaps.isEmpty else { return ["Gaps: none"] }
    var lines = ["Gaps: \(Figures.count(max(gapCount, Int64(gaps.count))))"]
    for gap in gaps.suffix(5) {
      lines.append(
        "  " + PlainText.fitted(PlainText.safe(gap.source), 16)
          + " \(Timestamp(seconds: gap.from.seconds)) " + words(of: gap))
      if let detail = gap.detail { lines.append("    ! " + PlainText.safe(detail)) }
    }
    return lines
  }

  /// How long a gap was, why, and what became of it.
  private func words(of gap: Gap) -> String {
    let reason = PlainText.safe(gap.reason)
    switch gap.stage {
    case .open: return "until now: \(reason), still open"
    case .filling: return "for \(span(of: gap)): \(reason), being filled"
    case .single, .settled:
      let isMissing = gap.recoveredBy == "none"
      let recovery = isMissing ? "not recovered" : "filled by \(PlainText.safe(gap.recoveredBy))"
      let tweets = gap.tweets.map {
        ", \(Figures.count(Int64($0))) \(isMissing ? "missing" : "recovered")"
      }
      let unknown = isMissing ? ", count unknown" : ""
      return "for \(span(of: gap)): \(reason), \(recovery)\(tweets ?? unknown)"
    }
  }

  private func span(of gap: Gap) -> String {
    Figures.span(seconds: Double(max(0, gap.to.milliseconds - gap.from.milliseconds)) / 1000)
  }

  private var modelLines: [String] {
    guard let model else { return [] }
    let engine = model.engine.map { ", \($0)" } ?? ""
    var lines = ["Model: \(PlainText.safe(model.name))\(engine)"]
    var parts: [String] = []
    if let mean = model.batchMean { parts.append("batch \(Figures.fixed(mean, 1)) decoded") }
    if !model.latency.isEmpty {
      let spans = model.latency.map { Figures.span(seconds: $0) }.joined(separator: " / ")
      parts.append("latency p50 / p95 / p99 \(spans)")
    }
    if !parts.isEmpty { lines.append("  " + parts.joined(separator: " · ")) }
    let caches = [("token", model.tokenCacheRate), ("text", model.textCacheRate)].compactMap {
      name, rate in rate.map { "\(name) cache \(Figures.fixed($0 * 100, 1)) % hits" }
    }
    if !caches.isEmpty { lines.append("  " + caches.joined(separator: " · ")) }
    if let trouble = model.trouble { lines.append("  TROUBLE: \(PlainText.safe(trouble))") }
    return lines
  }

  private var databaseLines: [String] {
    guard let database else { return [] }
    var parts = ["\(Figures.bytes(database.bytes)) + WAL \(Figures.bytes(database.walBytes))"]
    if let time = database.lastCommit {
      parts.append(
        "last commit \(Timestamp(seconds: time.seconds)), "
          + "\(Figures.span(seconds: seconds(since: time))) ago")
    } else {
      parts.append("nothing committed yet")
    }
    var lines = [
      "Database: \(PlainText.safe(database.path))", "  " + parts.joined(separator: " · "),
    ]
    if let trouble = database.trouble { lines.append("  TROUBLE: \(PlainText.safe(trouble))") }
    return lines
  }

  private func seconds(since time: Timestamp) -> Double {
    Double(max(0, now.milliseconds - time.milliseconds)) / 1000
  }
}
