/// What makes the label of a text out of its probabilities.
///
/// In each case the label is the largest of the probabilities that are printed: what a decision changes, it changes in
/// the probabilities.
package enum Decision: String, Sendable, Equatable, CaseIterable {
  /// The largest calibrated probability.
  case largest
  /// The bundle's label offsets, which make macro-recall of three labels large: each probability is multiplied by
  /// e^offset, and the three are divided by their sum.
  case macroRecall = "macro_recall"
  /// The bundle's threshold for two labels: odds are divided by those of the threshold.
  case threshold
}
