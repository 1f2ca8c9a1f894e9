package import Classifier

/// Trains a head on pooled layers: the same data, recipe and seed give the same bits.
package struct HeadTrainer: Sendable {
  private let recipe: TrainingRecipe
  private let labels: LabelSet

  /// A trainer for heads over these labels.
  package init(_ recipe: TrainingRecipe, labels: LabelSet) {
    self.recipe = recipe
    self.labels = labels
  }

  /// Trains on some rows of the data and measures each epoch on others.
  ///
  /// `truths` holds the label index of every row of the data; `step` hears the epoch, from 1, and
  /// the rows done in it; `epoch` hears each finished epoch.
  package func train(
    _ data: PooledTexts, truths: [Int], split: ValidationSplit,
    step: (Int, Int) -> Void = { _, _ in }, epoch: (EpochRecord) -> Void = { _ in }
  ) throws(TrainingError) -> TrainedHead {
    try check(data, truths: truths, split: split)
    var generator = SeededGenerator(seed: recipe.seed)
    let shape = HeadShape(
      layers: data.layers, width: data.width, hidden: recipe.hidden, labels: labels.count)
    var weights = HeadWeights.glorot(shape: shape, using: &generator)
    var optimiser = RMSprop(recipe, shape: shape)
    var gradient = HeadGradient(shape: shape, recipe: recipe)
    var history = TrainingHistory(epochs: [])
    var order = split.training
    for number in 1...recipe.epochs {
      generator.shuffle(&order)
      var loss = 0.0
      var correct = 0
      for first in stride(from: 0, to: order.count, by: recipe.batch) {
        let rows = order[first..<min(first + recipe.batch, order.count)]
        let outcome = gradient.evaluate(weights, data: data, truths: truths, rows: rows)
        optimiser.step(&weights, gradient: outcome.gradient)
        loss += (outcome.crossEntropy + outcome.penalty) * Double(rows.count)
        correct += outcome.correct
        step(number, rows.endIndex)
      }
      guard weights.isFinite, loss.isFinite else {
        throw TrainingError.diverged(epoch: number, learningRate: recipe.learningRate)
      }
      let validation = measure(weights, data, truths, split.validation)
      let record = EpochRecord(
        number: number, total: recipe.epochs, rows: order.count,
        loss: loss / Double(order.count), accuracy: Double(correct) / Double(order.count),
        validationLoss: validation?.loss, validationAccuracy: validation?.accuracy)
      history.epochs.append(record)
      epoch(record)
    }
    return TrainedHead(
      weights: weights, labels: labels, recipe: recipe, history: history, split: split)
  }

  // Loss with the penalty, as Keras reports it, and accuracy at 0.5 or by the largest probability.
  private func measure(
    _ weights: HeadWeights, _ data: PooledTexts, _ truths: [Int], _ rows: [Int]
  ) -> (loss: Double, accuracy: Double)? {
    guard !rows.isEmpty else { return nil }
    let answers = PooledTexts.logits(of: rows, in: data, by: Head(weights))
    let outputs = weights.shape.outputs
    var loss = 0.0
    var correct = 0
    for (place, row) in rows.enumerated() {
      let own = answers[(place * outputs)..<((place + 1) * outputs)].map(Double.init)
      if outputs == 1 {
        loss += Logistic.crossEntropy(own[0], truth: truths[row] == 1)
        correct += (own[0] >= 0) == (truths[row] == 1) ? 1 : 0
      } else {
        loss += Logistic.crossEntropy(own, truth: truths[row])
        correct += labels.decide(own, threshold: 0.5) == truths[row] ? 1 : 0
      }
    }
    let kernel = weights.hiddenKernel.span
    let penalty =
      Double(recipe.l2) * HeadGradient.dot(kernel, from: 0, kernel, from: 0, count: kernel.count)
    return (loss / Double(rows.count) + penalty, Double(correct) / Double(rows.count))
  }

  private func check(
    _ data: PooledTexts, truths: [Int], split: ValidationSplit
  ) throws(TrainingError) {
    precondition(
      truths.count == data.rows, "\(data.rows) rows need as many labels, not \(truths.count)")
    precondition(
      recipe.batch > 0 && recipe.epochs > 0 && recipe.hidden > 0,
      "a recipe needs a batch, epochs and hidden units, not \(recipe.batch), \(recipe.epochs), \(recipe.hidden)"
    )
    if let row = data.firstRowNotFinite { throw TrainingError.notFinite(row: row) }
    let present = Set(split.training.map { truths[$0] })
    for (index, label) in labels.labels.enumerated() where !present.contains(index) {
      throw TrainingError.labelWithoutRows(label, rows: split.training.count)
    }
  }
}
