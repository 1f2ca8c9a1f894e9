import Glibc
import Training

/// Progress of long work on standard error: a bar on a terminal, plain lines elsewhere.
struct ConsoleProgress {
  private var reporter: ProgressReporter
  private let total: Int
  private let isTerminal = StandardStream.error.isTerminal

  init(_ task: String, total: Int, unit: String) {
    self.total = total
    let style: ProgressReporter.Style =
      isTerminal ? .bar(columns: ConsoleProgress.columns) : .lines
    reporter = ProgressReporter(
      task, total: total, unit: unit, style: style, start: ConsoleProgress.seconds)
  }

  mutating func report(done: Int) {
    guard let text = reporter.report(done: done, at: ConsoleProgress.seconds) else { return }
    let end = isTerminal && done < total ? "" : "\n"
    StandardStream.error.write(
      (isTerminal ? "\r" : "") + text + (isTerminal ? "\u{1B}[K" : "") + end)
  }

  private static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static var columns: Int {
    var size = winsize()
    guard unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
    return Int(size.ws_col) - 1
  }
}
