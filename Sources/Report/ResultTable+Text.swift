package import Aggregates

extension ResultTable {
  /// The rows as aligned columns below their names: numbers to the right, text to the left.
  package var text: String {
    let cells = rows.map { row in row.map(ResultTable.cell) }
    var widths = columns.map { PlainText.width($0) }
    for row in cells {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], PlainText.width(cell))
      }
    }
    let numeric = columns.indices.map { index in
      rows.contains { $0[index].isNumber }
    }
    func line(_ cells: [String]) -> String {
      var line = cells.enumerated().map { index, cell in
        PlainText.fitted(cell, widths[index], right: numeric[index])
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let rule = line(widths.map { String(repeating: "─", count: $0) })
    return line(columns) + rule + cells.map(line).joined()
  }

  /// The rows as CSV of RFC 4180 with a header; text that a spreadsheet would run gets an apostrophe.
  package var csv: String {
    ([columns.map { ResultTable.quoted($0) }] + rows.map { row in row.map(ResultTable.csvCell) })
      .map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// The rows as a JSON array of objects, one a line, keys in the order of the columns.
  package var json: String {
    guard !rows.isEmpty else { return "[]\n" }
    let objects = rows.map { row in
      let pairs = zip(columns, row).map { name, value in
        "\(ResultTable.jsonString(name)):\(ResultTable.jsonCell(value))"
      }
      return "{\(pairs.joined(separator: ","))}"
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }

  private static func cell(_ value: Value) -> String {
    switch value {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): "\(number)"
    case .text(let text): PlainText.safe(text)
    }
  }

  private static func csvCell(_ value: Value) -> String {
    guard case .text(var text) = value else { return cell(value) }
    // Marks that reorder or hide text, and controls that a terminal obeys.
    text.unicodeScalars.removeAll { scalar in
      switch scalar.properties.generalCategory {
      case .format: scalar.value != 0x200D
      case .control: !["\t", "\r", "\n"].contains(scalar)
      default: false
      }
    }
    // A tab or line end may stand before the sign; spreadsheets skip it.
    let starts: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r", "\n"]
    let runs = text.unicodeScalars.first.map { starts.contains($0) } ?? false
    return quoted(runs ? "'" + text : text)
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  private static func jsonCell(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? "\(number)" : "null"
    case .text(let text): jsonString(text)
    }
  }

  private static func jsonString(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\n": json += "\\n"
      case "\r": json += "\\r"
      case "\t": json += "\\t"
      default:
        // Controls, DEL, C1, line separators and reordering marks must not reach a terminal as they are.
        let category = scalar.properties.generalCategory
        let isHidden =
          category == .control || category == .format || category == .lineSeparator
          || category == .paragraphSeparator
        if isHidden && scalar.value <= 0xFFFF {
          let hex = String(scalar.value, radix: 16)
          json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          json.unicodeScalars.append(scalar)
        }
      }
    }
    return json + "\""
  }
}

extension ResultTable.Value {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text: false
    }
  }
}
