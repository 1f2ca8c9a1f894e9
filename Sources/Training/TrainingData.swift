package import Classifier
package import Tweets

/// The rows of several data files, made one set: labels mapped, rows dropped, seen texts and repeats
/// removed, and all of it counted.
package struct TrainingData: Sendable, Equatable {
  /// What is done to the rows of all files.
  package struct Rules: Sendable, Equatable {
    /// Labels whose rows are dropped, of every file.
    package var drops: [String] = []
    /// A label whose rows are dropped, whatever their file calls it.
    package var droppedLabel: Label?
    /// What labels are read as where their file does not say.
    package var mapping: [String: Label] = [:]
    /// The labels that rows may have; nil leaves it to the rows.
    package var expected: LabelSet?
    /// Rows that the annotators were not surer of than this go, those without confidence too; nil
    /// keeps all.
    package var confidenceAbove: Double?
    /// True to keep only the first training row of each text.
    package var isDistinct = false
    /// Which texts are the same.
    package var key = TextKey.letters

    /// Rules that leave all rows as they are.
    package init() {}
  }

  /// Training rows in the order of their files, then validation rows, then test rows.
  package let set: TrainingSet
  /// Which rows validate and test; nil when neither validation nor test files were given.
  package let split: ValidationSplit?
  /// What became of every row.
  package let report: DataReport

  /// Makes one set of the files; `excluded` holds texts that no training or validation row may have.
  ///
  /// The texts of validation and test files are excluded from the training rows too, those of test
  /// files also from the validation rows.
  package init(
    training: [LabelledFile], validation: [LabelledFile] = [], test: [LabelledFile] = [],
    excluding excluded: [String] = [], rules: Rules = Rules()
  ) throws(TrainingDataError) {
    let purposes: [DataReport.Purpose] =
      training.map { _ in .training } + validation.map { _ in .validation }
      + test.map { _ in .test }
    var files: [DataReport.File] = []
    var rows: [TrainingSet.LabelledRow] = []
    for (number, file) in (training + validation + test).enumerated() {
      let kept: [TrainingSet.LabelledRow]
      do throws(TrainingDataError) {
        kept = try TrainingSet.labelled(
          file.texts, dropping: rules.drops + file.drops, droppedLabel: rules.droppedLabel,
          mapping: TrainingSet.names(rules.mapping, then: file.mapping),
          expected: rules.expected,
          file: number, weight: Float(file.weight))
      } catch {
        throw .inFile(file.name, error)
      }
      files.append(
        DataReport.File(
          name: file.name, purpose: purposes[number],
          weight: file.weight, read: file.texts.count, broken: file.broken,
          unavailable: file.unavailable,
          dropped: file.texts.count - kept.count, kept: []))
      rows += kept
    }
    func keys(_ files: [LabelledFile]) -> [String] {
      files.flatMap { $0.texts.map { rules.key.key($0.text) } }
    }
    let tested = Set(keys(test))
    let unseen = Set(excluded.map(rules.key.key)).union(tested)
    let seen = unseen.union(keys(validation))
    var known: Set<String> = []
    rows.removeAll { row in
      let file = row.file
      if let bound = rules.confidenceAbove, (row.source.confidence ?? -1) <= bound {
        files[file].unsure += 1
        return true
      }
      let unwanted: Set<String>
      switch files[file].purpose {
      case .training: unwanted = seen
      case .validation: unwanted = unseen
      case .test: return false
      }
      let isDistinct = rules.isDistinct && files[file].purpose == .training
      guard isDistinct || !unwanted.isEmpty else { return false }
      let key = rules.key.key(row.source.text)
      if unwanted.contains(key) {
        files[file].excluded += 1
        return true
      }
      if isDistinct, !known.insert(key).inserted {
        files[file].repeated += 1
        return true
      }
      return false
    }
    set = try TrainingSet(
      rows, expected: rules.expected, dropped: files.reduce(0) { $0 + $1.dropped })
    for number in files.indices {
      files[number].kept = set.counts(ofFile: number)
    }
    report = DataReport(labels: set.labels, files: files)
    let left = set.rows
    func places(_ purpose: DataReport.Purpose) -> [Int] {
      left.indices.filter { purposes[left[$0].file] == purpose }
    }
    split =
      validation.isEmpty && test.isEmpty
      ? nil
      : ValidationSplit(
        training: places(.training), validation: places(.validation), test: places(.test))
  }
}
