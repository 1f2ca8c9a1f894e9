/// The sentences of one step, as both directions read them.
///
/// Rows fall by length, so that at step s the first `live[s]` rows still go on; a position is a row at
/// a step, and the positions of a step lie together. A sentence of T tokens has T + 1 positions: the
/// forward direction reads <S> w1 … wT and foretells w1 … wT </S>; the backward one reads </S> wT … w1
/// and foretells wT … w1 <S>.
package struct SentenceBatch: Sendable {
  /// Ids of each row without boundaries, the longest row first.
  package let rows: [[Int32]]
  /// Where each row stood in what the batch was made of.
  package let order: [Int]
  /// Rows that have a position at each step.
  package let live: [Int]
  /// Positions before each step, and all of them at the end.
  package let offsets: [Int]
  /// The distinct ids that are read, in the order of their first appearance.
  package let distinct: [Int32]
  /// For each direction, the place in `distinct` of what each position reads.
  package let inputs: [[Int32]]
  /// For each direction, the id that each position foretells.
  package let targets: [[Int32]]

  /// A batch of sentences of at least one token each.
  package init(rows unsorted: [[Int32]]) {
    // Ties keep their order, so that a batch has one form.
    order = unsorted.indices.sorted {
      let (a, b) = (unsorted[$0].count, unsorted[$1].count)
      return a != b ? a > b : $0 < $1
    }
    rows = order.map { unsorted[$0] }
    precondition(!rows.isEmpty, "a batch needs at least 1 row, not 0")
    precondition(rows.allSatisfy { !$0.isEmpty }, "a row of a batch has at least 1 token, not 0")
    let steps = rows[0].count + 1
    var live = [Int](repeating: 0, count: steps)
    for row in rows { live[row.count] += 1 }
    for step in stride(from: steps - 2, through: 0, by: -1) { live[step] += live[step + 1] }
    var offsets = [0]
    for count in live { offsets.append(offsets[offsets.count - 1] + count) }
    let total = offsets[steps]

    var places: [Int32: Int32] = [:]
    var distinct: [Int32] = []
    func place(_ id: Int32) -> Int32 {
      if let place = places[id] { return place }
      let place = Int32(distinct.count)
      places[id] = place
      distinct.append(id)
      return place
    }
    var inputs = [[Int32]](repeating: [Int32](repeating: 0, count: total), count: 2)
    var targets = inputs
    let begin = place(TypeTable.begin)
    let end = place(TypeTable.end)
    for (index, row) in rows.enumerated() {
      let length = row.count
      inputs[0][index] = begin
      inputs[1][index] = end
      targets[0][offsets[length] + index] = TypeTable.end
      targets[1][offsets[length] + index] = TypeTable.begin
      for (token, id) in row.enumerated() {
        let place = place(id)
        inputs[0][offsets[token + 1] + index] = place
        targets[0][offsets[token] + index] = id
        inputs[1][offsets[length - token] + index] = place
        targets[1][offsets[length - token - 1] + index] = id
      }
    }
    self.live = live
    self.offsets = offsets
    self.distinct = distinct
    self.inputs = inputs
    self.targets = targets
  }

  /// Positions of one direction.
  package var positions: Int { offsets[offsets.count - 1] }

  /// Tokens, without boundaries.
  package var tokens: Int { positions - rows.count }

  /// The position at which a direction has just read a token of a row.
  package func position(direction: Int, row: Int, token: Int) -> Int {
    let step = direction == 0 ? token + 1 : rows[row].count - token
    return offsets[step] + row
  }
}
