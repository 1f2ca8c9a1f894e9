/// Why text cannot be pre-trained on.
package enum CorpusError: Error, Equatable, CustomStringConvertible {
  /// No sentence is left.
  case empty(lines: Int)
  /// Nothing is left to train on beside the held-out sentences.
  case allHeldOut(sentences: Int, heldOut: Int)

  /// Operation, subject, cause and remedy.
  package var description: String {
    switch self {
    case .empty(let lines):
      "read corpus: none of the \(lines) lines has a token after cleaning; "
        + "give text with one sentence a line"
    case .allHeldOut(let sentences, let heldOut):
      "read corpus: \(heldOut) held-out sentences leave nothing of \(sentences) to train on; "
        + "hold out fewer, or give more text"
    }
  }
}
