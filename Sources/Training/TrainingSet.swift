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
    /// The number of the row in its file, from 1.
    package var number: Int
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
    let drops = Set(drops.map(TrainingSet.plain))
    var names = Dictionary(uniqueKeysWithValues: Label.allCases.map { ($0.rawValue, $0) })
    for (name, label) in mapping { names[TrainingSet.plain(name)] = label }
    var kept: [(source: LabelledText, label: Label)] = []
    for text in texts {
      let name = TrainingSet.plain(text.label)
      if drops.contains(name) { continue }
      guard let label = names[name] else {
        throw .unknownLabel(text.label, row: text.row, known: names.keys.sorted())
      }
      if let expected, expected.index(of: label) == nil {
        throw .unknownLabel(text.label, row: text.row, known: expected.names)
      }
      kept.append((text, label))
    }
    let found = Label.allCases.filter { label in kept.contains { $0.label == label } }
    guard expected != nil || (found.contains(.negative) && found.contains(.positive)) else {
      throw .tooFewLabels(rows: kept.count, found: found.map(\.rawValue))
    }
    let labels = expected ?? (found.contains(.neutral) ? .three : .two)
    self.labels = labels
    dropped = texts.count - kept.count
    rows = kept.compactMap { source, label in
      labels.index(of: label).map {
        Row(
          text: source.text, truth: $0, id: source.id, confidence: source.confidence,
          number: source.row)
      }
    }
  }

  /// The label index of every row, in row order.
  package var truths: [Int] { rows.map(\.truth) }

  /// How many rows each label has, in label order.
  package var counts: [Int] {
    rows.reduce(into: Array(repeating: 0, count: labels.count)) { $0[$1.truth] += 1 }
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

  private static func plain(_ name: String) -> String {
    let scalars = name.lowercased().unicodeScalars
    let blank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
    guard let first = scalars.firstIndex(where: { !blank($0) }),
      let last = scalars.lastIndex(where: { !blank($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
