/// How the linear head on hashed n-grams is trained: ELMO.md 9.5.
package struct CoHeadRecipe: Sendable, Equatable, Codable {
  /// The n-grams are hashed into 2^bits buckets.
  package var bits = 20
  /// Rows that must hold a bucket before it may count.
  package var minimumRows = 3
  /// True when a bucket counts by the logarithm of its rarity.
  package var rarityWeights = true
  /// Factor of ½Σw² in the loss, which is a sum over rows: scikit-learn's 1 / C.
  package var l2 = 1.0
  /// How rows of rare labels count.
  package var classWeights = ClassWeights.none
  /// Steps of the optimiser at most.
  package var steps = 100
  /// The largest number of the gradient, divided by the sum of the rows' weights, at which training
  /// is done.
  package var tolerance = 2e-4

  /// The recipe with its default numbers.
  package init() {}

  /// Buckets.
  package var buckets: Int { 1 << bits }
}
