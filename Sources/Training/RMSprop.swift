package import Classifier

/// v ← decay·v + (1 - decay)·g²; step rate · g / (√v + ε): ELMO.md 9.3, as Keras 2 has it.
package struct RMSprop: Sendable {
  private let rate: Float
  private let decay: Float
  private let epsilon: Float
  private let trainsMix: Bool
  private var squares: HeadWeights

  /// An optimiser at rest for heads of a shape.
  package init(_ recipe: TrainingRecipe, shape: HeadShape) {
    rate = recipe.learningRate
    decay = recipe.decay
    epsilon = recipe.epsilon
    trainsMix = recipe.trainsMix
    squares = HeadWeights(shape: shape)
    squares.gamma = 0
  }

  /// Moves the weights one step against the gradient.
  package mutating func step(_ weights: inout HeadWeights, gradient: HeadWeights) {
    for array in HeadWeights.denseArrays {
      move(&weights[keyPath: array], gradient[keyPath: array], &squares[keyPath: array])
    }
    guard trainsMix else { return }
    move(&weights.mix, gradient.mix, &squares.mix)
    var gamma = [weights.gamma]
    var square = [squares.gamma]
    move(&gamma, [gradient.gamma], &square)
    weights.gamma = gamma[0]
    squares.gamma = square[0]
  }

  private func move(_ weights: inout [Float], _ gradient: [Float], _ squares: inout [Float]) {
    precondition(
      weights.count == gradient.count,
      "\(weights.count) weights cannot follow a gradient of \(gradient.count) numbers")
    let keep = decay
    let take = 1 - decay
    var weights = weights.mutableSpan
    var squares = squares.mutableSpan
    let gradient = gradient.span
    for index in weights.indices {
      let g = gradient[index]
      let v = keep * squares[index] + take * (g * g)
      squares[index] = v
      weights[index] -= rate * g / (v.squareRoot() + epsilon)
    }
  }
}

extension HeadWeights {
  /// The four arrays of the two dense layers.
  static var denseArrays: [any WritableKeyPath<HeadWeights, [Float]> & Sendable] {
    [\.hiddenKernel, \.hiddenBias, \.outputKernel, \.outputBias]
  }
}
