package import Classifier

/// Trains a linear head on sparse rows: multinomial logistic regression, or binary for two labels,
/// with the penalty ½ · l2 · Σw² (not on the biases), by L-BFGS over all rows.
///
/// It draws no random numbers, and every sum is made in an order of its own: the same rows and recipe
/// give the same bits, whatever the number of threads.
package struct LinearTrainer: Sendable {
  private let recipe: CoHeadRecipe
  private let labels: LabelSet
  private let threads: Int

  /// A trainer for heads over these labels.
  package init(_ recipe: CoHeadRecipe, labels: LabelSet, threads: Int = 2) {
    precondition(
      recipe.l2 > 0 && recipe.steps > 0 && recipe.tolerance >= 0,
      "a recipe needs l2 and steps above 0, not \(recipe.l2), \(recipe.steps)")
    self.recipe = recipe
    self.labels = labels
    self.threads = threads
  }

  /// Trains on all rows; `truths` holds their label indices, `weights` how much each counts beside
  /// its label's weight (1 without them), and `progress` hears each step.
  package func train(
    _ rows: SparseRows, truths: [Int], weights: [Float]? = nil,
    progress: (LinearStep) -> Void = { _ in }
  ) throws(TrainingError) -> LinearHead {
    precondition(
      truths.count == rows.rows && (weights?.count ?? rows.rows) == rows.rows,
      "\(rows.rows) rows need as many labels and weights, not \(truths.count), \(weights?.count ?? rows.rows)"
    )
    let counted = try rowWeights(truths, weights)
    let matrix = SparseMatrix(rows, minimumRows: recipe.minimumRows)
    let outputs = labels.count == 2 ? 1 : labels.count
    let loss = LinearLoss(outputs: outputs, truths: truths, weights: counted, threads: threads)
    var descent = LinearDescent(matrix: matrix, loss: loss, l2: recipe.l2)
    var number = 0
    while number < recipe.steps, descent.largestSlope > recipe.tolerance {
      guard let value = descent.step() else { break }
      number += 1
      guard value.isFinite else { throw TrainingError.linearDiverged(step: number) }
      progress(
        LinearStep(number: number, loss: value, largestSlope: descent.largestSlope))
    }
    return LinearHead(
      buckets: recipe.buckets, outputs: outputs, columns: matrix.buckets,
      weights: descent.weights, steps: number, loss: descent.meanLoss,
      largestSlope: descent.largestSlope, isDone: descent.largestSlope <= recipe.tolerance)
  }

  // Each row's own weight times its label's.
  private func rowWeights(
    _ truths: [Int], _ weights: [Float]?
  ) throws(TrainingError) -> [Float] {
    var support = [Double](repeating: 0, count: labels.count)
    for (row, truth) in truths.enumerated() {
      let weight = weights?[row] ?? 1
      precondition(weight >= 0 && weight.isFinite, "row \(row) has the weight \(weight)")
      support[truth] += Double(weight)
    }
    for (index, label) in labels.labels.enumerated() where support[index] <= 0 {
      throw TrainingError.labelWithoutRows(label, rows: truths.count)
    }
    let factors = recipe.classWeights.factors(support: support)
    return truths.enumerated().map { Float(Double(weights?[$0] ?? 1) * factors[$1]) }
  }
}
