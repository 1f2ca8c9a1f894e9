/// Sentences that run together: longest first, so that those still running are always the first.
///
/// Rows lie step by step without padding: row `offsets[t] + s` is step t of sentence s.
struct Batch {
  let sentences: [Int]  // places in the caller's list
  let lengths: [Int]  // tokens and both boundaries
  let starts: [Int]  // of each sentence among all positions, sentence after sentence
  let offsets: [Int]  // [steps + 1]

  var steps: Int { offsets.count - 1 }
  var rows: Int { offsets[steps] }

  /// Sentences that have a step t.
  func running(at step: Int) -> Int { offsets[step + 1] - offsets[step] }

  /// The row of a position in the forward direction.
  func forwardRow(_ sentence: Int, _ position: Int) -> Int { offsets[position] + sentence }

  /// The row of a position in the backward direction, which starts at the sentence's own end.
  func backwardRow(_ sentence: Int, _ position: Int) -> Int {
    offsets[lengths[sentence] - 1 - position] + sentence
  }

  init(sentences: [Int], lengths: [Int]) {
    self.sentences = sentences
    self.lengths = lengths
    var starts: [Int] = []
    var next = 0
    for length in lengths {
      starts.append(next)
      next += length
    }
    self.starts = starts
    var offsets = [0]
    var running = lengths.count
    for step in 0..<(lengths.first ?? 0) {
      while lengths[running - 1] <= step { running -= 1 }
      offsets.append(offsets[step] + running)
    }
    self.offsets = offsets
  }

  /// Sorts sentences by length and cuts them into batches of at most `budget` positions.
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
      batches.append(Batch(sentences: members, lengths: members.map { tokens[$0] + 2 }))
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
