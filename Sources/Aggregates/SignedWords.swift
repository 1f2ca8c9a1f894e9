/// The words with signs that a scanner looks for, by their first character.
struct SignedWords {
  private var words: [Unicode.Scalar: [(word: SignedWord, number: Int)]] = [:]

  /// Adds a word under a number of the caller's; a second time it changes nothing.
  mutating func insert(_ word: SignedWord, number: Int) {
    guard let first = word.scalars.first,
      !words[first, default: []].contains(where: { $0.number == number })
    else { return }
    words[first, default: []].append((word, number))
  }

  /// Appends those that begin at a place of a text.
  func find(
    in text: [Unicode.Scalar], at start: Int, into found: inout [TermScanner.Found]
  ) {
    guard !words.isEmpty, let candidates = words[TermScanner.asciiLower(text[start])] else {
      return
    }
    for candidate in candidates {
      guard let end = candidate.word.end(in: text, from: start) else { continue }
      found.append(TermScanner.Found(number: candidate.number, start: start, end: end))
    }
  }
}
