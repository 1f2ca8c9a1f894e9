import Foundation

/// Whether two systems differ on the same rows: ELMO.md 10.3.
package struct McNemar: Sendable, Equatable {
  /// Rows that only the first system has right.
  package let onlyFirst: Int
  /// Rows that only the second system has right.
  package let onlySecond: Int
  /// (|b - c| - 1)² / (b + c); 0 when the systems never differ.
  package let statistic: Double
  /// The probability of a difference at least this large between equal systems: exact binomial,
  /// two-sided, when b + c < 25, otherwise chi-squared with one degree of freedom.
  package let pValue: Double

  /// The test on counts of rows.
  package init(onlyFirst b: Int, onlySecond c: Int) {
    precondition(b >= 0 && c >= 0, "counts of rows are not negative: \(b), \(c)")
    onlyFirst = b
    onlySecond = c
    let n = b + c
    let excess = max(0, Double(abs(b - c)) - 1)
    statistic = n == 0 ? 0 : excess * excess / Double(n)
    if n < 25 {
      var term = Double(sign: .plus, exponent: -n, significand: 1)
      var tail = 0.0
      for k in 0...min(b, c) {
        tail += term
        term *= Double(n - k) / Double(k + 1)
      }
      pValue = min(1, 2 * tail)
    } else {
      pValue = erfc((statistic / 2).squareRoot())
    }
  }

  /// The test on two systems' outcomes, row by row.
  package init(first: [Bool], second: [Bool]) {
    precondition(
      first.count == second.count, "outcomes on \(first.count) and \(second.count) rows")
    let pairs = zip(first, second)
    self.init(
      onlyFirst: pairs.count { $0 && !$1 }, onlySecond: pairs.count { !$0 && $1 })
  }
}
