/// The tensors of a head.
package enum HeadTensor: Sendable, CaseIterable {
  case hiddenKernel, hiddenBias, outputKernel, outputBias, query
}

extension ModelManifest.Head {
  /// A member's tensor as the weight file names it; nil when such a head has none.
  ///
  /// Member 0 lies in `head/`, member k in `head_k/`. `dense_0` is the first layer above the pooled
  /// vector, `dense_1` the second; without a hidden layer `dense_0` gives the logits and there is no
  /// `dense_1`. The query of attention is `attention/query`. `width` is a token vector's, 2D.
  package func requirement(
    _ tensor: HeadTensor, member: Int = 0, width: Int, outputs: Int
  ) -> TensorRequirement? {
    let folder = member == 0 ? "head" : "head_\(member)"
    let isDeep = hidden > 0
    let inputs = pooling.parts * width
    switch tensor {
    case .hiddenKernel:
      return isDeep ? TensorRequirement("\(folder)/dense_0/kernel", [inputs, hidden]) : nil
    case .hiddenBias:
      return isDeep ? TensorRequirement("\(folder)/dense_0/bias", [hidden]) : nil
    case .outputKernel:
      return isDeep
        ? TensorRequirement("\(folder)/dense_1/kernel", [hidden, outputs])
        : TensorRequirement("\(folder)/dense_0/kernel", [inputs, outputs])
    case .outputBias:
      return TensorRequirement("\(folder)/dense_\(isDeep ? 1 : 0)/bias", [outputs])
    case .query:
      return pooling.hasQuery ? TensorRequirement("\(folder)/attention/query", [width]) : nil
    }
  }
}
