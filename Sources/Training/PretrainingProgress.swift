import Foundation

/// The words for a running pre-training; a value that only makes text, the caller passes the time in.
package struct PretrainingProgress: Sendable {
  /// What a step came to, as the words need it.
  package struct Step: Sendable {
    /// Steps done.
    package var step: Int
    /// Tokens read since the run began.
    package var tokens: Int
    /// The step's loss.
    package var loss: Double
    /// The step's learning rate.
    package var learningRate: Double

    /// A step's figures.
    package init(step: Int, tokens: Int, loss: Double, learningRate: Double) {
      self.step = step
      self.tokens = tokens
      self.loss = loss
      self.learningRate = learningRate
    }
  }

  private let stepsTotal: Int
  private let interval: Double
  private var lastText: Double
  private var last: (step: Int, tokens: Int)
  private var working = 0.0  // seconds of all steps of this session
  private var since = (seconds: 0.0, losses: 0.0, steps: 0)  // since the last text
  private let first: Int

  /// Begins to report every `interval` seconds on a run of which `step` steps and `tokens` tokens are
  /// done.
  package init(stepsTotal: Int, interval: Double, step: Int, tokens: Int, start: Double) {
    self.stepsTotal = stepsTotal
    self.interval = interval
    lastText = start
    last = (step, tokens)
    first = step
  }

  /// Notes a step that took so long; what to print, nil when it is too early to say more.
  ///
  /// The rate is that of the steps alone: evaluations and checkpoints do not count. The loss is the mean
  /// since the last text.
  package mutating func report(_ step: Step, seconds: Double, at now: Double) -> String? {
    working += seconds
    since.seconds += seconds
    since.losses += step.loss
    since.steps += 1
    guard step.step == stepsTotal || now - lastText >= interval else { return nil }
    defer {
      lastText = now
      last = (step.step, step.tokens)
      since = (0, 0, 0)
    }
    let rate = since.seconds > 0 ? Double(step.tokens - last.tokens) / since.seconds : 0
    let left = working / Double(step.step - first) * Double(stepsTotal - step.step)
    let share = stepsTotal > 0 ? step.step * 100 / stepsTotal : 100
    return [
      "pretrain: step \(step.step)/\(stepsTotal) (\(share)%)",
      "\(PretrainingProgress.amount(step.tokens)) tokens",
      "\(Int(rate.rounded())) tokens/s",
      String(format: "loss %.4f", since.losses / Double(since.steps)),
      String(format: "rate %.2e", step.learningRate),
      step.step == stepsTotal
        ? "took \(ProgressReporter.duration(working))"
        : "\(ProgressReporter.duration(left)) left",
    ].joined(separator: ", ")
  }

  /// `812`, `51.2 k`, `31.5 M`.
  package static func amount(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count)"
    case ..<1_000_000: String(format: "%.1f k", Double(count) / 1e3)
    default: String(format: "%.1f M", Double(count) / 1e6)
    }
  }
}
