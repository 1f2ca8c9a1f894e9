/// How a head is trained; the defaults are the article's (ELMO.md 9.2, 9.3).
package struct TrainingRecipe: Sendable, Equatable {
  /// Units of the hidden layer.
  package var hidden = 256
  /// Factor of Σw² over the hidden kernel in the loss.
  package var l2: Float = 0.001
  /// Step width of RMSprop.
  package var learningRate: Float = 0.001
  /// What RMSprop keeps of its mean of squares at each step.
  package var decay: Float = 0.9
  /// What RMSprop adds to the root.
  package var epsilon: Float = 1e-7
  /// Passes over the training rows.
  package var epochs = 5
  /// Rows a step; the last step of an epoch may have fewer.
  package var batch = 256
  /// The share of rows, from the end of the file, that validate.
  package var validationShare = 0.2
  /// True when the layer weights and gamma are trained with the head.
  package var trainsMix = true
  /// Fixes the starts and the order of the rows.
  package var seed: UInt64 = 1

  /// The article's recipe.
  package init() {}
}
