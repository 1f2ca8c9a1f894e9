/// A tensor that a model needs: its name and shape.
package struct TensorRequirement: Sendable, Equatable {
  /// The name in the weight file.
  package let name: String
  /// Extents, outermost first.
  package let shape: [Int]
  /// Whether the network is complete without it.
  package let isOptional: Bool

  /// Makes a requirement.
  package init(_ name: String, _ shape: [Int], isOptional: Bool = false) {
    self.name = name
    self.shape = shape
    self.isOptional = isOptional
  }

  /// Numbers in the tensor.
  package var count: Int { shape.reduce(1, *) }
}
