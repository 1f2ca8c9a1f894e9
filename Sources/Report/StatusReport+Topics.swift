import Aggregates
import Tweets

extension StatusReport {
  var topicLines: [String] {
    guard !topics.isEmpty, let newestBucket else { return ["Sentiment: no tweets yet"] }
    var lines = period(newestBucket)
    lines.append(StatusReport.topicRow("topic", bars: "score by hour", axis: "from … to"))
    lines.append(
      StatusReport.windowRow([
        "window", "tweets", "score", "negative", "interval", "expected", "positive", "interval",
        "expected",
      ]))
    for topic in topics.prefix(StatusReport.mostTopics) { lines += self.lines(of: topic) }
    if topics.count > StatusReport.mostTopics {
      lines.append("  and \(topics.count - StatusReport.mostTopics) more topics")
    }
    return lines
  }

  /// Which period the figures are about, and how to read them.
  private func period(_ newest: Timestamp) -> [String] {
    let end = Timestamp(seconds: newest.seconds + 60)
    let hour = newest.seconds - newest.seconds % 3600 + 3600
    let (from, to) = (Timestamp(seconds: hour - 86_400), Timestamp(seconds: hour))
    let age = Double(now.seconds - end.seconds)
    var lines = ["Sentiment of the 24 hours to \(end)"]
    if age >= 3600 { lines[0] += ", which ended \(Figures.span(seconds: age)) ago" }
    lines += [
      "Shares of the tweets with a label, each with its 95 % interval; expected: the mean probability.",
      "Score by hour from \(from) to \(to): the lowest block is the",
      "first number behind it, the highest block the second; · no tweet with a score.",
    ]
    if let oldestHour, oldestHour.seconds < end.seconds - 86_400 {
      lines.append("Older tweets, from \(oldestHour) on: elmond query daily.")
    }
    return lines
  }

  private func lines(of topic: TopicFigures) -> [String] {
    let hours = Sparkline(scores: topic.hours)
    let axis = hours.map { "\(Figures.fixed($0.low, 2)) … \(Figures.fixed($0.high, 2))" }
    return [
      StatusReport.topicRow(
        PlainText.safe(topic.topic),
        bars: hours?.bars ?? String(repeating: "·", count: topic.hours.count), axis: axis ?? "–")
    ]
      + RollingWindow.allCases.map { window in
        StatusReport.windowRow(
          StatusReport.cells(window, topic.windows[window] ?? AggregateValue()))
      }
  }

  private static func cells(_ window: RollingWindow, _ value: AggregateValue) -> [String] {
    [
      window.rawValue, Figures.count(value.tweets),
      value.scoreMean.map { Figures.fixed($0, 3) } ?? "–",
      percent(value.negativeShare), percent(value.negativeInterval),
      percent(value.negativeExpected),
      percent(value.positiveShare), percent(value.positiveInterval),
      percent(value.positiveExpected),
    ]
  }

  private static func percent(_ share: Double?) -> String {
    share.map { "\(Figures.fixed($0 * 100, 1)) %" } ?? "–"
  }

  private static func percent(_ interval: WilsonInterval?) -> String {
    interval.map {
      "\(Figures.fixed($0.low * 100, 1)) … \(Figures.fixed($0.high * 100, 1))"
    } ?? "–"
  }

  private static func topicRow(_ topic: String, bars: String, axis: String) -> String {
    "  " + PlainText.fitted(topic, 31) + " " + PlainText.fitted(bars, 26) + axis
  }

  private static func windowRow(_ cells: [String]) -> String {
    zip(cells, [8, 13, 8, 11, 14, 10, 11, 14, 10]).map { cell, columns in
      PlainText.fitted(cell, columns, right: true)
    }.joined()
  }

  /// The sums that hold between the counters, then what they leave out, summed over the sources.
  var counterLines: [String] {
    let totals = CounterTotals(counters)
    let sums = [totals.decoded, totals.countedNow(counted)]
    let summed = Set(["decoded"] + CounterTotals.outcomes + CounterTotals.removals)
    let first = ["records", "blank", "notices", "undecodable"]
    let rest = totals.values.keys.filter { !summed.contains($0) && !first.contains($0) }.sorted()
    let cells = (first + rest).map { "\(PlainText.safe($0)) \(Figures.count(totals[$0]))" }
    let others = cells.dropLast().map { $0 + " ·" } + cells.suffix(1)
    return ["Counters"]
      + (sums.map { $0.parts(Figures.count) } + [others]).flatMap(StatusReport.wrapped)
  }

  /// The parts as lines that are indented and no longer than a line may be.
  private static func wrapped(_ parts: [String]) -> [String] {
    var lines: [String] = []
    for part in parts {
      if let line = lines.last, PlainText.width(line + part) < StatusReport.columns {
        lines[lines.count - 1] += " " + part
      } else {
        lines.append((lines.isEmpty ? "  " : "    ") + part)
      }
    }
    return lines
  }
}
