package import Tweets

/// Why a head cannot be trained.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// No row of the training part has this label.
  case labelWithoutRows(Label, rows: Int)
  /// The pooled layers of a row hold NaN or infinity.
  case notFinite(row: Int)
  /// The weights left the range of numbers.
  case diverged(epoch: Int, learningRate: Float)
  /// The loss of a linear head became NaN or infinite.
  case linearDiverged(step: Int)

  /// Operation, subject, cause and remedy.
  package var description: String {
    switch self {
    case .labelWithoutRows(let label, let rows):
      "train head: none of the \(rows) training rows is \(label.rawValue); "
        + "give rows of every label, or a smaller validation share"
    case .notFinite(let row):
      "train head: the embedding of row \(row) holds NaN or infinity; "
        + "check the base model with `elmond model verify`"
    case .diverged(let epoch, let learningRate):
      "train head: the weights became NaN or infinite in epoch \(epoch) "
        + "at a learning rate of \(learningRate); use a smaller learning rate"
    case .linearDiverged(let step):
      "train co-head: the loss became NaN or infinite in step \(step); "
        + "check the rows' features and weights for numbers out of range, or use a larger l2"
    }
  }
}
