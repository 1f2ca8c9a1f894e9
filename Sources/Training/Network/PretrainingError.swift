/// Why pre-training stopped.
package enum PretrainingError: Error, Equatable, CustomStringConvertible {
  /// The loss or the gradient is no number; steps count from 1.
  case diverged(step: Int, learningRate: Float)

  /// Operation, subject and cause; the command adds the last good checkpoint.
  package var description: String {
    switch self {
    case .diverged(let step, let learningRate):
      "pre-train: the loss of step \(step) is NaN or infinite at a learning rate of "
        + "\(learningRate)"
    }
  }
}
