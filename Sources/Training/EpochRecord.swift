import Foundation

/// What one pass over the training rows came to.
package struct EpochRecord: Sendable, Equatable {
  /// The number of the epoch, from 1.
  package var number: Int
  /// How many epochs the recipe has.
  package var total: Int
  /// Training rows.
  package var rows: Int
  /// Mean training loss over the epoch's steps, penalty included, as Keras reports it.
  package var loss: Double
  /// Training accuracy over the epoch's steps.
  package var accuracy: Double
  /// Validation loss after the epoch, penalty included; nil without validation rows.
  package var validationLoss: Double?
  /// Validation accuracy after the epoch; nil without validation rows.
  package var validationAccuracy: Double?

  /// A record from its figures.
  package init(
    number: Int, total: Int, rows: Int, loss: Double, accuracy: Double, validationLoss: Double?,
    validationAccuracy: Double?
  ) {
    self.number = number
    self.total = total
    self.rows = rows
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
  }

  /// The line above an epoch, `Epoch 1/5`.
  package var heading: String { "Epoch \(number)/\(total)" }

  /// The line below an epoch, in the manner of Keras, with the time that the caller measured.
  package func line(seconds: Double) -> String {
    let bar = String(repeating: "=", count: 30)
    var parts = [
      "\(rows)/\(rows) [\(bar)]", "\(Int(seconds.rounded()))s",
      String(format: "loss: %.4f", loss), String(format: "acc: %.4f", accuracy),
    ]
    if let validationLoss, let validationAccuracy {
      parts.append(String(format: "val_loss: %.4f", validationLoss))
      parts.append(String(format: "val_acc: %.4f", validationAccuracy))
    }
    return parts.joined(separator: " - ")
  }
}
