package import Tweets

/// A data file as a command names it: `FILE`, or `FILE:text=COLUMN,label=COLUMN,0=negative,4=positive`.
///
/// What stands behind the last colon is a list of `key=value` when it begins with one; a file whose
/// name looks so is given with a colon at its end. A backslash takes the next comma, equals sign or
/// backslash as it stands. Keys: `text`, `label`, `confidence`, `id` name columns; `format` is auto,
/// csv, tsv, semeval or lines; `labels` names a file with one label a line, for a text file with one text a
/// line; `escapes` is semeval or none; `weight` is how much the file's rows count. Any other key is a
/// label of the file, and its value what it is read as: negative, neutral, positive or drop.
package struct DataSpecification: Sendable, Equatable {
  /// How a file's bytes are rows.
  package enum Format: String, Sendable, Equatable, CaseIterable {
    /// SemEval's where the first line is such a record, else a table.
    case auto
    /// A table with a header; commas, semicolons or tabs, whichever the header has.
    case csv
    /// The same.
    case tsv
    /// Lines of id, label and text between tabs, without a header.
    case semeval
    /// One text a line; the labels stand in a file of their own, or are not asked for.
    case lines
  }

  /// The file.
  package var path: String
  /// How its bytes are rows.
  package var format = Format.auto
  /// The column of the text; nil where the command's common option decides.
  package var textColumn: String?
  /// The column of the label; nil where the command's common option decides.
  package var labelColumn: String?
  /// The column of the annotators' confidence; nil where the command's common option decides.
  package var confidenceColumn: String?
  /// The column of the row's id; nil for none.
  package var idColumn: String?
  /// A file with the labels, one a line; nil where they stand beside the texts.
  package var labelsPath: String?
  /// True when texts of a table or of lines are written in SemEval's way, with `\u002c` and doubled quotes.
  package var hasSemEvalEscapes = false
  /// How much each row counts.
  package var weight = 1.0
  /// What labels of the file are read as.
  package var mapping: [String: Label] = [:]
  /// Labels of the file whose rows are dropped.
  package var drops: [String] = []

  /// A file without options of its own.
  package init(path: String) { self.path = path }

  /// Reads a specification.
  package init(_ text: String) throws(DataSpecificationError) {
    let (path, pairs) = DataSpecification.split(text)
    self.path = path
    guard !path.isEmpty else { throw .noPath(text) }
    for pair in pairs {
      guard let (key, value) = DataSpecification.keyAndValue(pair), !value.isEmpty else {
        throw .notAPair(pair, in: text)
      }
      try set(key, to: value, in: text)
    }
  }

  private mutating func set(
    _ key: String, to value: String, in text: String
  ) throws(DataSpecificationError) {
    switch key {
    case "text": textColumn = value
    case "label": labelColumn = value
    case "confidence": confidenceColumn = value
    case "id": idColumn = value
    case "labels":
      labelsPath = value
      if format == .auto { format = .lines }
    case "format":
      guard let format = Format(rawValue: value) else {
        throw .badValue(key, value, known: Format.allCases.map(\.rawValue), in: text)
      }
      self.format = format
    case "escapes":
      guard ["semeval", "none"].contains(value) else {
        throw .badValue(key, value, known: ["semeval", "none"], in: text)
      }
      hasSemEvalEscapes = value == "semeval"
    case "weight":
      guard let weight = Double(value), weight > 0, weight <= 1000 else {
        throw .badValue(key, value, known: ["a number above 0, 1000 at most"], in: text)
      }
      self.weight = weight
    default:
      if value.lowercased() == "drop" {
        drops.append(key)
      } else if let label = Label(rawValue: value.lowercased()) {
        mapping[key] = label
      } else {
        throw .badValue(
          key, value, known: Label.allCases.map(\.rawValue) + ["drop"], in: text)
      }
    }
  }

  // The path, and the pairs with their backslashes.
  private static func split(_ text: String) -> (path: String, pairs: [String]) {
    guard let colon = text.lastIndex(of: ":") else { return (text, []) }
    let path = String(text[..<colon])
    let rest = String(text[text.index(after: colon)...])
    if rest.isEmpty { return (path, []) }
    let pairs = pieces(rest)
    // A slash before the sign belongs to a path, as in a:b/c=d.
    guard let first = keyAndValue(pairs[0]), !first.key.contains("/") else { return (text, []) }
    return (path, pairs)
  }

  private static func pieces(_ text: String) -> [String] {
    var pieces = [""]
    var isTaken = false
    for character in text {
      if character == ",", !isTaken {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(character)
      }
      isTaken = character == "\\" && !isTaken
    }
    return pieces
  }

  private static func keyAndValue(_ pair: String) -> (key: String, value: String)? {
    var parts = [""]
    var isTaken = false
    for character in pair {
      if isTaken {
        parts[parts.count - 1].append(character)
        isTaken = false
      } else if character == "\\" {
        isTaken = true
      } else if character == "=", parts.count == 1 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.count == 2 && !parts[0].isEmpty ? (parts[0], parts[1]) : nil
  }
}
