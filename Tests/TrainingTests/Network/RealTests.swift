import Classifier
import ELMo
import LinearAlgebra
import Testing
import Training

/// The kernels of training against the plain loops, at sizes like those that are trained.
struct RealTests {
  private static let options = ELMoOptions(
    cellSize: 64, projectionSize: 32, layerCount: 2, cellClip: 0.5, projectionClip: 0.3,
    usesSkipConnections: true, characterSize: 16,
    filters: [.init(width: 1, count: 16), .init(width: 2, count: 32), .init(width: 4, count: 40)],
    highwayCount: 1, charactersPerToken: 20)
  private static let vocabulary = 150

  /// One network in both kinds of number, on one batch.
  private struct Pair {
    let layout = ParameterLayout(RealTests.options)
    let batch: SentenceBatch
    let tokens: [ELMoToken]
    let parameters: [Float]
    let softmax: SoftmaxWeights<Float>
    let samples: [SoftmaxSample]

    /// Forty sentences of 1 to 14 of 180 words.
    init() {
      var generator = SeededGenerator(seed: 12)
      batch = SentenceBatch(
        rows: (0..<40).map { row in
          (0..<1 + row % 14).map { _ in Int32(3 + generator.draw(below: 180)) }
        })
      tokens = batch.distinct.map { id in
        guard id > 1 else { return id == 0 ? .begin : .end }
        var own = SeededGenerator(seed: UInt64(id))
        return .word((0..<1 + own.draw(below: 24)).map { _ in UInt8(own.draw(below: 256)) })
      }
      // Twice the starting values, so that the clips cut.
      parameters = layout.startingValues(seed: 8).map { 2 * $0 }
      let d = RealTests.options.projectionSize
      softmax = SoftmaxWeights(
        size: RealTests.vocabulary, d: d,
        weights: (0..<RealTests.vocabulary * d).map { _ in Float(generator.uniform() - 0.5) },
        bias: (0..<RealTests.vocabulary).map { _ in Float(generator.uniform() - 0.5) })
      let sampler = LogUniformSampler(vocabularySize: RealTests.vocabulary)
      samples = (0..<2).map { _ in SoftmaxSample(60, of: sampler, using: &generator) }
    }

    /// The layers' outputs, [direction][layer], the losses, and the gradients by tensor.
    func run<R: Real>(
      _ type: R.Type
    ) -> (outputs: [[[R]]], losses: [Double], gradients: [String: [R]]) {
      let network = BiLMNetwork<R>(RealTests.options)
      let gradient = Block<R>()
      let losses = network.foretell(
        batch, tokens: tokens, parameters: parameters.map { R($0) },
        softmax: SoftmaxWeights<R>(
          size: softmax.size, d: softmax.d, weights: softmax.weights.map { R($0) },
          bias: softmax.bias.map { R($0) }),
        samples: samples, dropout: StepDropout(probability: 0.1, seed: 5, step: 3),
        gradient: gradient)
      let rows = network.softmaxGradients(samples: samples)
      let all = gradient.array(layout.count)
      var gradients = [
        "softmax/W": rows.gradient.array(rows.ids.count * rows.d),
        "softmax/b": rows.bias.array(rows.ids.count),
      ]
      for entry in layout.entries { gradients[entry.name] = Array(all[entry.range]) }
      let outputs = (0..<2).map { direction in
        (0..<3).map { network.output(direction: direction, layer: $0, of: batch) }
      }
      return (outputs, losses, gradients)
    }
  }

  /// |x - y| as a share of |y|.
  private static func difference(_ x: [Float], _ y: [Double]) -> Double {
    #expect(x.count == y.count)
    let distance = zip(x, y).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    let size = y.reduce(0) { $0 + $1 * $1 }
    return (distance / size).squareRoot()
  }

  // Sums of up to 128 products and up to 15 steps of a cell: some tens of roundings of 6e-8.
  @Test func `a network in float32 is the one in float64, forward and back`() {
    let pair = Pair()
    let (single, double) = (pair.run(Float.self), pair.run(Double.self))
    let clips = double.outputs[0][1].count { abs($0) >= 0.3 }
    #expect(clips > 500, "\(clips) numbers were clipped")
    for direction in 0..<2 {
      #expect(abs(single.losses[direction] / double.losses[direction] - 1) < 1e-6)
      for layer in 0..<3 {
        let own = Self.difference(
          single.outputs[direction][layer], double.outputs[direction][layer])
        #expect(own < 2e-6, "direction \(direction), layer \(layer): \(own)")
      }
    }
    for (name, wanted) in double.gradients {
      let own = Self.difference(single.gradients[name, default: []], wanted)
      #expect(own < 1e-5, "\(name): \(own)")
    }
  }

  @Test(arguments: Pooling.allCases, [0, 48])
  func `a head in float32 is the one in float64, forward and back`(pooling: Pooling, hidden: Int) {
    let pair = Pair()
    let (single, double) = (pair.run(Float.self).outputs, pair.run(Double.self).outputs)
    let shape = HeadShape(layers: 3, width: 64, hidden: hidden, labels: 3, pooling: pooling)
    var generator = SeededGenerator(seed: 2)
    var weights = HeadWeights.glorot(shape: shape, using: &generator)
    for index in weights.query.indices { weights.query[index] = Float(generator.uniform()) - 0.5 }
    weights.mix = [0.5, -0.25, 0.75]
    weights.gamma = 1.5
    let layout = HeadLayout(shape)
    let head = layout.flat(weights)
    let rows = pair.batch.rows.count
    let targets = (0..<rows).map { row in (0..<3).map { $0 == row % 3 ? 0.9 : 0.05 } }
    let importance = (0..<rows).map { 0.5 + Double($0 % 4) }
    let dropout = Dropout(probability: 0.25, seed: 77, step: 0, place: 60)
    func run<R: Real>(
      _ outputs: [[[R]]]
    ) -> (loss: Double, logits: [R], outputs: [[[R]]], gradient: [R]) {
      let gradient = TextHeadGradient<R>(layout)
      let found = gradient.evaluate(
        pair.batch, outputs: outputs, head: head.map { R($0) },
        labels: StepLabels(
          targets: targets.map { $0.map { R($0) } }, weights: importance.map { R($0) }),
        dropout: dropout)
      return (found.loss, found.logits, found.outputs, gradient.gradient.array(layout.count))
    }
    let (found, wanted) = (run(single), run(double))
    #expect(abs(found.loss / wanted.loss - 1) < 1e-5)
    #expect(Self.difference(found.logits, wanted.logits) < 1e-5)
    #expect(Self.difference(found.gradient, wanted.gradient) < 1e-5)
    for direction in 0..<2 {
      for layer in 0..<3 {
        #expect(
          Self.difference(found.outputs[direction][layer], wanted.outputs[direction][layer]) < 1e-5)
      }
    }
  }
}
