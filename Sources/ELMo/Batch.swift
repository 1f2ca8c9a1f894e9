/// Sentences that run together, the longest first.
struct Batch {
  let sentences: [Int]  // places in the caller's list
  let lengths: [Int]  // tokens, without boundaries
  let starts: [Int]  // of each sentence among all tokens, sentence after sentence

  /// The tokens of all sentences.
  var tokens: Int { (starts.last ?? 0) + (lengths.last ?? 0) }

  init(sentences: [Int], lengths: [Int]) {
    self.sentences = sentences
    self.lengths = lengths
    var next = 0
    starts = lengths.map { length in
      defer { next += length }
      return next
    }
  }

  /// Sorts sentences by length and cuts them into batches of at most `budget` positions, which are
  /// tokens and two boundaries a sentence.
  ///
  /// `tokens` are the lengths without boundaries, already capped; empty sentences are left out.
  static func plan(tokens: [Int], budget: Int) -> [Batch] {
    let order = tokens.indices.filter { tokens[$0] > 0 }
      .sorted { (tokens[$1], $0) < (tokens[$0], $1) }
    var batches: [Batch] = []
    var members: [Int] = []
    var positions = 0
    func close() {
      guard !members.isEmpty else { return }
      batches.append(Batch(sentences: members, lengths: members.map { tokens[$0] }))
      members = []
      positions = 0
    }
    for sentence in order {
      let length = tokens[sentence] + 2
      if positions + length > budget { close() }
      members.append(sentence)
      positions += length
    }
    close()
    return batches
  }
}
