/// Everything the network says about one sentence; the boundary tokens are removed.
package struct SentenceEmbedding: Sendable, Equatable {
  /// T, the tokens that were embedded.
  package let tokens: Int
  /// D.
  package let projectionWidth: Int
  /// Whether the sentence was over the cap and its end was cut.
  package let isCut: Bool
  /// Whether there was no token; then `default` is zeros and means nothing.
  package var isEmpty: Bool { tokens == 0 }

  /// The token encoder's vectors, [T, D].
  package var wordEmbeddings: [Float]
  /// The outputs of the biLSTM layers, the first first, each [T, 2D]: forward, then backward half.
  package var lstmOutputs: [[Float]]
  /// The mix of all layers, [T, 2D].
  package var elmo: [Float]
  /// The mean of `elmo` over the tokens, [2D].
  package var `default`: [Float]

  /// The tensors of the sentence by the names of INTERFACES.md, in a fixed order.
  package var tensors: [(name: String, shape: [Int], values: [Float])] {
    let (p, t) = (projectionWidth, tokens)
    var list = [(name: "word_emb", shape: [t, p], values: wordEmbeddings)]
    for (index, output) in lstmOutputs.enumerated() {
      list.append(("lstm_outputs\(index + 1)", [t, 2 * p], output))
    }
    list.append(("elmo", [t, 2 * p], elmo))
    list.append(("default", [2 * p], `default`))
    return list
  }
}
