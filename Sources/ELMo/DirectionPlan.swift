/// The rows that one direction of a batch computes, step by step.
///
/// In the direction's order a row is a token after all tokens before it. Sentences that begin alike
/// (the backward direction: end alike) share the rows of what they have in common, which changes no
/// bit: a row's numbers depend on its own past alone. Rows of a step lie together, and no row is
/// padding.
package struct DirectionPlan: Sendable {
  /// Where the rows of a step start, [steps + 1].
  package private(set) var offsets = [0]
  /// Of each row the distinct token that it reads.
  package private(set) var tokens: [Int32] = []
  /// Of each row the one that it goes on from, among the rows of the step before; in the first step
  /// the row itself.
  package private(set) var parents: [Int32] = []
  /// Of each step whether all its rows go on from the one of their own number.
  package private(set) var isStraight: [Bool] = []
  /// Of each sentence's steps, sentence after sentence, the row.
  package private(set) var rows: [Int32]

  /// How many steps there are: the longest sentence's tokens.
  package var steps: Int { offsets.count - 1 }
  /// How many rows there are.
  package var count: Int { tokens.count }

  /// How many rows a step has.
  package func width(of step: Int) -> Int { offsets[step + 1] - offsets[step] }

  /// The end of the rows of a step and of as many steps after it as have, together, at most so many rows.
  package func end(of step: Int, rows: Int) -> Int {
    var next = step + 1
    while next < steps, offsets[next + 1] - offsets[step] <= rows { next += 1 }
    return offsets[next]
  }

  /// A plan for at least one sentence, given as distinct tokens below `distinct` in the direction's
  /// order, the longest sentence first.
  ///
  /// `starts` are the sentences' places among `tokens`; the last one's end follows. Without `shares`
  /// each sentence has rows of its own: row k of every step is sentence k's.
  package init(_ tokens: [Int32], starts: [Int], distinct: Int, shares: Bool) {
    let sentences = starts.count - 1
    rows = Array(repeating: 0, count: tokens.count)
    // The children of a row of the step before, or of the start by token: the first, and from each
    // the next.
    var firstChild = [Int32](repeating: -1, count: max(distinct, sentences))
    var nextChild = [Int32](repeating: -1, count: sentences)
    var own = (0..<Int32(sentences)).map { $0 }  // of a sentence the row of the step before
    var running = sentences
    for step in 0..<(starts[1] - starts[0]) {
      while starts[running] - starts[running - 1] <= step { running -= 1 }
      let first = count
      var straight = true
      for sentence in 0..<running {
        let place = starts[sentence] + step
        let parent = step == 0 ? Int(tokens[place]) : Int(own[sentence])
        var row = shares ? firstChild[parent] : -1
        while row >= 0, self.tokens[first + Int(row)] != tokens[place] { row = nextChild[Int(row)] }
        if row < 0 {
          row = Int32(count - first)
          self.tokens.append(tokens[place])
          parents.append(step == 0 ? row : own[sentence])
          straight = straight && parents.last == row
          nextChild[Int(row)] = firstChild[parent]
          firstChild[parent] = row
        }
        own[sentence] = row
        rows[place] = Int32(first) + row
      }
      offsets.append(count)
      isStraight.append(straight)
      for parent in firstChild.indices { firstChild[parent] = -1 }
    }
  }
}
