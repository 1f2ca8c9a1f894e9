import Classifier
import Foundation

/// A model and another system on the same rows: ELMO.md 10.3.
package struct SystemComparison: Sendable, Equatable {
  /// What the other system is called.
  package let name: String
  /// The model's figures.
  package let model: EvaluationMetrics
  /// The other system's, of its answers alone: those that need probabilities mean nothing.
  package let other: EvaluationMetrics
  /// Whether the two differ; the model is the first.
  package let test: McNemar

  /// Compares a model's figures of some rows with another system's answers; a row without an answer, or
  /// with one that the model does not know, counts as wrong.
  package init(
    _ model: EvaluationMetrics, of rows: [EvaluatedRow], against name: String, answers: [Int?],
    seed: UInt64 = 1
  ) {
    precondition(
      rows.count == answers.count && rows.count == model.rows,
      "\(rows.count) rows, \(model.rows) measured, \(answers.count) answers")
    let count = model.labels.count
    let others = zip(rows, answers).map { row, answer in
      EvaluatedRow(
        truth: row.truth,
        probabilities: answer.map { own in (0..<count).map { $0 == own ? 1 : 0 } } ?? [],
        group: row.group)
    }
    self.name = name
    self.model = model
    other = EvaluationMetrics(others, labels: model.labels, seed: seed)
    test = McNemar(
      first: zip(rows, model.answers).map { $0.truth == $1 },
      second: zip(rows, answers).map { $0.truth == $1 })
  }

  /// Lines for people: both systems' figures, and the rows that only one of them has right.
  package var table: String {
    var lines = [("against \(name)", "model", name)]
    lines += [
      ("accuracy", figure(model.accuracy), figure(other.accuracy)),
      ("macro recall", figure(model.balancedAccuracy), figure(other.balancedAccuracy)),
      ("macro F1", figure(model.macroF1), figure(other.macroF1)),
    ]
    for (label, (own, others)) in zip(model.labels.names, zip(model.recall, other.recall)) {
      lines.append(("recall \(label)", figure(own), figure(others)))
    }
    let width = lines.map(\.0.count).max() ?? 0
    let second = lines.map(\.2.count).max() ?? 0
    let text = lines.map { line in
      model.padded(line.0, width) + "  " + model.padded(line.1, 6) + "  "
        + String(repeating: " ", count: second - line.2.count) + line.2
    }
    let undecided = other.undecided > 0 ? ["no answer: \(other.undecided) rows of \(name)"] : []
    return
      (text + undecided + [
        "right alone: the model on \(test.onlyFirst) rows, \(name) on \(test.onlySecond)",
        "McNemar: statistic \(String(format: "%.2f", test.statistic)), p "
          + (test.pValue > 0 ? String(format: "%.3g", test.pValue) : "under 1e-300"),
      ]).joined(separator: "\n") + "\n"
  }

  /// One JSON object of the other system's figures and the test.
  package var json: String {
    let fields = [
      ("column", model.quoted(name)), ("accuracy", model.number(other.accuracy)),
      ("accuracy_low", model.number(other.interval?.low)),
      ("accuracy_high", model.number(other.interval?.high)),
      ("macro_recall", model.number(other.balancedAccuracy)),
      ("macro_f1", model.number(other.macroF1)),
      ("recall", model.list(other.recall.map(model.number))),
      ("undecided", "\(other.undecided)"), ("only_model", "\(test.onlyFirst)"),
      ("only_other", "\(test.onlySecond)"), ("mcnemar", model.number(test.statistic)),
      ("p", String(format: "%.6e", test.pValue)),
    ]
    return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  private func figure(_ value: Double?) -> String { model.figure(value) }
}
