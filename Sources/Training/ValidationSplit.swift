/// Which rows train and which validate, by their place in the file.
package struct ValidationSplit: Sendable, Equatable {
  /// The rows that train, ascending.
  package var training: [Int]
  /// The rows that validate, ascending.
  package var validation: [Int]

  /// A split from its parts.
  package init(training: [Int], validation: [Int]) {
    self.training = training
    self.validation = validation
  }

  /// The article's: the first ⌊n · (1 - share)⌋ rows train, the last ones validate, before any
  /// shuffling.
  package static func lastRows(of count: Int, share: Double = 0.2) -> ValidationSplit {
    precondition((0..<1).contains(share), "a validation share lies in 0 ..< 1, not \(share)")
    // The small amount keeps 10 rows at a share of 0.3 at 7, although 10 · (1 - 0.3) is 6.999….
    let first = min(count, Int(Double(count) * (1 - share) + 1e-9))
    return ValidationSplit(training: Array(0..<first), validation: Array(first..<count))
  }
}
