/// The ids that the softmax tells apart: those below its size.
package struct Vocabulary: Sendable, Equatable {
  /// V, the three special ids among them.
  package let size: Int

  /// The vocabulary of the most frequent types.
  package init(of types: TypeTable, atMost limit: Int, minimumCount: Int = 1) {
    precondition(limit >= 3, "a vocabulary needs room for 3 ids or more, not \(limit)")
    var size = min(limit, types.count)
    // The counts fall, so the types that are too rare stand at the end.
    while size > 3, types.occurrences(of: Int32(size - 1)) < max(1, minimumCount) { size -= 1 }
    self.size = size
  }

  /// The target id in the place of a type.
  package func target(of id: Int32) -> Int32 { Int(id) < size ? id : TypeTable.unknown }

  /// `vocabulary.txt`: a token a line, `<S>`, `</S>` and `<UNK>` first (ELMO.md 6.3).
  package func text(of types: TypeTable) -> [UInt8] {
    var text: [UInt8] = []
    for id in 0..<size {
      if id < TypeTable.specials.count {
        text += TypeTable.specials[id]
      } else {
        text += types.bytes(of: Int32(id))
      }
      text.append(0x0A)
    }
    return text
  }

  /// The tokens of a `vocabulary.txt` in their order.
  package static func tokens(in text: [UInt8]) -> [[UInt8]] {
    text.split(separator: 0x0A).map(Array.init)
  }
}
