import ELMo

extension ModelManifest {
  /// What the facts of a training tell of a head, and no longer hold when another takes its place.
  private static let headFacts = [
    "accuracy", "calibration", "data", "epochs", "label_offsets", "majority_rate", "recipe",
    "refit",
    "rows", "rows_by_label", "rows_dropped", "rows_test", "rows_training", "rows_validation",
    "test", "threshold", "validation_accuracy", "validation_majority_rate",
  ]

  /// Takes heads, calibration and their facts away, so that the biLM is left.
  mutating func forgetHead() {
    labels = nil
    head = nil
    headWeight = nil
    coHead = nil
    temperature = nil
    threshold = nil
    labelOffsets = nil
    neutralBand = nil
    // The figures of what is trained are those of single precision.
    engine = nil
    for fact in ModelManifest.headFacts { training[fact] = nil }
  }
}
