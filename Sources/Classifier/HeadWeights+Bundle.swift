package import ELMo

extension HeadWeights {
  /// The head of a bundle: its tensors, and the mix of its manifest.
  ///
  /// Refuses a tensor that is missing, misshapen or not finite.
  package init(_ bundle: ModelBundle) throws {
    let manifest = bundle.manifest
    guard let head = manifest.head, let labels = manifest.labels else {
      throw ClassifierError.noHead(directory: bundle.directory)
    }
    self.init(
      shape: HeadShape(
        layers: manifest.scalarMix.weights.count, width: 2 * manifest.elmo.projectionSize,
        hidden: head.hidden, labels: labels.count))
    mix = manifest.scalarMix.weights
    gamma = manifest.scalarMix.gamma
    for tensor in HeadTensor.allCases {
      try bundle.tensors.check(TensorRequirement(tensor.rawValue, tensor.extents(of: shape)))
      try bundle.tensors.checkFinite(tensor.rawValue)
      self[keyPath: tensor.array] = try bundle.tensors.floats(of: tensor.rawValue)
    }
  }

  /// The head's tensors as a bundle stores them.
  package var tensors: [(name: String, shape: [Int], values: [Float])] {
    HeadTensor.allCases.map {
      ($0.rawValue, $0.extents(of: shape), self[keyPath: $0.array])
    }
  }

  /// The mix as a manifest stores it.
  package var scalarMix: ScalarMix { ScalarMix(weights: mix, gamma: gamma) }
}

/// The head's tensors in a weight file, named as there.
enum HeadTensor: String, CaseIterable {
  case hiddenKernel = "head/dense_0/kernel"
  case hiddenBias = "head/dense_0/bias"
  case outputKernel = "head/dense_1/kernel"
  case outputBias = "head/dense_1/bias"

  var array: WritableKeyPath<HeadWeights, [Float]> {
    switch self {
    case .hiddenKernel: \.hiddenKernel
    case .hiddenBias: \.hiddenBias
    case .outputKernel: \.outputKernel
    case .outputBias: \.outputBias
    }
  }

  func extents(of shape: HeadShape) -> [Int] {
    switch self {
    case .hiddenKernel: [shape.width, shape.hidden]
    case .hiddenBias: [shape.hidden]
    case .outputKernel: [shape.hidden, shape.outputs]
    case .outputBias: [shape.outputs]
    }
  }
}
