/// The four numbers that fix every shape of a head.
package struct HeadShape: Sendable, Equatable {
  /// Layers to mix: the N of the biLM and the token layer.
  package let layers: Int
  /// Numbers a layer: twice the projection width.
  package let width: Int
  /// Units of the hidden layer.
  package let hidden: Int
  /// Logits: 1 for two labels (of the second label), one a label otherwise.
  package let outputs: Int

  /// A shape from its numbers, with `labels` ≥ 2 labels.
  package init(layers: Int, width: Int, hidden: Int, labels: Int) {
    precondition(labels >= 2, "a head decides between at least 2 labels, not \(labels)")
    precondition(
      layers > 0 && width > 0 && hidden > 0,
      "a head needs layers, width and hidden units, not \(layers), \(width), \(hidden)")
    self.layers = layers
    self.width = width
    self.hidden = hidden
    self.outputs = labels == 2 ? 1 : labels
  }

  /// Labels that the logits decide between.
  package var labels: Int { outputs == 1 ? 2 : outputs }

  /// Numbers that training changes: two dense layers, one weight a layer, and gamma.
  package var parameters: Int {
    width * hidden + hidden + hidden * outputs + outputs + layers + 1
  }
}
