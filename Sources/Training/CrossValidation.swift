package import Classifier

/// A head per fold, each asked about the rows that it did not see.
package struct CrossValidation: Sendable {
  /// The probabilities of every row, in row order, by the head of its fold.
  package let probabilities: [[Double]]

  /// Trains one head a fold; `finished` hears each fold, from 0, and its last epoch.
  package init(
    _ data: PooledTexts, truths: [Int], labels: LabelSet, folds: GroupedSplit,
    recipe: TrainingRecipe, finished: (Int, EpochRecord?) -> Void = { _, _ in }
  ) throws(TrainingError) {
    precondition(
      folds.foldOfRow.count == data.rows,
      "a split of \(folds.foldOfRow.count) rows does not fit data of \(data.rows)")
    var probabilities = [[Double]](repeating: [], count: data.rows)
    let trainer = HeadTrainer(recipe, labels: labels)
    for fold in 0..<folds.folds {
      let split = folds.split(holdingOut: fold)
      let trained = try trainer.train(data, truths: truths, split: split)
      let answers = data.probabilities(of: split.validation, by: Head(trained.weights))
      for (row, answer) in zip(split.validation, answers) { probabilities[row] = answer }
      finished(fold, trained.history.epochs.last)
    }
    self.probabilities = probabilities
  }
}
