package import ELMo

/// Heads of one shape on one network, whose logits are averaged.
package struct HeadEnsemble: Sendable {
  /// The heads, at least one.
  package let members: [Head]
  private let poolers: [Pooler]  // all different
  private let places: [Int]  // of each member's pooler among them

  /// An ensemble of heads of one shape.
  package init(_ weights: [HeadWeights]) {
    precondition(
      !weights.isEmpty && weights.allSatisfy { $0.shape == weights[0].shape },
      "\(weights.count) heads of different shapes, want one or more of the same")
    members = weights.map(Head.init)
    var poolers: [Pooler] = []
    var places: [Int] = []
    for member in members {
      let place = poolers.firstIndex(of: member.pooler) ?? poolers.count
      if place == poolers.count { poolers.append(member.pooler) }
      places.append(place)
    }
    self.poolers = poolers
    self.places = places
  }

  /// The shape of every member.
  package var shape: HeadShape { members[0].shape }

  /// The averaged logits [sentences, outputs] of tokenised texts; the network runs once.
  package func logits(
    _ sentences: [[ELMoToken]], model: ELMoModel, workspace: inout ELMoWorkspace
  ) -> [Double] {
    let rows = sentences.count
    if shape.pooling == .mean {
      let pooled = model.pooledLayers(sentences, workspace: &workspace)
      return average(members.map { $0.logits(pooled: pooled.span, rows: rows) })
    }
    let features = model.pooledTokens(sentences, by: poolers, workspace: &workspace)
    return average(
      zip(members, places).map { member, place in
        let own = features[place]
        return member.logits(features: own.span, rows: rows)
      })
  }

  private func average(_ logits: [[Float]]) -> [Double] {
    logits[0].indices.map { index in
      logits.reduce(0) { $0 + Double($1[index]) } / Double(logits.count)
    }
  }
}
