/// One pattern of a topic as the terms that a text must have side by side.
struct TopicPattern: Equatable {
  /// How many words a phrase may have; it bounds the work per word of a text.
  static let longestPhrase = 16

  /// The terms in order: folded words, or tags and names with their sign (`#gop`).
  let terms: [String]

  /// The terms of a pattern; nil when it has none or too many.
  ///
  /// Double quotes around the pattern mean the same as none: a pattern with several words is a phrase.
  init?(_ pattern: String) {
    var scanner = TermScanner(pattern)
    var terms: [String] = []
    while let term = scanner.next() {
      if let tag = term.tag {
        // A tag's own words follow it in the scan; the tag says more.
        terms.append(tag)
        scanner.skipTagWords()
      } else if let word = term.word {
        terms.append(word)
      }
      guard terms.count <= TopicPattern.longestPhrase else { return nil }
    }
    guard !terms.isEmpty else { return nil }
    self.terms = terms
  }
}
