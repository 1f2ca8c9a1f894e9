package import ELMo

/// Every number that a head learns, row-major, in the x·W convention.
package struct HeadWeights: Sendable, Equatable {
  /// The shape that all arrays have.
  package let shape: HeadShape
  /// Layer weights before the softmax, [layers].
  package var mix: [Float]
  /// The factor on the mixed layers.
  package var gamma: Float
  /// The kernel of the hidden layer, [inputs, hidden]; empty without one.
  package var hiddenKernel: [Float]
  /// The bias of the hidden layer, [hidden].
  package var hiddenBias: [Float]
  /// The kernel of the output layer, [hidden, outputs]; [inputs, outputs] without a hidden layer.
  package var outputKernel: [Float]
  /// The bias of the output layer, [outputs].
  package var outputBias: [Float]
  /// What attention compares a token's mixed vector with, [width]; empty without attention.
  package var query: [Float]

  /// Weights that are zero, with an even mix and gamma 1.
  package init(shape: HeadShape) {
    self.shape = shape
    mix = Array(repeating: 0, count: shape.layers)
    gamma = 1
    hiddenKernel = Array(repeating: 0, count: shape.inputs * shape.hidden)
    hiddenBias = Array(repeating: 0, count: shape.hidden)
    outputKernel = Array(repeating: 0, count: shape.lastInputs * shape.outputs)
    outputBias = Array(repeating: 0, count: shape.outputs)
    query = Array(repeating: 0, count: shape.pooling.hasQuery ? shape.width : 0)
  }

  /// What each layer counts for: γ · softmax(w), [layers].
  package var layerFactors: [Float] {
    Logistic.softmax(mix.map(Double.init)).map { Float($0) * gamma }
  }

  /// How texts are pooled for this head.
  package var pooler: Pooler {
    Pooler(shape.pooling, factors: layerFactors, query: query, width: shape.width)
  }

  /// True when no number is NaN or infinite.
  package var isFinite: Bool {
    gamma.isFinite
      && [mix, hiddenKernel, hiddenBias, outputKernel, outputBias, query].allSatisfy {
        $0.allSatisfy(\.isFinite)
      }
  }
}
