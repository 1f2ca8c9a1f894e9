package import ELMo
import Foundation

/// Pre-trains a biLM on a corpus, step by step.
///
/// A step is a function of the settings, the corpus and the state before it: its negatives and its
/// dropout come from the seed and the step's number. So a run that was stopped goes on to the same bits.
package final class Pretrainer {
  /// The run's settings.
  package let settings: PretrainingSettings
  /// The network.
  package let options: ELMoOptions
  /// The words that are told apart.
  package let vocabulary: Vocabulary
  /// Steps that are done.
  package private(set) var stepsDone = 0
  /// Steps of the whole run.
  package let stepsTotal: Int
  /// Tokens that were read, boundaries not counted.
  package private(set) var tokensDone = 0
  /// Steps at the beginning in which the network stands still, because it comes from a bundle without a
  /// softmax: a random one would teach it nonsense. A tenth of the run.
  package let stepsOfSoftmaxAlone: Int

  private let corpus: Corpus
  private let schedule: LearningRateSchedule
  private let sampler: LogUniformSampler
  private var batches: BatchSchedule
  private let network: BiLMNetwork<Float>
  private let gradient: Block<Float>
  private var parameters: [Float]
  private var softmax: SoftmaxWeights<Float>
  private var optimiser: Optimiser<Float>
  private var weightOptimiser: Optimiser<Float>
  private var biasOptimiser: Optimiser<Float>

  /// A run from random starts, or from the weights of a bundle with what it holds of a softmax for
  /// this vocabulary.
  package init(
    options: ELMoOptions, corpus: Corpus, settings: PretrainingSettings, start: ModelBundle? = nil
  ) throws {
    self.settings = settings
    self.options = options
    self.corpus = corpus
    vocabulary = Vocabulary(
      of: corpus.types, atMost: settings.vocabularySize, minimumCount: settings.minimumCount)
    batches = BatchSchedule(corpus.sentences, settings: settings)
    stepsTotal = batches.stepsTotal
    schedule = settings.schedule(totalSteps: stepsTotal)
    sampler = LogUniformSampler(vocabularySize: vocabulary.size)
    network = BiLMNetwork(options, threads: settings.threads, products: settings.products)
    gradient = Block(count: network.layout.count)
    if let start {
      parameters = try network.layout.values(of: start)
    } else {
      parameters = network.layout.startingValues(seed: settings.seed)
    }
    softmax = Self.startingSoftmax(
      size: vocabulary.size, d: options.projectionSize, seed: settings.seed)
    let file = try start.flatMap { try SoftmaxFile(bundle: $0) }
    try file?.fill(&softmax, types: corpus.types)
    stepsOfSoftmaxAlone = start != nil && file == nil ? (stepsTotal + 9) / 10 : 0
    optimiser = Optimiser(settings, count: network.layout.count)
    weightOptimiser = Optimiser(settings, count: softmax.weights.count)
    biasOptimiser = Optimiser(settings, count: softmax.bias.count)
  }

  // N(0, 1/√D) by its variance, as ModelBundle.random draws it.
  private static func startingSoftmax(size: Int, d: Int, seed: UInt64) -> SoftmaxWeights<Float> {
    var generator = SeededGenerator(seed: seed ^ 0x736F_6674_6D61_7800)
    let limit = (3 / Double(d)).squareRoot()
    let weights = (0..<size * d).map { _ in Float((2 * generator.uniform() - 1) * limit) }
    return SoftmaxWeights(
      size: size, d: d, weights: weights, bias: [Float](repeating: 0, count: size))
  }

  /// What a step tells.
  package struct StepOutcome: Sendable, Equatable {
    /// The sampled loss, the mean of both directions, in nats a position; not a perplexity.
    package let loss: Double
    /// Tokens that the step read.
    package let tokens: Int
    /// Its learning rate.
    package let learningRate: Float
    /// The norm of the gradient before it was cut.
    package let gradientNorm: Double
    /// Floating-point operations of its matrix products, a multiply-add counted as two.
    package let operations: Double
  }

  /// Runs the next step; refuses a loss that is no number and leaves the state as it was.
  package func step() throws(PretrainingError) -> StepOutcome {
    precondition(stepsDone < stepsTotal, "step \(stepsDone) of \(stepsTotal)")
    let number = stepsDone
    let batch = SentenceBatch(rows: batches.rows(ofStep: number))
    let tokens = batch.distinct.map { corpus.types[$0] }
    let samples = (0..<2).map { direction in
      var generator = SeededGenerator(
        seed: settings.seed, step: number, purpose: 62 + direction)
      return SoftmaxSample(settings.negatives, of: sampler, using: &generator)
    }
    let dropout =
      settings.dropout > 0
      ? StepDropout(probability: settings.dropout, seed: settings.seed, step: number) : nil
    let losses = network.foretell(
      batch, tokens: tokens, parameters: parameters, softmax: softmax, samples: samples,
      weight: settings.lossFactor, dropout: dropout, gradient: gradient)
    let rows = network.softmaxGradients(samples: samples)
    let words = rows.ids.count
    let norm =
      (Float.sumOfSquares(gradient.span(0..<parameters.count))
      + Float.sumOfSquares(rows.gradient.span(0..<words * rows.d))
      + Float.sumOfSquares(rows.bias.span(0..<words))).squareRoot()
    let loss = (losses[0] + losses[1]) / 2
    guard loss.isFinite, norm.isFinite else {
      throw .diverged(step: number + 1, learningRate: schedule.rate(atStep: number))
    }
    let limit = Double(settings.gradientNorm)
    let scale = Float(norm > limit ? limit / norm : 1)
    let rate = schedule.rate(atStep: number)
    if number >= stepsOfSoftmaxAlone {
      optimiser.step(
        &parameters, range: 0..<parameters.count, gradient: gradient.span(0..<parameters.count),
        scale: scale, rate: Double(rate), number: number + 1 - stepsOfSoftmaxAlone)
    }
    weightOptimiser.step(
      &softmax.weights, rows: rows.ids, width: rows.d, gradient: rows.gradient.span, scale: scale,
      rate: Double(rate), number: number + 1)
    biasOptimiser.step(
      &softmax.bias, rows: rows.ids, width: 1, gradient: rows.bias.span, scale: scale,
      rate: Double(rate), number: number + 1)
    stepsDone += 1
    tokensDone += batch.tokens
    return StepOutcome(
      loss: loss, tokens: batch.tokens, learningRate: rate, gradientNorm: norm,
      operations: StepOperations.count(
        options, batch, tokens: tokens, candidates: samples[0].ids.count))
  }

  /// The perplexity of sentences over the whole vocabulary; at most the first `limit` of them.
  package func perplexity(of sentences: SentenceList, limit: Int? = nil) -> Perplexity {
    let count = min(limit ?? sentences.count, sentences.count)
    let order = (0..<Int32(count)).sorted {
      let (a, b) = (sentences.length(of: Int($0)), sentences.length(of: Int($1)))
      return a != b ? a > b : $0 < $1
    }
    var sums = [0.0, 0.0]
    var positions = 0
    var first = 0
    while first < count {
      let length = sentences.length(of: Int(order[first])) + 1
      let end = min(count, first + max(1, settings.batchTokens / length))
      let batch = SentenceBatch(rows: sentences.rows(order[first..<end]))
      let losses = network.losses(
        batch, tokens: batch.distinct.map { corpus.types[$0] }, parameters: parameters,
        softmax: softmax)
      for direction in 0..<2 { sums[direction] += losses[direction] }
      positions += batch.positions
      first = end
    }
    return Perplexity(
      forward: sums[0] / Double(max(1, positions)), backward: sums[1] / Double(max(1, positions)))
  }

  /// The perplexity of the sentences that the corpus holds out.
  package func heldOutPerplexity(limit: Int? = nil) -> Perplexity {
    perplexity(of: corpus.heldOut, limit: limit)
  }

  /// Everything that the next step depends on, beside corpus and settings.
  package func state() -> CheckpointState {
    var state = CheckpointState()
    state.arrays["parameters"] = .floats(parameters)
    state.arrays["softmax/W"] = .floats(softmax.weights)
    state.arrays["softmax/b"] = .floats(softmax.bias)
    for (name, part) in [
      ("parameters", optimiser), ("softmax/W", weightOptimiser), ("softmax/b", biasOptimiser),
    ] {
      state.arrays["\(name).means"] = .floats(part.means)
      state.arrays["\(name).squares"] = .floats(part.squares)
    }
    state.arrays["progress"] = .integers([Int64(stepsDone), Int64(tokensDone)])
    return state
  }

  /// Goes on from a state; refuses one of another size or of a step that the run has not, and stays as
  /// it was.
  package func restore(_ state: CheckpointState) throws(CheckpointError) {
    var state = state
    let progress = try state.takeIntegers("progress", count: 2)
    guard (0...Int64(stepsTotal)).contains(progress[0]), progress[1] >= 0 else {
      throw .mismatch(
        "progress", wanted: "0 to \(stepsTotal) steps",
        found: "\(progress[0]) steps of \(progress[1]) tokens")
    }
    let numbers = try state.takeFloats("parameters", count: parameters.count)
    let weights = try state.takeFloats("softmax/W", count: softmax.weights.count)
    let bias = try state.takeFloats("softmax/b", count: softmax.bias.count)
    let parts = [
      ("parameters", optimiser), ("softmax/W", weightOptimiser), ("softmax/b", biasOptimiser),
    ]
    var kept: [(means: [Float], squares: [Float])] = []
    for (name, part) in parts {
      let means = try state.takeFloats("\(name).means", count: part.means.count)
      kept.append((means, try state.takeFloats("\(name).squares", count: part.squares.count)))
    }
    parameters = numbers
    softmax.weights = weights
    softmax.bias = bias
    for ((_, part), own) in zip(parts, kept) {
      part.restore(means: own.means, squares: own.squares)
    }
    stepsDone = Int(progress[0])
    tokensDone = Int(progress[1])
  }

  /// Writes the biLM as a bundle, and the words with their softmax beside it.
  package func writeBundle(to directory: String, manifest: ModelManifest) throws {
    let storage = settings.weights == .fp16 ? WeightStorage.float16 : .float32
    try ModelBundle.write(
      manifest, tensors: network.layout.tensors(parameters), to: directory, storage: storage)
    try SoftmaxFile.write(
      softmax, words: vocabulary.text(of: corpus.types), to: directory, storage: storage)
  }
}

/// How well a biLM foretells, in nats a position of each direction.
package struct Perplexity: Sendable, Equatable {
  /// The mean loss of foretelling the next token.
  package let forwardLoss: Double
  /// The mean loss of foretelling the token before.
  package let backwardLoss: Double

  /// From the mean losses in nats.
  package init(forward: Double, backward: Double) {
    forwardLoss = forward
    backwardLoss = backward
  }

  /// exp of the forward loss.
  package var forward: Double { exp(forwardLoss) }
  /// exp of the backward loss.
  package var backward: Double { exp(backwardLoss) }
  /// The mean of both perplexities, as the published figure is.
  package var average: Double { (forward + backward) / 2 }
}
