package import ELMo

extension HeadWeights {
  /// A member of a bundle's head: its tensors, and the mix of its manifest.
  ///
  /// Refuses a tensor that is missing, misshapen or not finite.
  package init(_ bundle: ModelBundle, member: Int = 0) throws {
    let manifest = bundle.manifest
    guard let head = manifest.head, let labels = manifest.labels else {
      throw ClassifierError.noHead(directory: bundle.directory)
    }
    precondition(
      (0..<head.members).contains(member), "member \(member) of a head of \(head.members)")
    self.init(
      shape: HeadShape(
        layers: manifest.scalarMix.weights.count, width: 2 * manifest.elmo.projectionSize,
        hidden: head.hidden, labels: labels.count, pooling: head.pooling))
    let scalarMix = head.mixes?[member] ?? manifest.scalarMix
    mix = scalarMix.weights
    gamma = scalarMix.gamma
    for (requirement, array) in requirements(member: member) {
      try bundle.tensors.check(requirement)
      try bundle.tensors.checkFinite(requirement.name)
      self[keyPath: array] = try bundle.tensors.floats(of: requirement.name)
    }
  }

  /// All members of a bundle's head.
  package static func members(of bundle: ModelBundle) throws -> [HeadWeights] {
    try (0..<(bundle.manifest.head?.members ?? 1)).map { try HeadWeights(bundle, member: $0) }
  }

  /// The head's tensors as a bundle stores them for its only, or first, member.
  package var tensors: [(name: String, shape: [Int], values: [Float])] { tensors(member: 0) }

  /// The head's tensors as a bundle stores them for one of its members, counted from 0.
  package func tensors(
    member: Int
  ) -> [(name: String, shape: [Int], values: [Float])] {
    requirements(member: member).map { ($0.tensor.name, $0.tensor.shape, self[keyPath: $0.array]) }
  }

  /// The mix as a manifest stores it.
  package var scalarMix: ScalarMix { ScalarMix(weights: mix, gamma: gamma) }

  private func requirements(
    member: Int
  ) -> [(tensor: TensorRequirement, array: WritableKeyPath<HeadWeights, [Float]>)] {
    let head = ModelManifest.Head(pooling: shape.pooling, hidden: shape.hidden)
    return HeadTensor.allCases.compactMap { tensor in
      head.requirement(tensor, member: member, width: shape.width, outputs: shape.outputs)
        .map { ($0, tensor.array) }
    }
  }
}

extension HeadTensor {
  fileprivate var array: WritableKeyPath<HeadWeights, [Float]> {
    switch self {
    case .hiddenKernel: \.hiddenKernel
    case .hiddenBias: \.hiddenBias
    case .outputKernel: \.outputKernel
    case .outputBias: \.outputBias
    case .query: \.query
    }
  }
}
