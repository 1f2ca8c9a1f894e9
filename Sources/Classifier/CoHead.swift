import LinearAlgebra

/// A linear model over hashed n-grams beside the network's head (ELMO.md 9.5).
///
/// A text's logits depend on that text alone, and have the same bits on every machine.
package struct CoHead: Sendable {
  /// Logits a text.
  package let outputs: Int
  private let weights: [Float]  // [2^bits, outputs]
  private let bias: [Float]  // [outputs]
  private let features: CoHeadFeatures

  /// A co-head from its numbers.
  package init(_ weights: CoHeadWeights) {
    outputs = weights.outputs
    self.weights = weights.weights
    bias = weights.bias
    features = CoHeadFeatures(bits: weights.bits, idf: weights.idf)
  }

  /// The logits [texts, outputs] of cleaned texts, on one or two threads.
  package func logits(_ clean: [String], threads: Int = 2) -> [Double] {
    // Too few texts are not worth another thread.
    let parts = clean.count < 16 ? 1 : threads
    return Threads.map(parts, on: parts) { part in
      logits(of: clean[clean.count * part / parts..<clean.count * (part + 1) / parts])
    }.flatMap { $0 }
  }

  /// The logits [outputs] of one text's features: the bias, then the buckets in order.
  package func logits(features: [(bucket: Int32, value: Float)]) -> [Double] {
    var logits = bias.map(Double.init)
    add(features, to: &logits, at: 0)
    return logits
  }

  private func logits(of texts: ArraySlice<String>) -> [Double] {
    var features = features
    var logits: [Double] = []
    logits.reserveCapacity(texts.count * outputs)
    for text in texts {
      for value in bias { logits.append(Double(value)) }
      add(features(text), to: &logits, at: logits.count - outputs)
    }
    return logits
  }

  private func add(
    _ features: [(bucket: Int32, value: Float)], to logits: inout [Double], at start: Int
  ) {
    let weights = weights.span
    var target = logits.mutableSpan
    for (bucket, value) in features {
      let row = Int(bucket) * outputs
      for output in 0..<outputs {
        target[start + output] += Double(value) * Double(weights[row + output])
      }
    }
  }
}
