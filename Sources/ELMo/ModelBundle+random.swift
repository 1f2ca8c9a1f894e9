extension ModelBundle {
  /// Writes a bundle of seeded random weights at the starting scales of ELMO.md 8.2.
  ///
  /// The bits depend on options and seed alone. Where the recipe draws from a normal distribution,
  /// a uniform one of the same variance is drawn: it needs no function that differs by machine.
  package static func random(
    options: ELMoOptions, seed: UInt64, name: String, directory: String, cleaning: String = "tweet"
  ) throws {
    try options.validate()
    var manifest = ModelManifest(
      name: name, elmo: options, cleaning: cleaning, licence: "random weights, no terms")
    manifest.training["weights"] = "random, seed \(seed)"
    let tensors = options.tensors.filter { !$0.isOptional }
    try write(manifest, tensors: tensors, to: directory) { writer in
      for (index, tensor) in tensors.enumerated() {
        var numbers = SeededNumbers(seed: seed &+ UInt64(index) &* 0x1_0000_0001)
        let start = start(of: tensor, options: options)
        var rest = tensor.count
        while rest > 0 {
          let piece = (0..<min(rest, 1 << 16)).map { _ in start.mean + numbers.uniform(start.limit)
          }
          try writer.append(piece.span)
          rest -= piece.count
        }
      }
    }
  }

  /// The numbers a tensor starts training with; `index` is its place among the network's tensors.
  package static func startingValues(
    of tensor: TensorRequirement, index: Int, options: ELMoOptions, seed: UInt64
  ) -> [Float] {
    var numbers = SeededNumbers(seed: seed &+ UInt64(index) &* 0x1_0000_0001)
    let start = start(of: tensor, options: options)
    return (0..<tensor.count).map { _ in start.mean + numbers.uniform(start.limit) }
  }

  private static func start(
    of tensor: TensorRequirement, options: ELMoOptions
  ) -> (mean: Float, limit: Float) {
    let last = tensor.name.split(separator: "/").last.map(String.init) ?? ""
    switch last {
    case "char_embed": return (0, 1)
    case "b_carry": return (-2, 0)
    case "W_carry", "W_transform", "W_proj":
      return (0, (3 / Float(options.featureSize)).squareRoot())
    case "W_0", "W_P_0":
      return (0, (6 / Float(tensor.shape[0] + tensor.shape[1])).squareRoot())
    case _ where last.hasPrefix("W_cnn_"):
      guard options.activation == .tanh else { return (0, 0.05) }
      let window = Float(tensor.shape[1] * tensor.shape[2])
      return (0, (3 / window).squareRoot())
    default: return (0, 0)
    }
  }
}
