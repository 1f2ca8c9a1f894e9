import ELMo
import LinearAlgebra

/// All layers of one direction, with dropout as published: on each layer's input and on the top.
///
/// `@unchecked Sendable`: one thread works on it during a phase, and the network waits for the phase.
final class DirectionGradient<R: Real>: @unchecked Sendable {
  private let direction: Int
  private let d: Int
  private let range: Range<Int>  // of all parameters
  let layers: [LSTMLayerGradient<R>]
  /// The softmax that both directions share the weights of.
  let softmax: SoftmaxGradient<R>
  /// The gradient of the direction's parameters.
  let gradient: Block<R>
  /// The gradient at the tokens' vectors as the caller sees them, [R, D]: added in `backward`.
  let vectorGradient = Block<R>()
  /// The gradient at the distinct tokens' vectors, [distinct, D], after `backward`.
  let tokenGradient = Block<R>()
  private let top = Block<R>()  // the top output after dropout, [R, D]
  private let topGradient = Block<R>()
  private var dropouts: [Dropout] = []  // each layer's input, then the top; empty for none

  init(_ layout: ParameterLayout, direction: Int, precision: ProductPrecision) {
    self.direction = direction
    d = layout.options.projectionSize
    range = layout.directions[direction]
    layers = (0..<layout.options.layerCount).map {
      LSTMLayerGradient(layout, direction: direction, layer: $0, precision: precision)
    }
    softmax = SoftmaxGradient(d: d, precision: precision)
    gradient = Block(count: range.count)
  }

  /// Takes over the parameters of the whole network for the coming step; zeroes the gradient.
  func load(_ parameters: Span<R>, back: Bool) {
    let own = parameters.extracting(range)
    for index in layers.indices { layers[index].load(own, back: back) }
    gradient.fill(gradient.count, with: 0)
  }

  /// All layers over a batch; `vectors` [distinct, D] are the encoder's.
  func forward(_ batch: SentenceBatch, vectors: Span<R>, dropout: StepDropout?) {
    let positions = batch.positions
    dropouts = (0...layers.count).compactMap { dropout?.mask(direction: direction, place: $0) }
    vectorGradient.grow(to: positions * d)
    vectorGradient.fill(positions * d, with: 0)
    let inputs = batch.inputs[direction]
    for index in layers.indices {
      layers[index].prepare(batch)
      var joined = layers[index].joined.mutableSpan
      if index > 0 {
        joined.copyRows(
          of: layers[index - 1].output.span, stride: d, into: 2 * d, columns: d, rows: positions)
      } else {
        R.gatherRows(inputs.span, columns: d, of: vectors, into: &joined, yStride: 2 * d)
      }
      if !dropouts.isEmpty {
        R.drop(dropouts[index], from: &joined, rows: positions, columns: d, stride: 2 * d)
      }
      layers[index].forward(batch)
    }
  }

  /// The sum of the losses of foretelling, in nats; with `gradients`, what `backward` needs.
  ///
  /// `scale` is what a position's loss counts for in the step's loss.
  func foretell(
    _ batch: SentenceBatch, vocabularySize: Int, candidates: SoftmaxGradient<R>.Candidates,
    corrections: (Int32) -> R, weights: Span<R>, bias: Span<R>, scale: R, gradients: Bool
  ) -> Double {
    let positions = batch.positions
    top.grow(to: positions * d)
    topGradient.grow(to: positions * d)
    var dropped = top.mutableSpan
    dropped.copy(layers[layers.count - 1].output.span(0..<positions * d), at: 0)
    if let mask = dropouts.last {
      R.drop(mask, from: &dropped, rows: positions, columns: d, stride: d)
    }
    let targets = batch.targets[direction].map {
      Int($0) < vocabularySize ? $0 : TypeTable.unknown
    }
    var gradient = topGradient.mutableSpan
    let loss = softmax.evaluate(
      hidden: top.span(0..<positions * d), targets: targets,
      targetCorrections: candidates.corrections.isEmpty ? [] : targets.map(corrections),
      candidates: candidates, weights: weights, bias: bias, scale: scale, gradients: gradients,
      hiddenGradient: &gradient)
    guard gradients else { return loss }
    if let mask = dropouts.last {
      var upstream = gradient.part(0..<positions * d)
      R.drop(mask, from: &upstream, rows: positions, columns: d, stride: d)
    }
    add(topGradient.span(0..<positions * d), layer: layers.count - 1)
    return loss
  }

  /// Adds to the gradient at a layer's output, [R, D].
  func add(_ gradient: Span<R>, layer: Int) {
    var target = layers[layer].outputGradient.mutableSpan
    target.add(gradient)
  }

  /// Back through all layers to the tokens' vectors.
  func backward(_ batch: SentenceBatch) {
    let positions = batch.positions
    for index in layers.indices.reversed() {
      layers[index].backward(batch, into: gradient)
      if !dropouts.isEmpty { layers[index].drop(dropouts[index], positions: positions) }
      layers[index].addInputGradient(
        to: index > 0 ? layers[index - 1].outputGradient : vectorGradient, positions: positions)
    }
    tokenGradient.grow(to: batch.distinct.count * d)
    tokenGradient.fill(batch.distinct.count * d, with: 0)
    var tokens = tokenGradient.mutableSpan
    let inputs = batch.inputs[direction]
    R.scatterAddRows(
      inputs.span, columns: d, of: vectorGradient.span(0..<positions * d), into: &tokens)
  }
}

/// Where a step's dropout masks come from.
package struct StepDropout: Sendable {
  private let probability: Float
  private let seed: UInt64
  private let step: Int

  /// Dropout with a probability at a step of a run.
  package init(probability: Float, seed: UInt64, step: Int) {
    self.probability = probability
    self.seed = seed
    self.step = step
  }

  func mask(direction: Int, place: Int) -> Dropout {
    Dropout(probability: probability, seed: seed, step: step, place: direction * 32 + place)
  }
}
