/// The figure of the validation rows that tells the better of two epochs.
package enum StoppingMetric: String, Sendable, Equatable, Codable, CaseIterable {
  /// The share of rows that are right.
  case accuracy
  /// The mean recall of the labels.
  case macroRecall = "macro_recall"
  /// The mean F1 of the labels.
  case macroF1 = "macro_f1"
  /// The mean negative logarithm of the truth's probability.
  case nll

  /// True when more of it is better.
  package var isBetterHigher: Bool { self != .nll }
}
