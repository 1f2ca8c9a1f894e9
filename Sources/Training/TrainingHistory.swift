import Foundation

/// The epochs of one training, in order.
package struct TrainingHistory: Sendable, Equatable {
  /// One record an epoch.
  package var epochs: [EpochRecord]

  /// A history of these epochs.
  package init(epochs: [EpochRecord]) { self.epochs = epochs }

  /// The line above all epochs, `Train on 8583 samples, validate on 2146 samples`, and `test on …` where
  /// rows are set apart for that.
  package static func opening(_ split: ValidationSplit) -> String {
    "Train on \(split.training.count) samples, validate on \(split.validation.count) samples"
      + (split.test.isEmpty ? "" : ", test on \(split.test.count) samples")
  }

  /// `history.csv`: a header and one line an epoch; validation columns are empty without validation
  /// rows.
  package var csv: String {
    var text = "epoch,loss,accuracy,val_loss,val_accuracy\n"
    for epoch in epochs {
      let numbers = [
        epoch.loss, epoch.accuracy, epoch.validationLoss, epoch.validationAccuracy,
      ]
      let fields = numbers.map { $0.map { String(format: "%.6f", $0) } ?? "" }
      text += "\(epoch.number)," + fields.joined(separator: ",") + "\n"
    }
    return text
  }
}
