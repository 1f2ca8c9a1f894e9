package import LinearAlgebra

/// How a biLM is pre-trained; the defaults are those of the compact model for tweets (ELMO.md 8.4).
package struct PretrainingSettings: Sendable, Equatable {
  /// How gradients become steps.
  package enum Optimiser: String, CaseIterable, Sendable {
    /// The compact models' (ELMO.md 8.4).
    case adam
    /// The first published models' (ELMO.md 8.2).
    case adagrad
  }

  /// How the weights stand in the written bundle.
  package enum WeightKind: String, CaseIterable, Sendable {
    case fp16, fp32
  }

  /// Passes over the training sentences.
  package var passes = 3
  /// The most a step's rows may cost: rows times one more than the longest row's tokens.
  package var batchTokens = 6144
  /// The most tokens of a sentence; the rest of it is dropped.
  package var maxTokens = 100
  /// V, the most ids the softmax tells apart, the three special ones among them.
  package var vocabularySize = 40_000
  /// A type must occur as often in the training sentences to be in the vocabulary.
  package var minimumCount = 1
  /// S, the distinct negatives of a direction and step; V or more means the full softmax.
  package var negatives = 2048
  /// How gradients become steps.
  package var optimiser: Optimiser
  /// The largest learning rate.
  package var learningRate: Float
  /// The learning rate of the last step.
  package var floor: Float
  /// Steps over which the learning rate grows; nil for 1000, but at most a tenth of the run.
  package var warmUpSteps: Int?
  /// The share of the steps after which the learning rate begins to fall.
  package var hold = 0.0
  /// What Adam keeps of its mean of gradients at each step.
  package var firstMoment: Float = 0.9
  /// What Adam keeps of its mean of squared gradients at each step.
  package var secondMoment: Float = 0.99
  /// What Adam adds to the root.
  package var epsilon: Float = 1e-8
  /// What Adagrad's sums of squares start at.
  package var firstAccumulator: Float = 1
  /// The largest norm of all gradients together; they are scaled down to it.
  package var gradientNorm: Float
  /// The share of an LSTM layer's inputs, and of the top outputs, that a step drops.
  package var dropout: Float = 0.1
  /// Fixes starts, order, negatives and dropout.
  package var seed: UInt64 = 1
  /// Cores that work on a step, of which two at most have work; the bits of a run do not depend on it.
  package var threads = 2
  /// How products are rounded.
  package var products = ProductPrecision.fp32
  /// Sentences that are kept out of training; nil for 1 %, at most 5,000.
  package var heldOut: Int?
  /// Whether a sentence that repeats an earlier one is dropped.
  package var dropsRepeats = true
  /// The most steps; nil for all of the passes. The learning rate falls by the end of the shorter.
  package var maxSteps: Int?
  /// How the weights stand in the written bundle.
  package var weights = WeightKind.fp16

  /// The defaults that go with an optimiser: Adam's of ELMO.md 8.4, or Adagrad's of 8.2.
  package init(optimiser: Optimiser = .adam) {
    self.optimiser = optimiser
    switch optimiser {
    case .adam: (learningRate, floor, gradientNorm) = (1e-3, 1e-5, 1)
    case .adagrad: (learningRate, floor, gradientNorm) = (0.2, 0.2, 10)
    }
  }

  /// What the loss is multiplied by before the gradient: the published recipe's unroll steps of 20.
  package var lossFactor: Double { optimiser == .adagrad ? 20 : 1 }

  /// The learning rate of each step of a run.
  package func schedule(totalSteps: Int) -> LearningRateSchedule {
    LearningRateSchedule(
      peak: learningRate, floor: floor,
      warmUpSteps: warmUpSteps ?? min(1000, totalSteps / 10), totalSteps: totalSteps, hold: hold)
  }

  /// Every setting that the numbers of a run depend on, by its flag's name.
  package var facts: [String: String] {
    [
      "passes": "\(passes)", "batch-tokens": "\(batchTokens)", "max-tokens": "\(maxTokens)",
      "vocabulary": "\(vocabularySize)", "minimum-count": "\(minimumCount)",
      "negatives": "\(negatives)", "optimiser": optimiser.rawValue,
      "learning-rate": "\(learningRate)", "floor": "\(floor)",
      "warm-up": warmUpSteps.map(String.init) ?? "default", "hold": "\(hold)",
      "first-moment": "\(firstMoment)", "second-moment": "\(secondMoment)",
      "epsilon": "\(epsilon)", "first-accumulator": "\(firstAccumulator)",
      "gradient-norm": "\(gradientNorm)", "dropout": "\(dropout)", "seed": "\(seed)",
      "products": products.rawValue,
      "held-out": heldOut.map(String.init) ?? "default", "keep-repeats": "\(!dropsRepeats)",
      "max-steps": maxSteps.map(String.init) ?? "none", "weights": weights.rawValue,
    ]
  }
}
