/// Why pre-training stopped, or cannot begin.
package enum PretrainingError: Error, Equatable, CustomStringConvertible {
  /// The loss or the gradient is no number; steps count from 1.
  case diverged(step: Int, learningRate: Float)
  /// A file beside a bundle is no vocabulary of its softmax.
  case vocabulary(file: String)

  /// Operation, subject and cause; the command adds the last good checkpoint.
  package var description: String {
    switch self {
    case .diverged(let step, let learningRate):
      "pre-train: the loss of step \(step) is NaN or infinite at a learning rate of "
        + "\(learningRate)"
    case .vocabulary(let file):
      "\(file): a vocabulary begins with <S>, </S> and <UNK>, a word a line, and has more words; "
        + "remove it and softmax.safetensors to go without"
    }
  }
}
