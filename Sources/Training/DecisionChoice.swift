import Foundation

/// How a model's logits decide between its labels, chosen on rows that it is not measured on: a threshold
/// for two labels, offsets for three.
package struct DecisionChoice: Sendable {
  /// The score from which two labels are answered `positive`; nil for three labels.
  package let threshold: Float?
  /// What is added to each label's log-probability before the largest decides; nil for nothing.
  package let offsets: [Double]?
  /// What was won by it on those rows, in words for the model card; nil where nothing was chosen.
  package let fact: (key: String, words: String)?

  /// Chooses for the figure that a metric means; offsets for macro-averaged recall alone.
  package init(_ logits: LabelLogits, metric: StoppingMetric, origin: String) {
    if logits.labels > 2 {
      threshold = nil
      guard metric == .macroRecall else {
        offsets = nil
        fact = nil
        return
      }
      let choice = LabelOffsets(logits, origin: origin)
      offsets = choice.offsets
      fact = (
        "label_offsets",
        "macro-recall \(Self.text(choice.macroRecallBefore)) to \(Self.text(choice.macroRecall)), on "
          + choice.origin
      )
    } else {
      let aim: ThresholdChoice.Aim =
        switch metric {
        case .accuracy, .nll: .accuracy
        case .macroRecall: .balancedAccuracy
        case .macroF1: .macroF1
        }
      let choice = ThresholdChoice(
        scores: logits.probabilities.map { $0[1] }, truths: logits.truths.map { $0 == 1 },
        aim: aim, origin: origin)
      threshold = choice.threshold
      offsets = nil
      fact = (
        "threshold",
        "\(choice.aim.rawValue) \(Self.text(choice.valueAtHalf)) to \(Self.text(choice.value)), on "
          + choice.origin
      )
    }
  }

  private static func text(_ value: Double) -> String { String(format: "%.4f", value) }
}
