/// Every number that a head learns, row-major, in the x·W convention.
package struct HeadWeights: Sendable, Equatable {
  /// The shape that all arrays have.
  package let shape: HeadShape
  /// Layer weights before the softmax, [layers].
  package var mix: [Float]
  /// The factor on the mixed layers.
  package var gamma: Float
  /// The kernel of the hidden layer, [width, hidden].
  package var hiddenKernel: [Float]
  /// The bias of the hidden layer, [hidden].
  package var hiddenBias: [Float]
  /// The kernel of the output layer, [hidden, outputs].
  package var outputKernel: [Float]
  /// The bias of the output layer, [outputs].
  package var outputBias: [Float]

  /// Weights that are zero, with an even mix and gamma 1.
  package init(shape: HeadShape) {
    self.shape = shape
    mix = Array(repeating: 0, count: shape.layers)
    gamma = 1
    hiddenKernel = Array(repeating: 0, count: shape.width * shape.hidden)
    hiddenBias = Array(repeating: 0, count: shape.hidden)
    outputKernel = Array(repeating: 0, count: shape.hidden * shape.outputs)
    outputBias = Array(repeating: 0, count: shape.outputs)
  }

  /// What each layer counts for: γ · softmax(w), [layers].
  package var layerFactors: [Float] {
    Logistic.softmax(mix.map(Double.init)).map { Float($0) * gamma }
  }

  /// True when no number is NaN or infinite.
  package var isFinite: Bool {
    gamma.isFinite
      && [mix, hiddenKernel, hiddenBias, outputKernel, outputBias].allSatisfy {
        $0.allSatisfy(\.isFinite)
      }
  }
}
