/// Rows dealt into folds so that rows of one group share a fold: ELMO.md 10.1.
package struct GroupedSplit: Sendable, Equatable {
  /// The fold of every row, from 0.
  package let foldOfRow: [Int]
  /// How many folds there are.
  package let folds: Int

  /// Deals groups, the largest first and equals in an order that the seed fixes, to the fold with
  /// the fewest rows.
  package init(groups: [String], folds: Int, seed: UInt64) {
    precondition(folds >= 2, "a split needs at least 2 folds, not \(folds)")
    var members: [String: [Int]] = [:]
    var order: [String] = []
    for (row, group) in groups.enumerated() {
      if members[group] == nil { order.append(group) }
      members[group, default: []].append(row)
    }
    var generator = SeededGenerator(seed: seed)
    generator.shuffle(&order)
    let dealt = order.enumerated().map { (place: $0.offset, rows: members[$0.element] ?? []) }
      .sorted { ($1.rows.count, $0.place) < ($0.rows.count, $1.place) }
    var foldOfRow = [Int](repeating: 0, count: groups.count)
    var sizes = [Int](repeating: 0, count: folds)
    for group in dealt {
      var lightest = 0
      for fold in 1..<folds where sizes[fold] < sizes[lightest] { lightest = fold }
      for row in group.rows { foldOfRow[row] = lightest }
      sizes[lightest] += group.rows.count
    }
    self.foldOfRow = foldOfRow
    self.folds = folds
  }

  /// The rows outside a fold train, those inside validate.
  package func split(holdingOut fold: Int) -> ValidationSplit {
    precondition((0..<folds).contains(fold), "fold \(fold) of \(folds) folds")
    let rows = foldOfRow.indices
    return ValidationSplit(
      training: rows.filter { foldOfRow[$0] != fold },
      validation: rows.filter { foldOfRow[$0] == fold })
  }

  /// The fold file: a header and one line a row, both numbers from 0.
  package var csv: String {
    "row,fold\n" + foldOfRow.enumerated().map { "\($0.offset),\($0.element)\n" }.joined()
  }
}
