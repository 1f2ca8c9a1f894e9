package import ELMo

extension ModelManifest {
  /// What the facts of a training tell of a head, and no longer hold when another takes its place.
  private static let headFacts = [
    "accuracy", "calibration", "calibration_data", "data", "epochs", "label_biases",
    "label_offsets", "majority_rate", "recipe",
    "refit",
    "rows", "rows_by_label", "rows_dropped", "rows_test", "rows_training", "rows_validation",
    "test", "threshold", "validation_accuracy", "validation_majority_rate",
  ]

  /// Takes factors, temperature and the numbers of decisions from a calibration.
  package mutating func calibrate(_ calibration: Calibration) {
    headWeight = calibration.networkWeight == 1 ? nil : Float(calibration.networkWeight)
    coHead?.weight = Float(calibration.coHeadWeight)
    temperature = calibration.temperature == 1 ? nil : Float(calibration.temperature)
    labelBiases = calibration.biases.map { $0.map { Float($0) } }
    labelOffsets = calibration.offsets.map { $0.map { Float($0) } }
    threshold = calibration.threshold
  }

  /// Takes heads, calibration and their facts away, so that the biLM is left.
  mutating func forgetHead() {
    labels = nil
    head = nil
    headWeight = nil
    coHead = nil
    temperature = nil
    labelBiases = nil
    threshold = nil
    labelOffsets = nil
    neutralBand = nil
    // The figures of what is trained are those of single precision.
    engine = nil
    for fact in ModelManifest.headFacts { training[fact] = nil }
  }
}
