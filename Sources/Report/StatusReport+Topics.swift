import Aggregates
import Tweets

extension StatusReport {
  var topicLines: [String] {
    guard !topics.isEmpty, let newestBucket else { return ["Sentiment: no tweets yet"] }
    var lines = [
      "Sentiment to \(newestBucket), positive share with its 95 % interval",
      row(
        topic: "  topic", "", n: "tweets", mean: "score", share: "positive", interval: "interval",
        hours: "last 24 hours"),
    ]
    for topic in topics.prefix(StatusReport.mostTopics) { lines += self.lines(of: topic) }
    if topics.count > StatusReport.mostTopics {
      lines.append("  and \(topics.count - StatusReport.mostTopics) more topics")
    }
    return lines
  }

  private func lines(of topic: TopicFigures) -> [String] {
    RollingWindow.allCases.map { window in
      let value = topic.windows[window] ?? AggregateValue()
      let isFirst = window == RollingWindow.allCases.first
      return row(
        topic: isFirst ? "  " + PlainText.safe(topic.topic) : "", window.rawValue,
        n: Figures.count(value.tweets),
        mean: value.scoreMean.map { Figures.fixed($0, 3) } ?? "–",
        share: value.positiveShare.map { "\(Figures.fixed($0 * 100, 1)) %" } ?? "–",
        interval: value.positiveInterval.map { interval in
          "\(Figures.fixed(interval.low * 100, 1)) … \(Figures.fixed(interval.high * 100, 1))"
        } ?? "–",
        hours: isFirst ? Sparkline.scores(topic.hours) : "")
    }
  }

  private func row(
    topic: String, _ window: String, n: String, mean: String, share: String, interval: String,
    hours: String
  ) -> String {
    PlainText.fitted(topic, 26) + " " + PlainText.fitted(window, 3, right: true) + " "
      + PlainText.fitted(n, 13, right: true) + " " + PlainText.fitted(mean, 6, right: true) + " "
      + PlainText.fitted(share, 8, right: true) + " " + PlainText.fitted(interval, 13, right: true)
      + "  " + PlainText.fitted(hours, 24)
  }

  /// The counters summed over the sources, those that every reader looks for first.
  var counterLines: [String] {
    var sums: [String: Int64] = [:]
    for (key, value) in counters { sums[key.name, default: 0] += value }
    let first = ["decoded", "tweets", "undecodable", "duplicates", "late_dropped", "dropped"]
    let rest = sums.keys.filter { !first.contains($0) }.sorted()
    var lines = ["Counters"]
    var line = " "
    for name in first + rest {
      let cell = " \(PlainText.safe(name)) \(Figures.count(sums[name] ?? 0))"
      let separator = line == " " ? "" : " ·"
      if PlainText.width(line + separator + cell) > StatusReport.columns - 2 {
        lines.append(line + separator)
        line = " " + cell
      } else {
        line += separator + cell
      }
    }
    return lines + [line]
  }
}
