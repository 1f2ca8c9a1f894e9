import Foundation

/// The figures of a pre-training, in order of its steps.
package struct PretrainingHistory: Sendable, Equatable {
  private static let header =
    "step,tokens,loss,learning_rate,tokens_per_second,perplexity_forward,perplexity_backward,"
    + "perplexity"

  /// One record for each stretch of steps.
  package var records: [PretrainingRecord]

  /// A history of these records.
  package init(records: [PretrainingRecord] = []) { self.records = records }

  /// `history.csv`: a header and one line a record; figures that were not measured are empty.
  package var csv: String {
    var text = PretrainingHistory.header + "\n"
    for record in records {
      let fields =
        [
          "\(record.step)", "\(record.tokens)", String(format: "%.6f", record.loss),
          String(format: "%.6g", record.learningRate),
          String(format: "%.1f", record.tokensPerSecond),
        ]
        + [record.perplexityForward, record.perplexityBackward, record.perplexity].map {
          $0.map { String(format: "%.4f", $0) } ?? ""
        }
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  /// Reads what `csv` wrote; nil for anything else.
  package init?(csv: String) {
    var lines = csv.split(separator: "\n", omittingEmptySubsequences: true)[...]
    guard let header = lines.popFirst(), header == PretrainingHistory.header else { return nil }
    records = []
    for line in lines {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 8, let step = Int(fields[0]), let tokens = Int(fields[1]),
        let loss = Double(fields[2]), let rate = Double(fields[3]), let speed = Double(fields[4])
      else { return nil }
      records.append(
        PretrainingRecord(
          step: step, tokens: tokens, loss: loss, learningRate: rate, tokensPerSecond: speed,
          perplexityForward: Double(fields[5]), perplexityBackward: Double(fields[6]),
          perplexity: Double(fields[7])))
    }
  }
}
