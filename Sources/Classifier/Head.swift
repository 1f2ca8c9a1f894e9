import LinearAlgebra

/// Pooled layers → mixed layers → Dense relu → Dense sigmoid or softmax: ELMO.md 9.3.
///
/// A row's answer has the same bits alone and in any batch, because every product is one chain a
/// row.
package struct Head: Sendable {
  /// The shape of everything.
  package let shape: HeadShape
  private let layerFactors: [Float]  // [layers]
  private let hiddenKernel: PackedMatrix  // [width, hidden]
  private let hiddenBias: [Float]  // [hidden]
  private let outputKernel: PackedMatrix  // [hidden, outputs]
  private let outputBias: [Float]  // [outputs]

  /// Packs the weights for use.
  package init(_ weights: HeadWeights) {
    shape = weights.shape
    layerFactors = weights.layerFactors
    hiddenKernel = PackedMatrix(
      weights.hiddenKernel.span, rows: shape.width, columns: shape.hidden)
    hiddenBias = weights.hiddenBias
    outputKernel = PackedMatrix(
      weights.outputKernel.span, rows: shape.hidden, columns: shape.outputs)
    outputBias = weights.outputBias
  }

  /// The logits [rows, outputs] of pooled layers [rows, layers, width].
  package func logits(pooled: Span<Float>, rows: Int) -> [Float] {
    precondition(
      pooled.count == rows * shape.layers * shape.width,
      "pooled layers of \(rows) rows are \(rows * shape.layers * shape.width) numbers, not \(pooled.count)"
    )
    var logits: [Float] = []
    logits.reserveCapacity(rows * shape.outputs)
    // Blocks of rows keep the scratch small; the answers do not depend on the cut.
    let block = 256
    var mixed = [Float](repeating: 0, count: min(rows, block) * shape.width)
    var hidden = [Float](repeating: 0, count: min(rows, block) * shape.hidden)
    var answers = [Float](repeating: 0, count: min(rows, block) * shape.outputs)
    for first in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - first)
      for row in 0..<count {
        Head.mix(
          pooled, row: first + row, factors: layerFactors, width: shape.width, into: &mixed,
          at: row * shape.width)
      }
      var hiddenSpan = hidden.mutableSpan
      MatrixProduct.multiply(
        mixed.span, aStride: shape.width, rows: count, by: hiddenKernel, bias: hiddenBias,
        accumulate: false, into: &hiddenSpan, cStride: shape.hidden)
      Activations.relu(&hiddenSpan)
      var target = answers.mutableSpan
      MatrixProduct.multiply(
        hidden.span, aStride: shape.hidden, rows: count, by: outputKernel, bias: outputBias,
        accumulate: false, into: &target, cStride: shape.outputs)
      logits.append(contentsOf: answers[..<(count * shape.outputs)])
    }
    return logits
  }

  /// The probabilities of each row's labels, after division of the logits by a temperature.
  package func probabilities(
    pooled: Span<Float>, rows: Int, temperature: Float? = nil
  ) -> [[Double]] {
    let logits = logits(pooled: pooled, rows: rows)
    let scale = Double(temperature ?? 1)
    return (0..<rows).map { row in
      let own = logits[(row * shape.outputs)..<((row + 1) * shape.outputs)].map {
        Double($0) / scale
      }
      return Head.probabilities(logits: own)
    }
  }

  /// The probabilities in label order that one row's logits stand for.
  package static func probabilities(logits: [Double]) -> [Double] {
    guard logits.count == 1 else { return Logistic.softmax(logits) }
    return [Logistic.sigmoid(-logits[0]), Logistic.sigmoid(logits[0])]
  }

  /// Σ_l factor_l · layer_l of one row of pooled layers, into `mixed[at ..< at + width]`.
  package static func mix(
    _ pooled: Span<Float>, row: Int, factors: [Float], width: Int, into mixed: inout [Float],
    at start: Int
  ) {
    var target = mixed.mutableSpan
    var source = row * factors.count * width
    for index in 0..<width { target[start + index] = factors[0] * pooled[source + index] }
    for factor in factors.dropFirst() {
      source += width
      for index in 0..<width { target[start + index] += factor * pooled[source + index] }
    }
  }
}
