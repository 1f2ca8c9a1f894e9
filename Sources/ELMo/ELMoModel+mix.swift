import LinearAlgebra

extension ELMoModel {
  /// 5.2, 5.3: elmo = γ·Σ_l s_l·layer_l, and its mean over the real tokens.
  func mixLayers(of answers: inout [SentenceEmbedding], _ mix: ScalarMix, layerNorm: Bool) {
    precondition(
      mix.weights.count == layerCount, "\(mix.weights.count) weights for \(layerCount) layers")
    let factors = mix.factors
    let norms = layerNorm ? (0..<layerCount).map { norm(of: $0, in: answers) } : nil
    for index in answers.indices {
      let tokens = answers[index].tokens
      guard tokens > 0 else { continue }
      var elmo = [Float](repeating: 0, count: tokens * width)
      for layer in 0..<layerCount {
        var values = self.layer(layer, of: answers[index])
        if let norms {
          let (mean, deviation) = norms[layer]
          for place in values.indices {
            values[place] = Float((Double(values[place]) - mean) / deviation)
          }
        }
        var sum = elmo.mutableSpan
        Vector.axpy(factors[layer], values.span, into: &sum)
      }
      var mean = answers[index].default.mutableSpan
      Vector.addRows(of: elmo.span, rows: tokens, stride: width, into: &mean)
      Vector.scale(&mean, by: 1 / Float(tokens))
      answers[index].elmo = elmo
    }
  }

  /// A layer as it enters the mix, [T, 2D].
  private func layer(_ layer: Int, of answer: SentenceEmbedding) -> [Float] {
    guard layer == 0 else { return answer.lstmOutputs[layer - 1] }
    let d = projectionWidth
    var values: [Float] = []
    values.reserveCapacity(answer.tokens * width)
    for token in 0..<answer.tokens {
      let vector = answer.wordEmbeddings[token * d..<(token + 1) * d]
      values += vector
      values += vector
    }
    return values
  }

  /// Mean and deviation over all real tokens and channels of the whole call; for parity only.
  private func norm(
    of layer: Int, in answers: [SentenceEmbedding]
  ) -> (mean: Double, deviation: Double) {
    let all = answers.map { self.layer(layer, of: $0) }
    let count = Double(max(1, all.reduce(0) { $0 + $1.count }))
    let mean = all.reduce(0) { $1.reduce($0) { $0 + Double($1) } } / count
    let squares = all.reduce(0) { $1.reduce($0) { $0 + (Double($1) - mean) * (Double($1) - mean) } }
    return (mean, (squares / count + 1e-12).squareRoot())
  }
}
