import Foundation
import Training

/// The lines of a tuning's epochs, and the progress within each.
struct EpochLines {
  private let report: TrainReport
  private let title: String
  private let rows: Int
  private var start = ContinuousClock.now

  /// The progress of the epoch that runs.
  var progress: ConsoleProgress

  init(_ report: TrainReport, _ title: String, rows: Int) {
    self.report = report
    self.title = title
    self.rows = rows
    progress = ConsoleProgress(title, total: rows, unit: "tweets")
  }

  /// Tells a finished epoch and the figures of its validation rows; the next one begins.
  mutating func say(_ record: EpochRecord, _ figures: ValidationFigures?) {
    let now = ContinuousClock.now
    var line = record.line(seconds: (now - start).inSeconds)
    if let figures {
      line += String(
        format: " - val_macro_recall: %.4f - val_macro_f1: %.4f", figures.macroRecall,
        figures.macroF1)
    }
    report.say(record.heading + "\n" + line)
    start = now
    progress = ConsoleProgress(title, total: rows, unit: "tweets")
  }
}
