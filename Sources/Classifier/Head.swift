package import ELMo
import LinearAlgebra

/// A text's pooled vector → Dense relu → Dense sigmoid or softmax: ELMO.md 9.3.
///
/// With mean pooling the layers are pooled first and mixed here; the other poolings are made of
/// mixed token vectors by `pooler`.
///
/// A row's answer has the same bits alone and in any batch, because every product is one chain a
/// row.
package struct Head: Sendable {
  /// The shape of everything.
  package let shape: HeadShape
  /// How texts are pooled for this head.
  package let pooler: Pooler
  private let hiddenKernel: PackedMatrix?  // [inputs, hidden]
  private let hiddenBias: [Float]  // [hidden]
  private let outputKernel: PackedMatrix  // [lastInputs, outputs]
  private let outputBias: [Float]  // [outputs]

  /// Packs the weights for use.
  package init(_ weights: HeadWeights) {
    shape = weights.shape
    pooler = weights.pooler
    hiddenKernel =
      shape.hidden == 0
      ? nil
      : PackedMatrix(weights.hiddenKernel.span, rows: shape.inputs, columns: shape.hidden)
    hiddenBias = weights.hiddenBias
    outputKernel = PackedMatrix(
      weights.outputKernel.span, rows: shape.lastInputs, columns: shape.outputs)
    outputBias = weights.outputBias
  }

  /// The logits [rows, outputs] of pooled layers [rows, layers, width]; for mean pooling only.
  package func logits(pooled: Span<Float>, rows: Int) -> [Float] {
    precondition(
      shape.pooling == .mean, "\(shape.pooling.rawValue) pooling is not made of pooled layers")
    precondition(
      pooled.count == rows * shape.layers * shape.width,
      "pooled layers of \(rows) rows are \(rows * shape.layers * shape.width) numbers, not \(pooled.count)"
    )
    var mixed = [Float](repeating: 0, count: rows * shape.width)
    for row in 0..<rows {
      Head.mix(
        pooled, row: row, factors: pooler.factors, width: shape.width, into: &mixed,
        at: row * shape.width)
    }
    return logits(features: mixed.span, rows: rows)
  }

  /// The logits [rows, outputs] of what `pooler` made of texts, [rows, inputs].
  package func logits(features: Span<Float>, rows: Int) -> [Float] {
    let (inputs, outputs) = (shape.inputs, shape.outputs)
    precondition(
      features.count == rows * inputs,
      "\(rows) pooled rows are \(rows * inputs) numbers, not \(features.count)")
    var logits = [Float](repeating: 0, count: rows * outputs)
    // Blocks of rows keep the scratch small; the answers do not depend on the cut.
    let block = 256
    var hidden = [Float](repeating: 0, count: min(rows, block) * shape.hidden)
    for first in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - first)
      let own = features.extracting(first * inputs..<(first + count) * inputs)
      var all = logits.mutableSpan
      var answers = all._mutatingExtracting(first * outputs..<(first + count) * outputs)
      guard let hiddenKernel else {
        MatrixProduct.multiply(
          own, aStride: inputs, rows: count, by: outputKernel, bias: outputBias, into: &answers,
          cStride: outputs)
        continue
      }
      var units = hidden.mutableSpan
      MatrixProduct.multiply(
        own, aStride: inputs, rows: count, by: hiddenKernel, bias: hiddenBias, into: &units,
        cStride: shape.hidden)
      Activations.relu(&units)
      MatrixProduct.multiply(
        hidden.span, aStride: shape.hidden, rows: count, by: outputKernel, bias: outputBias,
        into: &answers, cStride: outputs)
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
