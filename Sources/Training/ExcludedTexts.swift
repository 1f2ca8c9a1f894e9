/// Texts that a corpus must not hold, such as those of test sets.
package struct ExcludedTexts: Sendable {
  private let kind: TextKey
  private let keys: Set<String>

  /// The texts with the keys of these; one of which nothing is left to compare by excludes nothing.
  package init(_ texts: [String], key kind: TextKey = .letters) {
    self.kind = kind
    keys = Set(texts.compactMap(kind.remainder))
  }

  /// True when no text is excluded.
  package var isEmpty: Bool { keys.isEmpty }

  /// Whether a text, before cleaning, has the key of an excluded one.
  package func contains(_ text: String) -> Bool {
    !keys.isEmpty && kind.remainder(of: text).map(keys.contains) ?? false
  }
}
