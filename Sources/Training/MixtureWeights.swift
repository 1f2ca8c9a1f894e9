/// How much the network's logits and the co-head's count in their sum: chosen on validation rows.
package struct MixtureWeights: Sendable, Equatable {
  /// The factor on the network's logits, 0 … 50.
  package let network: Double
  /// The factor on the co-head's logits, 0 … 50.
  package let coHead: Double
  /// The mean negative log-likelihood of the network alone, at its own best factor.
  package let nllNetwork: Double
  /// That of the co-head alone, at its own best factor.
  package let nllCoHead: Double
  /// That of the mixture.
  package let nll: Double
  /// The rows that it was chosen on, for the model card: such as `validation, 2000 rows`.
  package let origin: String

  /// Minimises the likelihood's negative logarithm over both factors, one after the other until they
  /// stand still; it is convex in both, so this is the one minimum. No temperature is needed after it.
  package init(network: LabelLogits, coHead: LabelLogits, origin: String) {
    network.requireSameRows(coHead)
    let range = 0.0...50.0
    let onlyNetwork = LogitScale.best(of: network, addedTo: nil, in: range, from: 1)
    let onlyCoHead = LogitScale.best(of: coHead, addedTo: nil, in: range, from: 1)
    var weight = onlyNetwork
    var coWeight = 0.0
    for _ in 0..<1000 {
      let (before, coBefore) = (weight, coWeight)
      coWeight = LogitScale.best(
        of: coHead, addedTo: network.scaled(by: weight), in: range, from: coWeight)
      weight = LogitScale.best(
        of: network, addedTo: coHead.scaled(by: coWeight), in: range, from: weight)
      if abs(weight - before) + abs(coWeight - coBefore) < 1e-9 { break }
    }
    self.network = weight
    self.coHead = coWeight
    nllNetwork = network.scaled(by: onlyNetwork).nll
    nllCoHead = coHead.scaled(by: onlyCoHead).nll
    nll = network.mixed(weight, with: coHead, coWeight).nll
    self.origin = "\(origin), \(network.rows) rows"
  }
}
