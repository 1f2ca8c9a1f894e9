import ELMo
import Foundation
import Training

/// Two training steps of a miniature network, as Fixtures/make_step.py computed them.
struct StepFixture: Decodable {
  /// The negatives of a direction.
  struct Sample: Decodable {
    let ids: [Int32]
    let tries: Int
    /// ln of each word's expected count.
    let corrections: [Double]
  }

  /// An optimiser's numbers.
  struct Rates: Decodable {
    let rate: Double
    let beta1: Float?
    let beta2: Float?
    let epsilon: Float?
    let first_accumulator: Float?
    let gradient_norm: Float
  }

  /// What two steps came to.
  struct Steps: Decodable {
    /// The norms of the gradients before they were cut.
    let norms: [Double]
    /// How far each number moved.
    let moved: [String: [Double]]
  }

  /// The losses of both directions and what follows from them.
  struct Outcome: Decodable {
    let losses: [Double]
    let gradient: [String: [Double]]?
    let adam: Steps
    let adagrad: Steps

    func steps(_ optimiser: PretrainingSettings.Optimiser) -> Steps {
      optimiser == .adam ? adam : adagrad
    }
  }

  static let names = ["relu", "tanh"]

  let options: ELMoOptions
  let words: [String]
  let vocabulary: Int
  let rows: [[Int32]]
  let samples: [Sample]
  let parameters: [String: [Double]]
  let adam: Rates
  let adagrad: Rates
  let sampled: Outcome
  let full: Outcome

  init(_ name: String) throws {
    self = try JSONDecoder().decode(StepFixture.self, from: Fixture.data("step_\(name).json"))
  }

  /// Settings whose every step has the fixture's rate.
  func settings(_ optimiser: PretrainingSettings.Optimiser) -> PretrainingSettings {
    let rates = optimiser == .adam ? adam : adagrad
    var settings = PretrainingSettings(optimiser: optimiser)
    settings.learningRate = Float(rates.rate)
    settings.floor = Float(rates.rate)
    settings.warmUpSteps = 0
    settings.firstMoment = rates.beta1 ?? settings.firstMoment
    settings.secondMoment = rates.beta2 ?? settings.secondMoment
    settings.epsilon = rates.epsilon ?? settings.epsilon
    settings.firstAccumulator = rates.first_accumulator ?? settings.firstAccumulator
    settings.gradientNorm = rates.gradient_norm
    settings.vocabularySize = vocabulary
    settings.negatives = vocabulary
    settings.dropout = 0
    settings.passes = 2
    return settings
  }

  /// The words by id; each counts as if it had occurred once.
  var types: TypeTable {
    var types = TypeTable()
    for word in words.dropFirst(3) { types.append(ArraySlice(Array(word.utf8)), occurrences: 1) }
    return types
  }
}

/// The step of a fixture in one kind of number.
struct MiniatureStep<R: Real> {
  let layout: ParameterLayout
  let batch: SentenceBatch
  let tokens: [ELMoToken]
  let samples: [SoftmaxSample]
  let network: BiLMNetwork<R>
  let gradient = Block<R>()
  var parameters: [R]
  var softmax: SoftmaxWeights<R>

  init(_ fixture: StepFixture) {
    layout = ParameterLayout(fixture.options)
    batch = SentenceBatch(rows: fixture.rows)
    let types = fixture.types
    tokens = batch.distinct.map { types[$0] }
    let sampler = LogUniformSampler(vocabularySize: fixture.vocabulary)
    samples = fixture.samples.map { SoftmaxSample($0.ids, of: sampler, tries: $0.tries) }
    network = BiLMNetwork(fixture.options)
    parameters = Self.flat(fixture.parameters, layout).map { R($0) }
    softmax = SoftmaxWeights(
      size: fixture.vocabulary, d: fixture.options.projectionSize,
      weights: fixture.parameters["softmax/W", default: []].map { R($0) },
      bias: fixture.parameters["softmax/b", default: []].map { R($0) })
  }

  /// The network's numbers in the order of the layout.
  static func flat(_ numbers: [String: [Double]], _ layout: ParameterLayout) -> [Double] {
    layout.entries.flatMap { numbers[$0.name, default: []] }
  }

  /// The numbers of the layout's arrays and of the softmax, by name.
  func named(_ parameters: [R], weights: [R], bias: [R]) -> [String: [Double]] {
    var numbers = ["softmax/W": weights.map { Double($0) }, "softmax/b": bias.map { Double($0) }]
    for entry in layout.entries { numbers[entry.name] = parameters[entry.range].map { Double($0) } }
    return numbers
  }

  /// Losses and gradient against the fixture's sample; the gradient by name, words without one 0.
  func evaluate() -> (losses: [Double], gradient: [String: [Double]]) {
    let losses = network.foretell(
      batch, tokens: tokens, parameters: parameters, softmax: softmax, samples: samples,
      dropout: nil, gradient: gradient)
    let rows = network.softmaxGradients(samples: samples)
    let d = softmax.d
    var weights = [R](repeating: 0, count: softmax.weights.count)
    var bias = [R](repeating: 0, count: softmax.bias.count)
    let found = (rows.gradient.array(rows.ids.count * d), rows.bias.array(rows.ids.count))
    for (place, id) in rows.ids.enumerated() {
      weights.replaceSubrange(
        Int(id) * d..<(Int(id) + 1) * d, with: found.0[place * d..<(place + 1) * d])
      bias[Int(id)] = found.1[place]
    }
    return (
      losses, named(gradient.array(layout.count), weights: weights, bias: bias)
    )
  }

  /// Two steps of an optimiser against the fixture's sample.
  mutating func train(
    _ settings: PretrainingSettings
  ) -> (norms: [Double], moved: [String: [Double]]) {
    let before = named(parameters, weights: softmax.weights, bias: softmax.bias)
    let optimisers = [layout.count, softmax.weights.count, softmax.bias.count].map {
      Optimiser<R>(settings, count: $0)
    }
    var norms: [Double] = []
    for number in 1...2 {
      _ = network.foretell(
        batch, tokens: tokens, parameters: parameters, softmax: softmax, samples: samples,
        weight: settings.lossFactor, dropout: nil, gradient: gradient)
      let rows = network.softmaxGradients(samples: samples)
      let words = rows.ids.count
      let own = gradient.array(layout.count)
      let (ofWeights, ofBias) = (rows.gradient.array(words * rows.d), rows.bias.array(words))
      let norm = [own, ofWeights, ofBias].reduce(0) { $0 + R.sumOfSquares($1.span) }.squareRoot()
      norms.append(norm)
      let scale = R(min(1, Double(settings.gradientNorm) / norm))
      let rate = Double(settings.learningRate)
      optimisers[0].step(
        &parameters, range: 0..<layout.count, gradient: own.span, scale: scale, rate: rate,
        number: number)
      optimisers[1].step(
        &softmax.weights, rows: rows.ids, width: rows.d, gradient: ofWeights.span, scale: scale,
        rate: rate, number: number)
      optimisers[2].step(
        &softmax.bias, rows: rows.ids, width: 1, gradient: ofBias.span, scale: scale, rate: rate,
        number: number)
    }
    let after = named(parameters, weights: softmax.weights, bias: softmax.bias)
    return (norms, after.merging(before) { zip($0, $1).map { $0 - $1 } })
  }
}
