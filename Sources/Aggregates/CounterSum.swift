/// A counter and the counters that it is the sum of, such as `decoded 338 = tweets 330 + corrected 2 + duplicates 6`.
package struct CounterSum: Sendable, Equatable {
  /// One part of the sum.
  package struct Term: Sendable, Equatable {
    /// The counter's name.
    package var name: String
    /// The counter's value; it is taken away when `isSubtracted`.
    package var value: Int64
    /// True for what is taken away.
    package var isSubtracted: Bool
  }

  /// The name of what the sum explains.
  package var name: String
  /// Its value, which is known apart from the sum.
  package var value: Int64
  /// The parts; those that are 0 are left out, except for the first.
  package var terms: [Term]

  /// What the parts amount to.
  package var total: Int64 {
    terms.reduce(0) { $1.isSubtracted ? $0 - $1.value : $0 + $1.value }
  }

  /// True when the parts amount to the value.
  package var holds: Bool { value == total }

  /// The sum in words; `number` writes a value. A sum that does not hold is marked by `≠`.
  package func text(_ number: (Int64) -> String = { String($0) }) -> String {
    parts(number).joined(separator: " ")
  }

  /// The same as the pieces that a line may end behind.
  package func parts(_ number: (Int64) -> String) -> [String] {
    let difference = holds ? "" : "≠ \(number(total)) "
    return ["\(name) \(number(value)) \(difference)="]
      + terms.enumerated().map { index, term in
        let sign = term.isSubtracted ? "− " : index > 0 ? "+ " : ""
        return "\(sign)\(term.name) \(number(term.value))"
      }
  }
}
