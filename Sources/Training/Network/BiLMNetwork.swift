import Dispatch
package import ELMo
package import LinearAlgebra

/// The biLM as training runs it: forward over a batch, and back to every parameter.
///
/// Two pieces of work run side by side in each phase: half of the tokens through the encoder, or one
/// direction of the LSTM. What each writes is its own, and sums have one order, so the bits do not
/// depend on the number of threads.
package final class BiLMNetwork<R: Real> {
  /// What one thread works on at a time.
  ///
  /// `@unchecked Sendable`: a phase gives each box to one thread and waits for all.
  private final class Box<Value>: @unchecked Sendable {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  /// Where each parameter lies.
  package let layout: ParameterLayout
  private let threads: Int
  private let d: Int
  private let encoders: [EncoderGradient<R>]
  private let directions: [DirectionGradient<R>]
  private let encoderGradients: [Block<R>]
  private let vectors = Block<R>()  // [distinct, D]

  /// A network that works on `threads` threads, at most two.
  package init(_ options: ELMoOptions, threads: Int = 2, products: ProductPrecision = .fp32) {
    layout = ParameterLayout(options)
    self.threads = max(1, threads)
    d = options.projectionSize
    let layout = layout
    encoders = (0..<2).map { _ in EncoderGradient(layout, precision: products) }
    directions = (0..<2).map { DirectionGradient(layout, direction: $0, precision: products) }
    encoderGradients = (0..<2).map { _ in Block(count: layout.encoder.count) }
  }

  /// Runs `body` for 0 and 1, side by side when there are two threads.
  private func both(_ body: @Sendable (Int) -> Void) {
    if threads > 1 {
      DispatchQueue.concurrentPerform(iterations: 2, execute: body)
    } else {
      for part in 0..<2 { body(part) }
    }
  }

  /// The token encoder and all layers; `back` when `backward` will follow.
  ///
  /// `tokens` are those of `batch.distinct`; `then` runs on each direction as soon as it is done.
  private func forward(
    _ batch: SentenceBatch, tokens: [ELMoToken], parameters: [R], dropout: StepDropout?, back: Bool,
    then: @escaping @Sendable (Int, DirectionGradient<R>) -> Void
  ) {
    precondition(
      parameters.count == layout.count, "\(parameters.count) parameters of \(layout.count)")
    let half = (tokens.count + 1) / 2
    let (encoders, directions) = (encoders, directions)
    both { part in
      let range = part == 0 ? 0..<half : half..<tokens.count
      encoders[part].load(parameters.span, back: back)
      encoders[part].forward(Array(tokens[range]))
    }
    vectors.grow(to: tokens.count * d)
    var all = vectors.mutableSpan
    for part in 0..<2 {
      let count = encoders[part].tokenCount * d
      all.copy(encoders[part].output.span(0..<count), at: part == 0 ? 0 : half * d)
    }
    let vectors = vectors
    both { direction in
      directions[direction].load(parameters.span, back: back)
      directions[direction].forward(batch, vectors: vectors.span, dropout: dropout)
      then(direction, directions[direction])
    }
  }

  /// The token encoder and all layers; `back` when `backward` will follow.
  package func forward(
    _ batch: SentenceBatch, tokens: [ELMoToken], parameters: [R], dropout: StepDropout? = nil,
    back: Bool
  ) {
    forward(
      batch, tokens: tokens, parameters: parameters, dropout: dropout, back: back,
      then: { _, _ in })
  }

  /// The sum of the losses of foretelling in each direction, in nats, over the whole vocabulary.
  package func losses(
    _ batch: SentenceBatch, tokens: [ELMoToken], parameters: [R], softmax: SoftmaxWeights<R>
  ) -> [Double] {
    let outcome = Box([0.0, 0.0])
    let other = Box([0.0, 0.0])
    let candidates = SoftmaxGradient<R>.Candidates(
      ids: Array(0..<Int32(softmax.size)), corrections: [])
    forward(batch, tokens: tokens, parameters: parameters, dropout: nil, back: false) {
      direction, part in
      let loss = part.foretell(
        batch, vocabularySize: softmax.size, candidates: candidates, corrections: { _ in 0 },
        weights: softmax.weights.span, bias: softmax.bias.span, scale: 0, gradients: false)
      (direction == 0 ? outcome : other).value[direction] = loss
    }
    return [outcome.value[0], other.value[1]]
  }

  /// One step's losses in each direction, in nats a position, and the gradients of
  /// `weight` times their mean.
  ///
  /// `samples` holds each direction's candidates. The encoder's and the directions' gradients go into
  /// `gradient`, those of the softmax are read with `softmaxGradients`.
  package func foretell(
    _ batch: SentenceBatch, tokens: [ELMoToken], parameters: [R], softmax: SoftmaxWeights<R>,
    samples: [SoftmaxSample], weight: Double = 1, dropout: StepDropout?, gradient: Block<R>
  ) -> [Double] {
    let outcomes = (0..<2).map { _ in Box(0.0) }
    let positions = batch.positions
    forward(batch, tokens: tokens, parameters: parameters, dropout: dropout, back: true) {
      direction, part in
      outcomes[direction].value = part.foretell(
        batch, softmax: softmax, sample: samples[direction], weight: weight)
      part.backward(batch)
    }
    finish(batch, tokens: tokens, into: gradient)
    return outcomes.map { $0.value / Double(positions) }
  }

  /// The output of a layer at all positions, [positions, D], after `forward`; layer 0 is the encoder's.
  package func output(direction: Int, layer: Int, of batch: SentenceBatch) -> [R] {
    if layer > 0 {
      return directions[direction].layers[layer - 1].output.array(batch.positions * d)
    }
    let all = vectors.array(batch.distinct.count * d)
    var result: [R] = []
    result.reserveCapacity(batch.positions * d)
    for place in batch.inputs[direction] {
      result += all[Int(place) * d..<(Int(place) + 1) * d]
    }
    return result
  }

  /// Back from gradients at the layers' outputs, [direction][layer][positions, D], to all parameters,
  /// with the loss of foretelling as a helper when there is one; that loss in nats a position.
  package func backward(
    _ batch: SentenceBatch, tokens: [ELMoToken], from outputs: [[[R]]],
    helper: (softmax: SoftmaxWeights<R>, samples: [SoftmaxSample], weight: Double)? = nil,
    into gradient: Block<R>
  ) -> [Double] {
    let outcomes = (0..<2).map { _ in Box(0.0) }
    let directions = directions
    both { direction in
      if let helper {
        outcomes[direction].value = directions[direction].foretell(
          batch, softmax: helper.softmax, sample: helper.samples[direction], weight: helper.weight)
      }
      for (layer, values) in outputs[direction].enumerated() {
        if layer > 0 {
          directions[direction].add(values.span, layer: layer - 1)
        } else {
          var target = directions[direction].vectorGradient.mutableSpan
          target.add(values.span)
        }
      }
      directions[direction].backward(batch)
    }
    finish(batch, tokens: tokens, into: gradient)
    return outcomes.map { $0.value / Double(batch.positions) }
  }

  /// From the tokens' vectors to the encoder's parameters; collects the whole gradient.
  private func finish(_ batch: SentenceBatch, tokens: [ELMoToken], into gradient: Block<R>) {
    let half = (tokens.count + 1) / 2
    let (encoders, directions, gradients) = (encoders, directions, encoderGradients)
    let d = d
    both { part in
      let range = part == 0 ? 0..<half * d : half * d..<tokens.count * d
      let count = gradients[part].count
      gradients[part].fill(count, with: 0)
      for direction in 0..<2 {
        var target = encoders[part].outputGradient.mutableSpan
        target.add(directions[direction].tokenGradient.span(range))
      }
      encoders[part].backward(into: gradients[part])
    }
    gradient.grow(to: layout.count)
    var all = gradient.mutableSpan
    all.copy(gradients[0].span, at: 0)
    all.add(gradients[1].span, at: 0)
    for direction in 0..<2 {
      all.copy(directions[direction].gradient.span, at: layout.directions[direction].lowerBound)
    }
  }

  /// The softmax's gradients of the last step, as rows of ids that may repeat.
  package func softmaxGradients(samples: [SoftmaxSample]) -> SoftmaxRows<R> {
    let words =
      samples.reduce(0) { $0 + $1.ids.count }
      + directions.reduce(0) { $0 + $1.softmax.targetIDs.count }
    let rows = SoftmaxRows<R>(d: d, capacity: words)
    for direction in 0..<2 {
      let softmax = directions[direction].softmax
      rows.add(
        samples[direction].ids, gradient: softmax.candidateGradient.span,
        bias: softmax.candidateBiasGradient.span)
      rows.add(
        softmax.targetIDs, gradient: softmax.targetGradient.span,
        bias: softmax.targetBiasGradient.span)
    }
    return rows
  }
}

extension DirectionGradient {
  /// The sum of the losses against a sample, with gradients of `weight` times the two directions' mean.
  func foretell(
    _ batch: SentenceBatch, softmax: SoftmaxWeights<R>, sample: SoftmaxSample, weight: Double
  ) -> Double {
    let corrections = sample.isFull ? [] : sample.ids.map { R(sample.correction(of: $0)) }
    return foretell(
      batch, vocabularySize: softmax.size,
      candidates: SoftmaxGradient<R>.Candidates(ids: sample.ids, corrections: corrections),
      corrections: { R(sample.correction(of: $0)) }, weights: softmax.weights.span,
      bias: softmax.bias.span, scale: R(weight / (2 * Double(batch.positions))), gradients: true)
  }
}
