import Classifier
import Foundation

extension EvaluationMetrics {
  /// One JSON object on one line: the keys of INTERFACES.md, then the further figures; null where
  /// undefined.
  package var json: String { json(adding: []) }

  /// The same with further keys, whose values are JSON, at the end.
  package func json(adding further: [(key: String, value: String)]) -> String {
    var fields: [(String, String)] = [
      ("rows", "\(rows)"), ("accuracy", number(accuracy)),
      ("balanced_accuracy", number(balancedAccuracy)), ("macro_f1", number(macroF1)),
      ("macro_recall", number(balancedAccuracy)), ("roc_auc", number(areaUnderROC)),
      ("ece", number(expectedCalibrationError)),
      ("confusion", list(confusion.map { list($0.map(String.init)) })),
      ("labels", list(labels.names.map { "\"\($0)\"" })),
      ("majority_accuracy", number(majorityAccuracy)),
    ]
    fields += [
      ("accuracy_low", number(interval?.low)), ("accuracy_high", number(interval?.high)),
      ("recall", list(recall.map(number))),
      ("rarest_label", "\"\(labels.names[rarest])\""),
      ("average_precision", number(averagePrecision)), ("brier", number(brier)),
      ("threshold", number(threshold)), ("threshold_origin", quoted(thresholdOrigin)),
      ("groups", "\(groups)"), ("undecided", "\(undecided)"),
      ("share", list(shares.map(number))), ("share_answered", list(answeredShares.map(number))),
      ("share_expected", list(expectedShares.map(number))),
    ]
    fields += further.map { ($0.key, $0.value) }
    return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  /// The figures as lines for people, the confusion matrix below them.
  package var table: String {
    var lines: [(String, String)] = [
      ("rows", "\(rows) in \(groups) groups of equal text"),
      ("majority rate", figure(majorityAccuracy) + "  always \(labels.names[mostFrequent])"),
      ("accuracy", figure(accuracy) + intervalText),
      ("balanced accuracy", figure(balancedAccuracy)),
      ("macro F1", figure(macroF1)),
    ]
    for (name, value) in zip(labels.names, recall) {
      lines.append(("recall \(name)", figure(value)))
    }
    for (label, name) in labels.names.enumerated() {
      lines.append(
        (
          "share \(name)",
          figure(shares[label]) + "  answered \(figure(answeredShares[label]))  expected "
            + figure(expectedShares[label])
        ))
    }
    lines += [
      ("ROC-AUC", figure(areaUnderROC)),
      ("average precision", figure(averagePrecision) + "  of \(labels.names[rarest])"),
      ("Brier score", figure(brier)),
      ("calibration error", figure(expectedCalibrationError) + "  in 15 bins"),
    ]
    if let threshold {
      lines.append(("threshold", figure(threshold) + "  from \(thresholdOrigin)"))
    }
    if undecided > 0 { lines.append(("no decision", "\(undecided) rows, counted as wrong")) }
    let width = lines.map(\.0.count).max() ?? 0
    let text = lines.map { padded($0.0, width) + "  " + $0.1 }
    return (text + [""] + confusionLines).joined(separator: "\n") + "\n"
  }

  private var intervalText: String {
    interval.map { "  95 % interval \(figure($0.low)) to \(figure($0.high))" } ?? ""
  }

  private var mostFrequent: Int { support.firstIndex(of: support.max() ?? 0) ?? 0 }

  private var confusionLines: [String] {
    let corner = "true \\ answered"
    let cells =
      [[corner] + labels.names]
      + zip(labels.names, confusion).map { name, counts in
        [name] + counts.map(String.init)
      }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
    }
  }

  func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  func figure(_ value: Double?) -> String {
    value.map { String(format: "%.4f", $0) } ?? "–"
  }

  func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return String(format: "%.6f", value)
  }

  func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

  func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
