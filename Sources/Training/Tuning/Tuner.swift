package import Classifier
package import ELMo
import Foundation
package import LinearAlgebra

/// A labelled text as tuning reads it.
package struct TuningRow: Sendable, Equatable {
  /// The tokens, at most the model's cap.
  package var tokens: [ELMoToken]
  /// The index of the label.
  package var truth: Int
  /// What the row counts for, beside its label.
  package var weight: Float

  /// A row from its parts.
  package init(tokens: [ELMoToken], truth: Int, weight: Float = 1) {
    self.tokens = tokens
    self.truth = truth
    self.weight = weight
  }
}

/// A network and a head as tuning leaves them.
package struct TunedModel: Sendable {
  /// The network's numbers, as its layout has them.
  package var parameters: [Float]
  /// The head, one a seed.
  package var heads: [HeadWeights]
  /// The epochs of the first seed.
  package var history: TrainingHistory
  /// The epoch that was kept, from 1.
  package var bestEpoch: Int
}

/// Tunes a head and the network below it on labelled texts (ELMO.md 8.5).
///
/// The recipe frees the layers from the top down, each with its own rate; the loss of foretelling may
/// help. The same rows, recipe and start give the same bits.
package final class Tuner {
  private let recipe: TuningRecipe
  private let labels: LabelSet
  private let layout: ParameterLayout
  private let headLayout: HeadLayout
  private let network: BiLMNetwork<Float>
  private let head: TextHeadGradient<Float>
  private let softmax: SoftmaxWeights<Float>?
  private let tokens: TuningTokens
  private let start: [Float]

  /// A tuner of a bundle's network for heads over these labels.
  ///
  /// Where the bundle brings no softmax, the loss of foretelling does not help, whatever the recipe wants.
  package init(
    _ bundle: ModelBundle, labels: LabelSet, recipe: TuningRecipe, threads: Int = 2,
    products: ProductPrecision = .fp32
  ) throws {
    self.recipe = recipe
    self.labels = labels
    let options = bundle.manifest.elmo
    layout = ParameterLayout(options)
    start = try layout.values(of: bundle)
    let shape = HeadShape(
      layers: options.layerCount + 1, width: 2 * options.projectionSize, hidden: recipe.hidden,
      labels: labels.count, pooling: recipe.pooling)
    headLayout = HeadLayout(shape)
    network = BiLMNetwork(options, threads: threads, products: products)
    head = TextHeadGradient(headLayout, products: products)
    let file = recipe.wantsHelper ? try SoftmaxFile(bundle: bundle) : nil
    softmax = try file?.weights
    tokens = TuningTokens(vocabulary: file?.vocabulary ?? [])
  }

  /// Whether the loss of foretelling helps: the recipe wants it, and the bundle brings a softmax.
  package var hasHelper: Bool { softmax != nil }

  /// Tunes on some rows; after each epoch the validation rows say how good it was.
  ///
  /// Every row has a token at least. `step` hears the epoch, from 1, and the rows done in it; `epoch`
  /// hears each finished epoch and the figures of the validation rows. With `lastEpoch`, from 1, the
  /// first seed's training ends there, on the course of rates of the whole recipe.
  package func train(
    _ rows: [TuningRow], validation: [TuningRow], lastEpoch: Int? = nil,
    step: (Int, Int) -> Void = { _, _ in },
    epoch: (EpochRecord, ValidationFigures?) -> Void = { _, _ in }
  ) throws(TrainingError) -> TunedModel {
    var first: TunedModel?
    for (member, seed) in recipe.seeds.enumerated() {
      if let tuned = first {
        // The network is the first seed's; further seeds give further heads on it.
        let more = try run(
          rows, validation, seed: seed, parameters: tuned.parameters, freezes: true,
          lastEpoch: nil, step: step, epoch: epoch)
        first?.heads += more.heads
      } else {
        precondition(member == 0)
        first = try run(
          rows, validation, seed: seed, parameters: start, freezes: false, lastEpoch: lastEpoch,
          step: step, epoch: epoch)
      }
    }
    guard let first else { preconditionFailure("a recipe needs 1 seed or more, not 0") }
    return first
  }

  private func run(
    _ rows: [TuningRow], _ validation: [TuningRow], seed: UInt64, parameters initial: [Float],
    freezes: Bool, lastEpoch: Int?, step: (Int, Int) -> Void,
    epoch: (EpochRecord, ValidationFigures?) -> Void
  ) throws(TrainingError) -> TunedModel {
    let sentences = SentenceList(rows.map { tokens.ids($0.tokens, limit: .max) })
    let factors = try classFactors(rows)
    var generator = SeededGenerator(seed: seed)
    var state = TunerState(
      parameters: initial,
      head: headLayout.flat(.glorot(shape: headLayout.shape, using: &generator)),
      recipe: recipe, layout: layout, headLayout: headLayout)
    let epochs = freezes ? max(1, recipe.headEpochs) : recipe.epochs
    let plans = (0..<epochs).map {
      BatchPlan(sentences, budget: recipe.batchTokens, seed: seed, epoch: $0)
    }
    let total = plans.reduce(0) { $0 + $1.count }
    var stopping = EarlyStopping(recipe)
    var history = TrainingHistory(epochs: [])
    var best: (parameters: [Float], head: [Float], epoch: Int)?
    for number in 0..<min(epochs, lastEpoch ?? epochs) {
      let open = freezes ? 0 : recipe.openLayers(inEpoch: number, of: layoutLayers)
      var (loss, correct, done) = (0.0, 0, 0)
      for batch in 0..<plans[number].count {
        let chosen = plans[number][batch]
        let outcome = try tune(
          chosen.map { rows[Int($0)] }, sentences.rows(chosen), factors: factors, open: open,
          state: &state, total: total, seed: seed, epoch: number)
        loss += outcome.loss * Double(chosen.count)
        correct += outcome.correct
        done += chosen.count
        step(number + 1, done)
      }
      let measured = validation.isEmpty ? nil : measure(validation, state)
      let record = EpochRecord(
        number: number + 1, total: epochs, rows: rows.count, loss: loss / Double(rows.count),
        accuracy: Double(correct) / Double(rows.count),
        validationLoss: measured?.nll, validationAccuracy: measured?.accuracy)
      history.epochs.append(record)
      epoch(record, measured)
      guard let measured else {
        best = (state.parameters, state.head, number + 1)
        continue
      }
      let verdict = stopping.hear(measured)
      if stopping.bestEpoch == number { best = (state.parameters, state.head, number + 1) }
      if verdict == .stop { break }
    }
    guard let best else {
      throw .diverged(epoch: epochs, learningRate: recipe.headRate)
    }
    return TunedModel(
      parameters: best.parameters, heads: [headLayout.weights(best.head)], history: history,
      bestEpoch: best.epoch)
  }

  private var layoutLayers: Int { layout.options.layerCount + 1 }

  private func classFactors(_ rows: [TuningRow]) throws(TrainingError) -> [Float] {
    var support = [Double](repeating: 0, count: labels.count)
    for row in rows { support[row.truth] += Double(row.weight) }
    for (index, label) in labels.labels.enumerated() where support[index] <= 0 {
      throw .labelWithoutRows(label, rows: rows.count)
    }
    return recipe.classWeights.factors(support: support).map { Float($0) }
  }

  private func tune(
    _ rows: [TuningRow], _ ids: [[Int32]], factors: [Float], open: Int, state: inout TunerState,
    total: Int, seed: UInt64, epoch: Int
  ) throws(TrainingError) -> (loss: Double, correct: Int) {
    let batch = SentenceBatch(rows: ids)
    let words = batch.distinct.map { tokens[$0] }
    let number = state.steps
    let isOpen = open > 0
    network.forward(
      batch, tokens: words, parameters: state.parameters,
      dropout: isOpen && recipe.networkDropout > 0
        ? StepDropout(probability: recipe.networkDropout, seed: seed, step: number) : nil,
      back: isOpen)
    let ordered = batch.order.map { rows[$0] }
    let labels = StepLabels<Float>(
      targets: ordered.map { recipe.targets(truth: $0.truth, labels: self.labels.count) },
      weights: ordered.map { $0.weight * factors[$0.truth] })
    let dropout =
      recipe.featureDropout > 0
      ? Dropout(probability: recipe.featureDropout, seed: seed, step: number, place: 60)
      : nil
    let outcome = head.evaluate(
      batch, outputs: outputs(of: batch), head: state.head, labels: labels, dropout: dropout)
    guard outcome.loss.isFinite else {
      throw .diverged(epoch: epoch + 1, learningRate: recipe.headRate)
    }
    let share = Double(number) / Double(max(1, total))
    if isOpen {
      _ = network.backward(
        batch, tokens: words, from: outcome.outputs, helper: helper(share, seed: seed, number),
        into: state.gradient)
    }
    guard state.step(head: head.gradient, open: open, share: share) else {
      throw .diverged(epoch: epoch + 1, learningRate: recipe.headRate)
    }
    let width = headLayout.shape.outputs
    var correct = 0
    for (place, row) in ordered.enumerated() {
      let own = outcome.logits[place * width..<(place + 1) * width].map(Double.init)
      let answer = self.labels.decide(Head.probabilities(logits: own), threshold: 0.5)
      correct += answer == row.truth ? 1 : 0
    }
    return (outcome.loss, correct)
  }

  private func helper(
    _ share: Double, seed: UInt64, _ step: Int
  ) -> (softmax: SoftmaxWeights<Float>, samples: [SoftmaxSample], weight: Double)? {
    let weight = Double(recipe.languageModelWeight(at: share))
    guard let softmax, weight > 0 else { return nil }
    let sampler = LogUniformSampler(vocabularySize: softmax.size)
    let samples = (0..<2).map { direction in
      var generator = SeededGenerator(
        seed: seed, step: step, purpose: 62 + direction)
      return SoftmaxSample(1024, of: sampler, using: &generator)
    }
    return (softmax, samples, weight)
  }

  private func outputs(of batch: SentenceBatch) -> [[[Float]]] {
    (0..<2).map { direction in
      (0..<layoutLayers).map { network.output(direction: direction, layer: $0, of: batch) }
    }
  }

  private func measure(_ rows: [TuningRow], _ state: TunerState) -> ValidationFigures {
    let logits = logits(rows, parameters: state.parameters, head: state.head)
    return ValidationFigures(
      LabelLogits(logits, outputs: headLayout.shape.outputs, truths: rows.map(\.truth)))
  }

  /// The logits [rows, outputs] of rows by a tuned network and head.
  package func logits(_ rows: [TuningRow], parameters: [Float], head weights: HeadWeights)
    -> [Float]
  {
    logits(rows, parameters: parameters, head: headLayout.flat(weights))
  }

  private func logits(_ rows: [TuningRow], parameters: [Float], head flat: [Float]) -> [Float] {
    let width = headLayout.shape.outputs
    let ids = rows.map { tokens.ids($0.tokens, limit: .max) }
    let order = ids.indices.sorted {
      ids[$0].count != ids[$1].count ? ids[$0].count > ids[$1].count : $0 < $1
    }
    var logits = [Float](repeating: 0, count: rows.count * width)
    var first = 0
    while first < order.count {
      let longest = ids[order[first]].count + 1
      let end = min(order.count, first + max(1, recipe.batchTokens / longest))
      let chosen = order[first..<end].filter { !ids[$0].isEmpty }
      first = end
      guard !chosen.isEmpty else { continue }
      let batch = SentenceBatch(rows: chosen.map { ids[$0] })
      network.forward(
        batch, tokens: batch.distinct.map { tokens[$0] }, parameters: parameters, back: false)
      let own = head.logits(batch, outputs: outputs(of: batch), head: flat)
      for (place, row) in batch.order.enumerated() {
        for output in 0..<width {
          logits[chosen[row] * width + output] = own[place * width + output]
        }
      }
    }
    return logits
  }

  /// The tuned network's tensors, as a bundle stores them.
  package func tensors(_ model: TunedModel) -> [(name: String, shape: [Int], values: [Float])] {
    layout.tensors(model.parameters)
  }
}
