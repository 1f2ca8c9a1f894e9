/// The parts of a classifier whose logits decide.
package enum ClassifierParts: String, Sendable, CaseIterable {
  /// Heads and co-head as the bundle weighs them, calibrated.
  case all
  /// The heads on the network alone.
  case network
  /// The linear head on n-grams alone.
  case coHead = "co-head"
}
