package import Classifier
package import Tweets

/// Labelled texts that passed: every label is one of the set's.
package struct TrainingSet: Sendable, Equatable {
  /// One row that is kept.
  package struct Row: Sendable, Equatable {
    /// The text before cleaning.
    package var text: String
    /// The index of its label in the set's labels.
    package var truth: Int
    /// The row's own id; nil where the file has none.
    package var id: String?
    /// How sure the annotators were, 0 … 1; nil where the file does not tell.
    package var confidence: Double?
    /// What another system called the text; nil where the file does not tell, or nothing was said.
    package var answer: Label?
    /// The number of the row in its file, from 1.
    package var number: Int
    /// The number of its file among those read, from 0.
    package var file = 0
    /// How much its file's rows count.
    package var weight: Float = 1
  }

  /// A row whose label is known, but not yet its place among the set's labels.
  struct LabelledRow {
    var source: LabelledText
    var label: Label
    var answer: Label?
    var file: Int
    var weight: Float
  }

  /// The labels, in the order of a model's probabilities.
  package let labels: LabelSet
  /// The kept rows in file order.
  package private(set) var rows: [Row]
  /// Rows that were dropped for their label.
  package let dropped: Int

  /// Keeps the rows whose label is not dropped; `expected` fixes the labels, else those found
  /// decide (three when a row is neutral).
  ///
  /// Labels match `negative`, `neutral`, `positive` in any case, after `mapping` (from any case)
  /// was applied.
  package init(
    _ texts: [LabelledText], dropping drops: [String] = [], mapping: [String: Label] = [:],
    expected: LabelSet? = nil
  ) throws(TrainingDataError) {
    let kept = try TrainingSet.labelled(
      texts, dropping: drops, mapping: mapping, expected: expected)
    try self.init(kept, expected: expected, dropped: texts.count - kept.count)
  }

  /// The set of rows whose labels are known; `expected` fixes the labels.
  init(
    _ kept: [LabelledRow], expected: LabelSet?, dropped: Int
  ) throws(TrainingDataError) {
    let found = Label.allCases.filter { label in kept.contains { $0.label == label } }
    guard expected != nil || (found.contains(.negative) && found.contains(.positive)) else {
      throw .tooFewLabels(rows: kept.count, found: found.map(\.rawValue))
    }
    let labels = expected ?? (found.contains(.neutral) ? .three : .two)
    self.labels = labels
    self.dropped = dropped
    rows = kept.compactMap { row in
      labels.index(of: row.label).map {
        Row(
          text: row.source.text, truth: $0, id: row.source.id,
          confidence: row.source.confidence, answer: row.answer, number: row.source.row,
          file: row.file,
          weight: row.weight)
      }
    }
  }

  /// The rows that are not dropped, for their name or for what it reads as, with their labels.
  static func labelled(
    _ texts: [LabelledText], dropping drops: [String], droppedLabel: Label? = nil,
    mapping: [String: Label], expected: LabelSet?, file: Int = 0, weight: Float = 1
  ) throws(TrainingDataError) -> [LabelledRow] {
    let drops = Set(drops.map(plain))
    var names = Dictionary(uniqueKeysWithValues: Label.allCases.map { ($0.rawValue, $0) })
    for (name, label) in mapping { names[plain(name)] = label }
    var kept: [LabelledRow] = []
    for text in texts {
      let name = plain(text.label)
      if drops.contains(name) { continue }
      guard let label = names[name] else {
        throw .unknownLabel(
          text.label, row: text.row, known: names.keys.sorted(),
          unknown: unknown(in: texts, names, drops))
      }
      if label == droppedLabel { continue }
      if let expected, expected.index(of: label) == nil {
        throw .unknownLabel(text.label, row: text.row, known: expected.names)
      }
      kept.append(
        LabelledRow(
          source: text, label: label, answer: try answer(of: text, names, drops), file: file,
          weight: weight))
    }
    return kept
  }

  /// The labels that are neither known nor dropped, each once, in order; of an endless list the first ones.
  private static func unknown(
    in texts: [LabelledText], _ names: [String: Label], _ drops: Set<String>
  ) -> [String] {
    var found: [String: String] = [:]
    for text in texts where found.count < 32 {
      let name = plain(text.label)
      if names[name] == nil, !drops.contains(name), found[name] == nil { found[name] = text.label }
    }
    return found.values.sorted()
  }

  // Another system's word for a text, read as the labels are; blank, or a dropped one, is no answer.
  private static func answer(
    of text: LabelledText, _ names: [String: Label], _ drops: Set<String>
  ) throws(TrainingDataError) -> Label? {
    guard let given = text.answer.map(plain), !given.isEmpty, !drops.contains(given) else {
      return nil
    }
    guard let label = names[given] else {
      throw .unknownLabel(text.answer ?? given, row: text.row, known: names.keys.sorted())
    }
    return label
  }

  /// The label index of every row, in row order.
  package var truths: [Int] { rows.map(\.truth) }

  /// How many rows each label has, in label order.
  package var counts: [Int] {
    rows.reduce(into: Array(repeating: 0, count: labels.count)) { $0[$1.truth] += 1 }
  }

  /// How many rows of a file each label has, in label order.
  package func counts(ofFile file: Int) -> [Int] {
    rows.reduce(into: Array(repeating: 0, count: labels.count)) {
      if $1.file == file { $0[$1.truth] += 1 }
    }
  }

  /// How much every row counts, in row order: its file's weight, and times the annotators'
  /// confidence if that is asked for, 1 where the file does not tell it.
  package func weights(byConfidence: Bool) -> [Float] {
    rows.map { row in
      let sureness = byConfidence ? min(1, max(0, row.confidence ?? 1)) : 1
      return row.weight * Float(sureness)
    }
  }

  /// The share of the most frequent label; 0 without rows.
  package var majorityRate: Double {
    rows.isEmpty ? 0 : Double(counts.max() ?? 0) / Double(rows.count)
  }

  /// Removes the rows whose text, up to ELMO.md 10.1, occurs in another set; how many went.
  @discardableResult
  package mutating func exclude(seenIn texts: [String]) -> Int {
    let seen = Set(texts.map(TextGroup.key))
    let before = rows.count
    rows.removeAll { seen.contains(TextGroup.key($0.text)) }
    return before - rows.count
  }

  /// Keeps the rows whose confidence is above a bound; rows without one go.
  package mutating func keep(confidenceAbove bound: Double) {
    rows.removeAll { ($0.confidence ?? -1) <= bound }
  }

  /// What names are read as, without case and blanks; the second meanings win.
  static func names(
    _ first: [String: Label], then second: [String: Label]
  ) -> [String: Label] {
    var names: [String: Label] = [:]
    for meanings in [first, second] {
      for name in meanings.keys.sorted() { names[plain(name)] = meanings[name] }
    }
    return names
  }

  private static func plain(_ name: String) -> String {
    let scalars = name.lowercased().unicodeScalars
    let blank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
    guard let first = scalars.firstIndex(where: { !blank($0) }),
      let last = scalars.lastIndex(where: { !blank($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
