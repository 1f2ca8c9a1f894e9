import Training

/// The progress of a pre-training on standard error: one line drawn anew on a terminal, a line every half
/// minute elsewhere.
struct ConsolePretraining {
  private var words: PretrainingProgress
  private let isTerminal = StandardStream.error.isTerminal
  private let start = ContinuousClock.now
  private var isInLine = false

  init(_ pretrainer: Pretrainer) {
    words = PretrainingProgress(
      stepsTotal: pretrainer.stepsTotal, interval: isTerminal ? 1 : 30,
      step: pretrainer.stepsDone, tokens: pretrainer.tokensDone, start: 0)
  }

  mutating func report(_ pretrainer: Pretrainer, _ outcome: Pretrainer.StepOutcome, seconds: Double)
  {
    let step = PretrainingProgress.Step(
      step: pretrainer.stepsDone, tokens: pretrainer.tokensDone, loss: outcome.loss,
      learningRate: Double(outcome.learningRate))
    let now = (ContinuousClock.now - start).inSeconds
    guard let text = words.report(step, seconds: seconds, at: now) else { return }
    StandardStream.error.write(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
    isInLine = isTerminal
  }

  /// Leaves the line that is drawn anew, before something else is said.
  mutating func endLine() {
    if isInLine { StandardStream.error.write("\n") }
    isInLine = false
  }
}
