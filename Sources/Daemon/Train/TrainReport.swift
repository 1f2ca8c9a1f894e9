import JSON
import Training

/// What a training tells: for people as it goes, or one JSON object at its end.
///
/// With JSON, the lines for people go to standard error.
final class TrainReport {
  private let isJSON: Bool
  private var fields: [(key: String, value: String)] = []

  init(json: Bool) { isJSON = json }

  /// A line or more for people.
  func say(_ text: String) {
    (isJSON ? StandardStream.error : StandardStream.output).write(text + "\n")
  }

  /// The figures of some rows, under a title for people and a key for programs.
  func figures(_ key: String, _ title: String, _ metrics: EvaluationMetrics) {
    fields.append((key, metrics.json))
    if !isJSON { say("\n\(title):\n\(metrics.table.dropLast())") }
  }

  /// A fact for programs; its value is JSON.
  func note(_ key: String, _ value: String) { fields.append((key, value)) }

  /// A fact in words.
  func note(_ key: String, text: String) { note(key, JSONText.quote(text)) }

  /// The sizes of a split, and how many of its rows repeat a text of the part that trained, or chose.
  func split(_ split: ValidationSplit, groups: [String]) {
    note("rows_training", "\(split.training.count)")
    for (name, rows, others, known) in [
      ("validation", split.validation, split.training, "a training row"),
      ("test", split.test, split.training + split.validation, "a training or validation row"),
    ] {
      note("rows_\(name)", "\(rows.count)")
      guard !rows.isEmpty else { continue }
      let repeated = RepeatedTexts(of: rows, in: others, groups: groups)
      note("repeated_\(name)", JSONText.number(repeated.share))
      StandardStream.error.say("\(name): \(repeated.text) have the text of \(known)")
    }
  }

  /// Prints the object, where one is wanted.
  func finish() {
    guard isJSON else { return }
    let text = fields.map { JSONText.quote($0.key) + ":" + $0.value }.joined(separator: ",")
    StandardStream.output.write("{\(text)}\n")
  }
}
