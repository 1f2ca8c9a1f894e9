private import TweetText

/// Writes `key=value` lines that no text of a stranger can break.
package enum LogText {
  /// Keys that come first in a line, and those that come last; the others stand between by name.
  private static let leading = ["label", "score", "topic", "source", "id"]
  private static let trailing = ["cause", "remedy", "text"]
  /// Values are cut to this many characters.
  private static let longestValue = 2048

  /// The fixed phrase, then `key=value` in the order of the keys' ranks.
  package static func line(_ phrase: String, _ fields: [(key: String, value: String)]) -> String {
    var line = safe(phrase)
    for field in fields {
      line += " \(fieldKey(field.key))=\(value(field.value, isQuoted: field.key == "text"))"
    }
    return line
  }

  /// The fields in the order of a line.
  package static func sorted(_ fields: [String: String]) -> [(key: String, value: String)] {
    fields.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
      .map { (key: $0.key, value: $0.value) }
  }

  private static func rank(_ key: String) -> Int {
    if let place = leading.firstIndex(of: key) { return place }
    if let place = trailing.firstIndex(of: key) { return 1000 + place }
    return 500
  }

  /// The value as it is, or in double quotes where blanks or quotes would end it.
  package static func value(_ text: String, isQuoted: Bool = false) -> String {
    let text = safe(text)
    let isPlain = !text.isEmpty && !text.contains { $0.isWhitespace || "\"\\=".contains($0) }
    guard isQuoted || !isPlain else { return text }
    var quoted = "\""
    for character in text {
      if character == "\"" || character == "\\" { quoted.append("\\") }
      quoted.append(character)
    }
    return quoted + "\""
  }

  /// A text on one line without anything that a terminal or the journal would act upon.
  package static func safe(_ text: String) -> String {
    Sanitizer.terminalSafe(text, limit: longestValue)
  }

  /// A key of letters, digits, `_`, `.` and `-`; any other character becomes `_`.
  private static func fieldKey(_ key: String) -> String {
    String(
      key.prefix(64).map { character in
        character.isASCII && (character.isLetter || character.isNumber || "_.-".contains(character))
          ? character : "_"
      })
  }

  /// A score in 0 … 1 with three digits after the point; `-` for what is no number.
  package static func score(_ score: Double) -> String {
    guard score.isFinite else { return "-" }
    let thousandths = Int((min(max(score, 0), 1) * 1000).rounded())
    let digits = String(thousandths % 1000)
    let zeros = String(repeating: "0", count: 3 - digits.count)
    return "\(thousandths / 1000).\(zeros)\(digits)"
  }
}
