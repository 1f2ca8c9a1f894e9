package import LinearAlgebra

/// One way to make a text's token vectors into one: what each layer counts for, the parts, the query.
///
/// A text's answer depends on its own tokens alone, in their order, and has the same bits on every
/// instruction set.
package struct Pooler: Sendable, Equatable {
  /// The parts.
  package let pooling: Pooling
  /// What each layer is multiplied with before the layers are added, [layers].
  package let factors: [Float]
  /// What a token's vector is compared with, [width]; empty where the pooling has no query.
  package let query: [Float]
  /// Numbers in a token's vector.
  package let width: Int

  /// Makes a pooler for token vectors of `width` numbers.
  package init(_ pooling: Pooling, factors: [Float], query: [Float] = [], width: Int) {
    let wanted = pooling.hasQuery ? width : 0
    precondition(
      query.count == wanted,
      "\(pooling.rawValue) pooling of \(width) numbers wants a query of \(wanted), not \(query.count)"
    )
    self.pooling = pooling
    self.factors = factors
    self.query = query
    self.width = width
  }

  /// Numbers in the answer.
  package var outputs: Int { pooling.parts * width }

  /// Pools the mixed vectors of one text, [tokens, width], at least one, into `pooled` [outputs].
  package func pool(
    _ mixed: Span<Float>, tokens: Int, into pooled: inout MutableSpan<Float>,
    on set: InstructionSet = .best
  ) {
    precondition(tokens >= 1, "pooling of \(tokens) tokens, want 1 or more")
    precondition(
      mixed.count == tokens * width && pooled.count == outputs,
      "\(tokens) tokens of \(width) into \(outputs) numbers, not \(mixed.count) into \(pooled.count)"
    )
    var part = 0
    if pooling.hasMean {
      var mean = pooled._mutatingExtracting(part..<part + width)
      for index in mean.indices { mean[index] = 0 }
      Vector.addRows(of: mixed, rows: tokens, stride: width, into: &mean, on: set)
      Vector.scale(&mean, by: 1 / Float(tokens), on: set)
      part += width
    }
    if pooling.hasMaximum {
      var largest = pooled._mutatingExtracting(part..<part + width)
      Vector.maximum(overRowsOf: mixed, rows: tokens, stride: width, into: &largest, on: set)
      part += width
    }
    if pooling.hasQuery {
      var attended = pooled._mutatingExtracting(part..<part + width)
      attend(mixed, tokens: tokens, into: &attended, on: set)
    }
  }

  /// Σ_t softmax(e·q)_t · e_t.
  private func attend(
    _ mixed: Span<Float>, tokens: Int, into attended: inout MutableSpan<Float>,
    on set: InstructionSet
  ) {
    let scores = (0..<tokens).map { token in
      Double(Vector.dot(mixed.extracting(token * width..<(token + 1) * width), query.span, on: set))
    }
    let peak = scores.max() ?? 0
    let powers = scores.map { Exponential.exp($0 - peak) }
    let sum = powers.reduce(0, +)
    for index in attended.indices { attended[index] = 0 }
    for token in 0..<tokens {
      Vector.axpy(
        Float(powers[token] / sum), mixed.extracting(token * width..<(token + 1) * width),
        into: &attended, on: set)
    }
  }
}
