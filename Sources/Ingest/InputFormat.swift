/// How the bytes of an input are to be read, as flags and settings name it.
package enum InputFormat: String, Sendable, Equatable, CaseIterable {
  /// Find out by the first bytes; the file's name decides only where they leave it open.
  case auto
  /// One tweet a line as plain text.
  case text
  /// JSON documents, one a line or pretty-printed, or the elements of an array.
  case jsonl
  /// A table with or without a heading.
  case csv
  /// A table whose fields stand between tabs.
  case tsv

  /// What the extension of a file's name says, through `.gz` and the like; nil when it says nothing.
  static func hint(fileName: String) -> InputFormat? {
    var parts = fileName.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return nil }
    if ["gz", "bz2", "xz", "zst"].contains(parts[parts.count - 1]) { parts.removeLast() }
    guard parts.count > 1 else { return nil }
    switch parts[parts.count - 1] {
    case "json", "jsonl", "ndjson", "js": return .jsonl
    case "csv": return .csv
    case "tsv", "tab": return .tsv
    case "txt": return .text
    default: return nil
    }
  }
}
