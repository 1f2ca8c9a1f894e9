import Foundation

/// The words for long work: how much is done, at what rate, how long it will take still.
///
/// A value that only makes text; the caller passes the time in and prints.
package struct ProgressReporter: Sendable {
  /// Where the text goes.
  package enum Style: Sendable, Equatable {
    /// A terminal: one line that is drawn anew, at most this many columns wide.
    case bar(columns: Int)
    /// A file or journal: a whole line now and then.
    case lines
  }

  private let task: String
  private let unit: String
  private let total: Int
  private let style: Style
  private let start: Double
  private var lastReport: Double?
  private var lastTenth = 0

  /// Begins to report on `total` units of a task, at `start` seconds of any clock.
  package init(_ task: String, total: Int, unit: String, style: Style, start: Double) {
    self.task = task
    self.unit = unit
    self.total = total
    self.style = style
    self.start = start
  }

  /// What to print now that `done` units are done; nil when it is too early to say more.
  ///
  /// A bar is drawn ten times a second at most and holds no line end; a line comes with each tenth
  /// of the work, or after 30 seconds without one. The last unit is always reported.
  package mutating func report(done: Int, at now: Double) -> String? {
    let done = min(done, total)
    let tenth = total == 0 ? 10 : done * 10 / total
    let waited = lastReport.map { now - $0 } ?? .infinity
    switch style {
    case .bar(let columns):
      guard done == total || waited >= 0.1 else { return nil }
      lastReport = now
      return bar(done: done, elapsed: now - start, columns: columns)
    case .lines:
      guard done == total || tenth > lastTenth || waited >= 30 else { return nil }
      lastReport = now
      lastTenth = tenth
      return "\(task): \(done)/\(total) (\(percent(done))), \(facts(done, elapsed: now - start))"
    }
  }

  private func bar(done: Int, elapsed: Double, columns: Int) -> String {
    let head = "\(task) \(percent(done)) "
    let tail = " \(done)/\(total), \(facts(done, elapsed: elapsed))"
    let room = min(30, columns - head.count - tail.count - 2)
    guard room >= 5 else { return String((head + tail).prefix(max(columns, 0))) }
    let filled = total == 0 ? room : room * done / total
    let bar =
      filled >= room
      ? String(repeating: "=", count: room)
      : String(repeating: "=", count: filled) + ">"
        + String(repeating: ".", count: room - filled - 1)
    return head + "[" + bar + "]" + tail
  }

  private func percent(_ done: Int) -> String {
    "\(total == 0 ? 100 : done * 100 / total)%"
  }

  // Rate and time left; the time taken once all is done.
  private func facts(_ done: Int, elapsed: Double) -> String {
    guard elapsed > 0, done > 0 else { return "starting" }
    let rate = Double(done) / elapsed
    let speed = rate >= 10 ? "\(Int(rate.rounded()))" : String(format: "%.1f", rate)
    let time =
      done == total
      ? "took \(ProgressReporter.duration(elapsed))"
      : "\(ProgressReporter.duration(Double(total - done) / rate)) left"
    return "\(speed) \(unit)/s, \(time)"
  }

  /// Seconds as `7s`, `3m05s`, `2h04m`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds < 359_999 else { return "over 99h" }
    let whole = Int(max(0, seconds).rounded())
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return String(format: "%dm%02ds", whole / 60, whole % 60) }
    return String(format: "%dh%02dm", whole / 3600, whole % 3600 / 60)
  }
}
