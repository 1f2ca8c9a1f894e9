import Foundation
import Training

/// What a pre-training has come to so far; a checkpoint carries it, so that a resumed run tells the same.
struct PretrainJournal {
  /// The best measurement.
  struct Best: Equatable {
    var step: Int
    var perplexity: Double
  }

  private(set) var history = PretrainingHistory()
  private(set) var best: Best?
  private var seconds = 0.0  // of all steps
  private var since = (loss: 0.0, tokens: 0, seconds: 0.0, rate: 0.0)  // since the last record

  /// Begins, or goes on as the checkpoint tells.
  init(_ state: CheckpointState?) throws {
    guard let state else { return }
    do throws(CheckpointError) {
      let csv = try state.text("journal/history")
      guard let history = PretrainingHistory(csv: csv) else {
        throw .mismatch("journal/history", wanted: "history.csv", found: "something else")
      }
      self.history = history
      seconds = try number(state, "seconds")
      since.loss = try number(state, "since-loss")
      since.tokens = Int(try number(state, "since-tokens"))
      since.seconds = try number(state, "since-seconds")
      since.rate = try number(state, "since-rate")
      if state.texts["journal/best-step"] != nil {
        best = Best(
          step: Int(try number(state, "best-step")), perplexity: try number(state, "best"))
      }
    } catch {
      throw CommandFailure(checkpoint: error)
    }
  }

  /// Writes itself into a checkpoint; numbers to their last bit.
  func mark(_ state: inout CheckpointState) {
    state.texts["journal/history"] = history.csv
    state.texts["journal/seconds"] = "\(seconds)"
    state.texts["journal/since-loss"] = "\(since.loss)"
    state.texts["journal/since-tokens"] = "\(since.tokens)"
    state.texts["journal/since-seconds"] = "\(since.seconds)"
    state.texts["journal/since-rate"] = "\(since.rate)"
    if let best {
      state.texts["journal/best-step"] = "\(best.step)"
      state.texts["journal/best"] = "\(best.perplexity)"
    }
  }

  /// Adds a step.
  mutating func note(_ outcome: Pretrainer.StepOutcome, seconds spent: Double) {
    seconds += spent
    since.loss += outcome.loss * Double(outcome.tokens)
    since.tokens += outcome.tokens
    since.seconds += spent
    since.rate = Double(outcome.learningRate)
  }

  /// Ends a stretch of steps with a record, measured or not; true when it is the best so far.
  @discardableResult
  mutating func record(step: Int, tokens: Int, _ perplexity: Perplexity? = nil) -> Bool {
    history.records.append(
      PretrainingRecord(
        step: step, tokens: tokens, loss: since.loss / Double(max(1, since.tokens)),
        learningRate: since.rate,
        tokensPerSecond: since.seconds > 0 ? Double(since.tokens) / since.seconds : 0,
        perplexityForward: perplexity?.forward, perplexityBackward: perplexity?.backward,
        perplexity: perplexity?.average))
    since = (0, 0, 0, since.rate)
    guard let perplexity, perplexity.average < best?.perplexity ?? .infinity else { return false }
    best = Best(step: step, perplexity: perplexity.average)
    return true
  }

  /// What model.json tells of the run so far.
  func facts(perplexity: Perplexity?) -> [String: String] {
    var facts: [String: String] = ["seconds_of_steps": "\(Int(seconds.rounded()))"]
    if let last = history.records.last {
      facts["steps"] = "\(last.step)"
      facts["tokens_read"] = "\(last.tokens)"
    }
    if let perplexity {
      facts["perplexity"] = String(format: "%.3f", perplexity.average)
      facts["perplexity_forward"] = String(format: "%.3f", perplexity.forward)
      facts["perplexity_backward"] = String(format: "%.3f", perplexity.backward)
    }
    return facts
  }

  private func number(_ state: CheckpointState, _ name: String) throws(CheckpointError) -> Double {
    let text = try state.text("journal/\(name)")
    guard let number = Double(text) else {
      throw .mismatch("journal/\(name)", wanted: "a number", found: text)
    }
    return number
  }
}
