extension ModelManifest {
  /// The classifier's head: how token vectors become one, and the layers above.
  package struct Head: Sendable, Equatable {
    /// How the vectors of a text's tokens become one.
    package var pooling: Pooling
    /// Units of the hidden layer; 0: the logits are made from the pooled vector at once.
    package var hidden: Int
    /// Heads of these shapes whose logits are averaged.
    package var members: Int
    /// The scalar mix of each member; nil: all use the manifest's.
    package var mixes: [ScalarMix]?

    /// Makes a head description.
    package init(
      pooling: Pooling = .mean, hidden: Int, members: Int = 1, mixes: [ScalarMix]? = nil
    ) {
      self.pooling = pooling
      self.hidden = hidden
      self.members = members
      self.mixes = mixes
    }
  }

  /// The linear head on hashed n-grams of the cleaned text (ELMO.md 9.5).
  package struct CoHead: Codable, Sendable, Equatable {
    /// The numbers of bits a bucket may have.
    package static let bitRange = 8...24

    /// The n-grams are hashed into 2^bits buckets.
    package var bits: Int
    /// What its logits are multiplied with before they are added to the head's.
    package var weight: Float

    /// Makes a co-head description.
    package init(bits: Int, weight: Float = 1) {
      self.bits = bits
      self.weight = weight
    }

    /// Its tensors: a weight a bucket and output, a bias an output, and a factor a bucket.
    package func tensors(outputs: Int) -> [TensorRequirement] {
      let buckets = 1 << bits
      return [
        TensorRequirement(Self.weights, [buckets, outputs]),
        TensorRequirement(Self.bias, [outputs]),
        TensorRequirement(Self.idf, [buckets], isOptional: true),
      ]
    }

    /// The name of the weights' tensor.
    package static let weights = "cohead/weights"
    /// The name of the bias's tensor.
    package static let bias = "cohead/bias"
    /// The name of the optional tensor of factors.
    package static let idf = "cohead/idf"
  }
}

extension ModelManifest.Head: Codable {
  private enum CodingKeys: String, CodingKey {
    case pooling, hidden, members, mixes
  }

  /// Decodes a head; one that says nothing of members is one head.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      pooling: try values.decode(Pooling.self, forKey: .pooling),
      hidden: try values.decode(Int.self, forKey: .hidden),
      members: try values.decodeIfPresent(Int.self, forKey: .members) ?? 1,
      mixes: try values.decodeIfPresent([ScalarMix].self, forKey: .mixes))
  }

  /// Encodes a head; what is as in the first bundles is left out.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(pooling, forKey: .pooling)
    try values.encode(hidden, forKey: .hidden)
    if members != 1 { try values.encode(members, forKey: .members) }
    try values.encodeIfPresent(mixes, forKey: .mixes)
  }
}
