/// Why a data file cannot be read as a command names it.
package enum DataSpecificationError: Error, Equatable, CustomStringConvertible {
  /// No file is named.
  case noPath(String)
  /// A part is not `key=value`.
  case notAPair(String, in: String)
  /// A key has a value that it cannot have.
  case badValue(String, String, known: [String], in: String)

  /// Operation, subject, cause and remedy.
  package var description: String {
    switch self {
    case .noPath(let text):
      "read \"\(text)\": no file is named before the colon; "
        + "write FILE or FILE:text=COLUMN,label=COLUMN"
    case .notAPair(let pair, let text):
      "read \"\(text)\": \"\(pair)\" is not key=value; write text=COLUMN, label=COLUMN, "
        + "confidence=COLUMN, id=COLUMN, format=csv, labels=FILE, weight=0.5, or NAME=negative"
    case .badValue(let key, let value, let known, let text):
      "read \"\(text)\": \(key) cannot be \"\(value)\"; it is one of: \(known.joined(separator: ", "))"
    }
  }
}
