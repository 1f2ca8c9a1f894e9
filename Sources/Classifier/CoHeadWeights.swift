package import ELMo

/// Every number of a co-head: a linear model over hashed n-grams.
package struct CoHeadWeights: Sendable, Equatable {
  /// The n-grams are hashed into 2^bits buckets.
  package let bits: Int
  /// Logits: 1 for two labels (of the second label), one a label otherwise.
  package let outputs: Int
  /// The weight of each bucket, [2^bits, outputs].
  package var weights: [Float]
  /// What every text starts with, [outputs].
  package var bias: [Float]
  /// What the value of each bucket is multiplied with before the norm, [2^bits]; 0 leaves the bucket
  /// out; nil counts as 1.
  package var idf: [Float]?

  /// Weights that are zero, for `labels` ≥ 2 labels.
  package init(bits: Int, labels: Int) {
    precondition(labels >= 2, "a co-head decides between at least 2 labels, not \(labels)")
    let range = ModelManifest.CoHead.bitRange
    precondition(range.contains(bits), "a co-head of \(bits) bits, want \(range)")
    self.bits = bits
    outputs = labels == 2 ? 1 : labels
    weights = Array(repeating: 0, count: outputs << bits)
    bias = Array(repeating: 0, count: outputs)
  }

  /// True when no number is NaN or infinite.
  package var isFinite: Bool {
    [weights, bias, idf ?? []].allSatisfy { $0.allSatisfy(\.isFinite) }
  }

  /// The co-head of a bundle; nil when it has none.
  ///
  /// Refuses a tensor that is missing, misshapen or not finite.
  package init?(_ bundle: ModelBundle) throws {
    guard let coHead = bundle.manifest.coHead, let labels = bundle.manifest.labels else {
      return nil
    }
    self.init(bits: coHead.bits, labels: labels.count)
    for tensor in coHead.tensors(outputs: outputs) {
      try bundle.tensors.check(tensor)
      guard bundle.tensors.contains(tensor.name) else { continue }
      try bundle.tensors.checkFinite(tensor.name)
      let values = try bundle.tensors.floats(of: tensor.name)
      switch tensor.name {
      case ModelManifest.CoHead.weights: weights = values
      case ModelManifest.CoHead.bias: bias = values
      default: idf = values
      }
    }
  }

  /// The co-head's tensors as a bundle stores them.
  package var tensors: [(name: String, shape: [Int], values: [Float])] {
    let buckets = 1 << bits
    var list: [(name: String, shape: [Int], values: [Float])] = [
      (ModelManifest.CoHead.weights, [buckets, outputs], weights),
      (ModelManifest.CoHead.bias, [outputs], bias),
    ]
    if let idf { list.append((ModelManifest.CoHead.idf, [buckets], idf)) }
    return list
  }
}
