package import ELMo

extension ParameterLayout {
  /// The starting values of ELMO.md 8.2 for a seed, the same on every machine.
  package func startingValues(seed: UInt64) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(count)
    for (index, entry) in entries.enumerated() {
      values += ModelBundle.startingValues(
        of: TensorRequirement(entry.name, entry.shape), index: index, options: options, seed: seed)
    }
    return values
  }

  /// The values that a bundle holds; refuses a bundle of another network, and one with a projection
  /// that the sizes do not ask for, which the layout has no place for.
  package func values(of bundle: ModelBundle) throws -> [Float] {
    for tensor in options.tensors where tensor.isOptional && bundle.tensors.contains(tensor.name) {
      throw ModelError.malformedFile(
        file: bundle.tensors.path,
        cause:
          "\(tensor.name) leads from \(tensor.shape[0]) numbers to as many, which training does "
          + "not know; such a model can be served, not trained")
    }
    var values: [Float] = []
    values.reserveCapacity(count)
    for entry in entries {
      try bundle.tensors.check(TensorRequirement(entry.name, entry.shape))
      try bundle.tensors.checkFinite(entry.name)
      values += try bundle.tensors.floats(of: entry.name)
    }
    return values
  }

  /// The tensors as a bundle stores them.
  package func tensors(_ values: [Float]) -> [(name: String, shape: [Int], values: [Float])] {
    precondition(values.count == count, "\(values.count) numbers of \(count)")
    return entries.map { ($0.name, $0.shape, Array(values[$0.range])) }
  }
}
