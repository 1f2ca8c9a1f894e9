/// How much rows of each label count in the loss.
package enum ClassWeights: String, Sendable, Equatable, Codable, CaseIterable {
  /// Every row alike.
  case none
  /// All labels alike: a row counts n / (labels · rows of its label), as in scikit-learn.
  case balanced

  /// The factor of each label, from the weight of its rows; 0 for one without rows.
  package func factors(support: [Double]) -> [Double] {
    precondition(
      support.allSatisfy { $0 >= 0 && $0.isFinite },
      "the weight of a label's rows is 0 or more, not one of \(support)")
    switch self {
    case .none: return support.map { _ in 1 }
    case .balanced:
      let present = support.count { $0 > 0 }
      let total = support.reduce(0, +)
      return support.map { $0 > 0 ? total / (Double(present) * $0) : 0 }
    }
  }
}
