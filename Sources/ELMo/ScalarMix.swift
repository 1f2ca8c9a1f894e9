import Foundation

/// How the layers are joined into one vector (ELMO.md 5.2).
package struct ScalarMix: Codable, Sendable, Equatable {
  /// One number a layer, N + 1 of them, before the softmax.
  package var weights: [Float]
  /// The scale of the whole.
  package var gamma: Float

  /// Makes a mix.
  package init(weights: [Float], gamma: Float = 1) {
    self.weights = weights
    self.gamma = gamma
  }

  /// The mix a model starts with: the plain mean of its layers.
  package static func even(layers: Int) -> ScalarMix {
    ScalarMix(weights: [Float](repeating: 0, count: layers))
  }

  /// γ times the softmax of the weights: what each layer is multiplied with.
  package var factors: [Float] {
    let top = weights.max() ?? 0
    let powers = weights.map { exp(Double($0) - Double(top)) }
    let sum = powers.reduce(0, +)
    return powers.map { Float(Double(gamma) * $0 / sum) }
  }
}
