/// Splits text into the byte strings that the model reads.
package enum Tokenizer {
  /// Where a text is split.
  package enum Mode: Sendable {
    /// At the byte 0x20 only; tabs and line ends stay inside tokens (the model's own rule, ELMO.md 1.4).
    case blank
    /// At any white space of Unicode.
    case whitespace
  }

  /// The tokens of a text as UTF-8; empty pieces are skipped.
  package static func split(_ text: String, mode: Mode = .blank) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    if mode == .blank { return bytes.split(separator: 0x20).map(Array.init) }
    var tokens: [[UInt8]] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      let (scalar, length) = bytes.scalar(at: index)
      if scalar.properties.isWhitespace {
        if index > start { tokens.append(Array(bytes[start..<index])) }
        start = index + length
      }
      index += length
    }
    if bytes.count > start { tokens.append(Array(bytes[start...])) }
    return tokens
  }
}
