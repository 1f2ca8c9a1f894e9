import ArgumentParser
import Foundation
import LinearAlgebra
import Training

extension ProductPrecision: ExpressibleByArgument {}
extension PretrainingSettings.Optimiser: ExpressibleByArgument {}
extension PretrainingSettings.WeightKind: ExpressibleByArgument {}

/// The numbers of a pre-training; what is not given has the defaults of ELMO.md 8.4.
struct PretrainOptions: ParsableArguments {
  private static let defaults = PretrainingSettings()

  @Option(help: "Passes over the text.") var passes = defaults.passes
  @Option(help: "The most a step's rows may cost: rows times one more than the longest's tokens.")
  var batchTokens = defaults.batchTokens
  @Option(help: "The most tokens of a sentence; the rest of it is dropped.")
  var maxTokens = defaults.maxTokens
  @Option(help: "The most types that the softmax tells apart.")
  var vocabulary = defaults.vocabularySize
  @Option(help: "How often a type must occur to be in the vocabulary.")
  var minimumCount = defaults.minimumCount
  @Option(help: "Distinct negatives of a direction and step; the vocabulary or more: all of it.")
  var negatives = defaults.negatives
  @Option(help: "adam or adagrad.") var optimiser = PretrainingSettings.Optimiser.adam
  @Option(help: "The largest learning rate; 0.001 with adam, 0.2 with adagrad.")
  var learningRate: Float?
  @Option(help: "The learning rate of the last step; 0.00001 with adam, 0.2 with adagrad.")
  var floor: Float?
  @Option(help: "Steps over which the learning rate grows; 1000, at most a tenth, without it.")
  var warmUp: Int?
  @Option(help: "The share of the steps after which the learning rate begins to fall.")
  var hold = defaults.hold
  @Option(help: "The largest norm of the gradients; 1 with adam, 10 with adagrad.")
  var gradientNorm: Float?
  @Option(help: "The share of the LSTM layers' inputs that a step drops.")
  var dropout = defaults.dropout
  @Option(help: "The seed of starts, order, negatives and dropout.") var seed = defaults.seed
  @Option(help: "Cores that work; all of the machine's without it.") var threads: Int?
  @Option(help: "Sentences kept out of training to measure on; 1 %, at most 5000, without it.")
  var heldOut: Int?
  @Flag(help: "Keep sentences that repeat earlier ones.") var keepRepeats = false
  @Option(help: "How products are rounded: fp32 or bf16.") var products = defaults.products
  @Option(help: "The most steps; all of the passes without it.") var maxSteps: Int?
  @Option(help: "The weights in the bundle: fp16 or fp32.") var weights = defaults.weights

  func validate() throws {
    for (flag, value, least) in [
      ("--passes", passes, 1), ("--batch-tokens", batchTokens, 1), ("--max-tokens", maxTokens, 1),
      ("--vocabulary", vocabulary, 4), ("--minimum-count", minimumCount, 1),
      ("--negatives", negatives, 2), ("--warm-up", warmUp ?? 0, 0),
      ("--threads", threads ?? 1, 1), ("--held-out", heldOut ?? 0, 0),
      ("--max-steps", maxSteps ?? 1, 1),
    ] where value < least {
      throw ValidationError("\(flag) takes \(least) or more, not \(value)")
    }
    guard maxTokens <= 4096 else {
      throw ValidationError("--max-tokens takes 4096 at most, not \(maxTokens)")
    }
    guard (0...1).contains(hold) else {
      throw ValidationError("--hold takes a share from 0 to 1, not \(hold)")
    }
    guard (0..<1).contains(dropout) else {
      throw ValidationError("--dropout takes a share of 0 up to, not including, 1, not \(dropout)")
    }
    let settings = settings
    guard settings.learningRate > 0, settings.learningRate.isFinite, settings.floor >= 0,
      settings.floor <= settings.learningRate
    else {
      throw ValidationError(
        "--learning-rate takes more than 0 and --floor a rate up to it, not "
          + "\(settings.learningRate) and \(settings.floor)")
    }
    guard settings.gradientNorm > 0 else {
      throw ValidationError("--gradient-norm takes more than 0, not \(settings.gradientNorm)")
    }
  }

  var settings: PretrainingSettings {
    var settings = PretrainingSettings(optimiser: optimiser)
    settings.passes = passes
    settings.batchTokens = batchTokens
    settings.maxTokens = maxTokens
    settings.vocabularySize = vocabulary
    settings.minimumCount = minimumCount
    settings.negatives = negatives
    if let learningRate {
      settings.learningRate = learningRate
      settings.floor = min(settings.floor, learningRate)
    }
    if let floor { settings.floor = floor }
    settings.warmUpSteps = warmUp
    settings.hold = hold
    if let gradientNorm { settings.gradientNorm = gradientNorm }
    settings.dropout = dropout
    settings.seed = seed
    settings.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    settings.heldOut = heldOut
    settings.dropsRepeats = !keepRepeats
    settings.products = products
    settings.maxSteps = maxSteps
    settings.weights = weights
    return settings
  }
}
