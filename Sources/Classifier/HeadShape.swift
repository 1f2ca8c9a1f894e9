package import ELMo

/// The numbers that fix every shape of a head.
package struct HeadShape: Sendable, Equatable {
  /// Layers to mix: the N of the biLM and the token layer.
  package let layers: Int
  /// Numbers a layer: twice the projection width.
  package let width: Int
  /// How the vectors of a text's tokens become one.
  package let pooling: Pooling
  /// Units of the hidden layer; 0: there is none.
  package let hidden: Int
  /// Logits: 1 for two labels (of the second label), one a label otherwise.
  package let outputs: Int

  /// A shape from its numbers, with `labels` ≥ 2 labels.
  package init(layers: Int, width: Int, hidden: Int, labels: Int, pooling: Pooling = .mean) {
    precondition(labels >= 2, "a head decides between at least 2 labels, not \(labels)")
    precondition(
      layers > 0 && width > 0 && hidden >= 0,
      "a head needs layers, width and 0 or more hidden units, not \(layers), \(width), \(hidden)")
    self.layers = layers
    self.width = width
    self.pooling = pooling
    self.hidden = hidden
    self.outputs = labels == 2 ? 1 : labels
  }

  /// Numbers of a pooled text: what the first layer of the head reads.
  package var inputs: Int { pooling.parts * width }

  /// Numbers that the layer of the logits reads.
  package var lastInputs: Int { hidden > 0 ? hidden : inputs }

  /// Labels that the logits decide between.
  package var labels: Int { outputs == 1 ? 2 : outputs }

  /// Numbers that training changes: the dense layers, the query, one weight a layer, and gamma.
  package var parameters: Int {
    inputs * hidden + hidden + lastInputs * outputs + outputs + (pooling.hasQuery ? width : 0)
      + layers + 1
  }
}
