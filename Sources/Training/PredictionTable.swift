import Classifier
import Foundation

/// What a model answered to labelled rows, for other programs to read; the texts stay out of it.
package struct PredictionTable: Sendable {
  /// A header and one line a row: file, number of the row in it from 1, truth, answer, and one
  /// probability a label; answer and probabilities are empty where there was no decision.
  package let csv: String

  /// The table of a model's answers to the rows of a set; `files` are the names of the set's files.
  package init(
    _ answered: [EvaluatedRow], answers: [Int?], of set: TrainingSet, files: [String]
  ) {
    precondition(
      answered.count == set.rows.count && answers.count == set.rows.count,
      "\(answered.count) rows and \(answers.count) answers to \(set.rows.count) texts")
    let names = set.labels.names
    var csv = "file,row,truth,answer," + names.joined(separator: ",") + "\n"
    for (row, (answered, answer)) in zip(set.rows, zip(answered, answers)) {
      let probabilities =
        answered.probabilities.isEmpty
        ? names.map { _ in "" } : answered.probabilities.map { String(format: "%.6f", $0) }
      let fields =
        [
          PredictionTable.field(files[row.file]), "\(row.number)", names[row.truth],
          answer.map { names[$0] } ?? "",
        ] + probabilities
      csv += fields.joined(separator: ",") + "\n"
    }
    self.csv = csv
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
