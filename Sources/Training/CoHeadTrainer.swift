package import Classifier

/// Trains a co-head on cleaned texts: hashed n-grams, rarity weights of the training rows, and the
/// linear head on both.
package struct CoHeadTrainer: Sendable {
  private let recipe: CoHeadRecipe
  private let labels: LabelSet
  private let threads: Int

  /// A trainer for co-heads over these labels.
  package init(_ recipe: CoHeadRecipe, labels: LabelSet, threads: Int = 2) {
    self.recipe = recipe
    self.labels = labels
    self.threads = threads
  }

  /// Trains on all texts; `truths` holds their label indices, `weights` how much each counts beside
  /// its label's weight (1 without them), and `progress` hears each step.
  package func train(
    _ clean: [String], truths: [Int], weights: [Float]? = nil,
    progress: (LinearStep) -> Void = { _ in }
  ) throws(TrainingError) -> TrainedCoHead {
    let factors = bucketWeights(clean)
    let head = try LinearTrainer(recipe, labels: labels, threads: threads).train(
      CoHeadTrainer.features(clean, bits: recipe.bits, idf: factors, threads: threads),
      truths: truths, weights: weights, progress: progress)
    return TrainedCoHead(bits: recipe.bits, idf: factors, head: head)
  }

  /// What each bucket's entries count for, from the training rows; 0 leaves a rare bucket out before
  /// a row is brought to the length 1.
  package func bucketWeights(_ clean: [String]) -> [Float] {
    let bits = recipe.bits
    let blocks = ParallelBlocks.even(
      clean.count, size: max(1, (clean.count + threads - 1) / threads))
    let parts = ParallelBlocks.map(blocks, threads: threads) { block in
      var features = CoHeadFeatures(bits: bits)
      var statistics = BucketStatistics(buckets: 1 << bits)
      for row in block { statistics.add(features(clean[row]).map(\.bucket)) }
      return statistics
    }
    var statistics = BucketStatistics(buckets: recipe.buckets)
    for part in parts { statistics.add(part) }
    return statistics.weights(
      minimumRows: recipe.minimumRows, rarity: recipe.rarityWeights)
  }

  /// The features of texts, row by row.
  package static func features(
    _ clean: [String], bits: Int, idf: [Float]?, threads: Int = 2
  ) -> SparseRows {
    let parts = ParallelBlocks.map(
      ParallelBlocks.even(clean.count, size: 1 << 11), threads: threads
    ) { block in
      var features = CoHeadFeatures(bits: bits, idf: idf)
      var rows = SparseRows()
      for row in block { rows.append(features(clean[row])) }
      return rows
    }
    return parts.reduce(into: SparseRows()) { $0.append(contentsOf: $1) }
  }
}
