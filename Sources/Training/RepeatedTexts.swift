import Foundation

/// How many rows of a part repeat a text of another part, by ELMO.md 10.1: what a measurement on them
/// may owe to memory.
package struct RepeatedTexts: Sendable, Equatable {
  /// The rows of the part.
  package let rows: Int
  /// Those among them whose text stands in the other.
  package let repeated: Int

  /// Looks for the texts of some rows among those of others; `groups` holds the key of every row.
  package init(of rows: [Int], in others: [Int], groups: [String]) {
    let known = Set(others.map { groups[$0] })
    self.rows = rows.count
    repeated = rows.count { known.contains(groups[$0]) }
  }

  /// The share of the rows; 0 without rows.
  package var share: Double { rows == 0 ? 0 : Double(repeated) / Double(rows) }

  /// `1191 of 2146 rows (55.5 %)`.
  package var text: String {
    "\(repeated) of \(rows) rows (\(String(format: "%.1f", 100 * share)) %)"
  }
}
