/// Which rows train, which validate and which test, by their place in the file.
///
/// Validation rows may choose: an epoch, a threshold. Test rows choose nothing.
package struct ValidationSplit: Sendable, Equatable {
  /// How rows are set apart.
  package enum Manner: String, Sendable, Equatable, CaseIterable {
    /// The last ones in file order, as the article did.
    case last
    /// Whole groups of equal texts.
    case group
  }

  /// The rows that train, ascending.
  package var training: [Int]
  /// The rows that validate, ascending.
  package var validation: [Int]
  /// The rows that are only measured, ascending.
  package var test: [Int]

  /// A split from its parts.
  package init(training: [Int], validation: [Int], test: [Int] = []) {
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// The article's: the first ⌊n · (1 - share)⌋ rows train, the last ones validate, before any
  /// shuffling.
  package static func lastRows(of count: Int, share: Double = 0.2) -> ValidationSplit {
    precondition((0..<1).contains(share), "a validation share lies in 0 ..< 1, not \(share)")
    // The small amount keeps 10 rows at a share of 0.3 at 7, although 10 · (1 - 0.3) is 6.999….
    let first = min(count, Int(Double(count) * (1 - share) + 1e-9))
    return ValidationSplit(training: Array(0..<first), validation: Array(first..<count))
  }

  /// Makes a share of the training rows test rows.
  package mutating func setTestApart(
    _ share: Double, _ manner: Manner, groups: [String], seed: UInt64
  ) {
    test = (test + setApart(share, manner, groups: groups, seed: seed)).sorted()
  }

  /// Makes a share of the training rows validation rows.
  package mutating func setValidationApart(
    _ share: Double, _ manner: Manner, groups: [String], seed: UInt64
  ) {
    validation = (validation + setApart(share, manner, groups: groups, seed: seed)).sorted()
  }

  /// Takes a share of the training rows out; `groups` holds the key of every row, training or not.
  private mutating func setApart(
    _ share: Double, _ manner: Manner, groups: [String], seed: UInt64
  ) -> [Int] {
    guard share > 0 else { return [] }
    let rows = training
    switch manner {
    case .last:
      let own = ValidationSplit.lastRows(of: rows.count, share: share)
      training = own.training.map { rows[$0] }
      return own.validation.map { rows[$0] }
    case .group:
      let chosen = ValidationSplit.drawn(share, of: rows, groups: groups, seed: seed)
      training = rows.filter { !chosen.contains(groups[$0]) }
      return rows.filter { chosen.contains(groups[$0]) }
    }
  }

  /// Groups whose rows make up a share of some rows, one at least, in an order that the seed draws; a group
  /// that would make it more is passed over.
  private static func drawn(
    _ share: Double, of rows: [Int], groups: [String], seed: UInt64
  ) -> Set<String> {
    var sizes: [String: Int] = [:]
    var order: [String] = []
    for row in rows {
      if sizes[groups[row]] == nil { order.append(groups[row]) }
      sizes[groups[row], default: 0] += 1
    }
    var generator = SeededGenerator(seed: seed)
    generator.shuffle(&order)
    let wanted = max(1, Int((share * Double(rows.count)).rounded()))
    var chosen: Set<String> = []
    var count = 0
    for group in order where count < wanted {
      let size = sizes[group, default: 0]
      guard count + size <= wanted || chosen.isEmpty && group == order.last else { continue }
      chosen.insert(group)
      count += size
    }
    return chosen
  }
}
