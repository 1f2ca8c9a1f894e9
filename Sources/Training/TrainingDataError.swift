/// Why rows cannot train or test a head.
package indirect enum TrainingDataError: Error, Equatable, CustomStringConvertible {
  /// The header has no such column.
  case columnMissing(String, header: [String])
  /// A row carries a label that is neither dropped nor known; `unknown` are all such labels of its file.
  case unknownLabel(String, row: Int, known: [String], unknown: [String] = [])
  /// Nothing is left to learn from.
  case tooFewLabels(rows: Int, found: [String])
  /// The same in one file of several.
  case inFile(String, TrainingDataError)

  /// Operation, subject, cause and remedy.
  package var description: String {
    switch self {
    case .columnMissing(let name, let header):
      "read labelled rows: no column is called \"\(name)\"; "
        + "name one of: \(header.joined(separator: ", "))"
    case .unknownLabel(let label, let row, let known, let unknown):
      "read labelled rows: row \(row) has the label \"\(label)\", expected one of "
        + "\(known.joined(separator: ", ")); "
        + (unknown.isEmpty
          ? "correct the row, or leave its label out with --drop"
          : LabelHint.options(for: unknown))
    case .tooFewLabels(let rows, let found):
      "read labelled rows: \(rows) rows with the labels [\(found.joined(separator: ", "))] cannot "
        + "be told apart; give rows that are negative and rows that are positive"
    case .inFile(let name, let error):
      "\(name): \(error)"
    }
  }
}
