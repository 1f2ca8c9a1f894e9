package import Classifier

/// A head as training leaves it, with what the model card tells of it.
package struct TrainedHead: Sendable {
  /// The learned numbers.
  package var weights: HeadWeights
  /// The labels, in the order of the probabilities.
  package var labels: LabelSet
  /// The recipe it was trained by.
  package var recipe: TrainingRecipe
  /// Its epochs.
  package var history: TrainingHistory
  /// The rows that trained and validated.
  package var split: ValidationSplit
}
