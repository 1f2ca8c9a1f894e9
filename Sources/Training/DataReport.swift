package import Classifier

/// What became of the rows of each data file.
package struct DataReport: Sendable, Equatable {
  /// What a file is read for.
  package enum Purpose: String, Sendable, Equatable {
    case training, validation, test
  }

  /// One file.
  package struct File: Sendable, Equatable {
    /// The file's name.
    package var name: String
    /// What it is read for.
    package var purpose: Purpose
    /// How much each row counts.
    package var weight: Double
    /// Rows that were read.
    package var read: Int
    /// Records that could not be split.
    package var broken: Int
    /// Rows whose text is `Not Available`.
    package var unavailable = 0
    /// Rows dropped for their label.
    package var dropped: Int
    /// Rows that the annotators were not sure enough of.
    package var unsure = 0
    /// Rows whose text stands in an excluded file, or in one that is held out of this one.
    package var excluded = 0
    /// Rows whose text an earlier row has.
    package var repeated = 0
    /// The rows that are left, by label.
    package var kept: [Int]
  }

  /// The labels, in the order of the counts.
  package let labels: LabelSet
  /// The files in the order given, training before validation before test.
  package internal(set) var files: [File]

  /// The rows that are left for a purpose, by label.
  package func kept(for purpose: Purpose) -> [Int] {
    files.filter { $0.purpose == purpose }.reduce(
      into: Array(repeating: 0, count: labels.count)
    ) { sums, file in
      for (label, count) in file.kept.enumerated() { sums[label] += count }
    }
  }

  /// One line a file; with several files of a purpose, one with their sum.
  package var text: String {
    var lines = files.map(line)
    for purpose in [Purpose.training, .validation, .test] {
      let own = files.filter { $0.purpose == purpose }
      guard own.count > 1 else { continue }
      lines.append("\(purpose.rawValue): \(counts(kept(for: purpose)))")
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ file: File) -> String {
    var line = "\(file.name): \(counts(file.kept)), \(file.dropped) dropped"
    if file.unsure > 0 { line += ", \(file.unsure) unsure" }
    if file.excluded > 0 { line += ", \(file.excluded) excluded" }
    if file.repeated > 0 { line += ", \(file.repeated) repeated" }
    if file.unavailable > 0 { line += ", \(file.unavailable) not available" }
    if file.broken > 0 { line += ", \(file.broken) broken" }
    if file.weight != 1 { line += ", weight \(file.weight)" }
    return line + (file.purpose == .training ? "" : ", for \(file.purpose.rawValue)")
  }

  private func counts(_ kept: [Int]) -> String {
    let byLabel = zip(labels.names, kept).map { "\($0) \($1)" }
    return "\(kept.reduce(0, +)) rows (\(byLabel.joined(separator: ", ")))"
  }
}
