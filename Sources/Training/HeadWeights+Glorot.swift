package import Classifier

extension HeadWeights {
  /// Glorot-uniform kernels, zero biases, a zero query, an even mix and gamma 1: ELMO.md 9.3.
  package static func glorot(
    shape: HeadShape, using generator: inout SeededGenerator
  ) -> HeadWeights {
    func kernel(_ rows: Int, _ columns: Int) -> [Float] {
      let limit = (6 / Double(rows + columns)).squareRoot()
      return (0..<(rows * columns)).map { _ in
        Float((2 * generator.uniform() - 1) * limit)
      }
    }
    var weights = HeadWeights(shape: shape)
    if shape.hidden > 0 { weights.hiddenKernel = kernel(shape.inputs, shape.hidden) }
    weights.outputKernel = kernel(shape.lastInputs, shape.outputs)
    return weights
  }
}
