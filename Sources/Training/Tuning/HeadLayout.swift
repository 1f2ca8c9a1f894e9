package import Classifier
import ELMo

/// Where each number of a head lies in one flat array, for training.
package struct HeadLayout: Sendable, Equatable {
  /// The shape of everything.
  package let shape: HeadShape
  /// Layer weights before the softmax.
  package let mix: Range<Int>
  /// The place of γ.
  package let gamma: Int
  /// The query of attention; empty without it.
  package let query: Range<Int>
  /// The kernel of the hidden layer; empty without one.
  package let hiddenKernel: Range<Int>
  /// The bias of the hidden layer.
  package let hiddenBias: Range<Int>
  /// The kernel of the logits.
  package let outputKernel: Range<Int>
  /// The bias of the logits.
  package let outputBias: Range<Int>

  /// The layout of heads of a shape.
  package init(_ shape: HeadShape) {
    self.shape = shape
    var end = 0
    func next(_ count: Int) -> Range<Int> {
      defer { end += count }
      return end..<end + count
    }
    mix = next(shape.layers)
    gamma = next(1).lowerBound
    query = next(shape.pooling.hasQuery ? shape.width : 0)
    hiddenKernel = next(shape.inputs * shape.hidden)
    hiddenBias = next(shape.hidden)
    outputKernel = next(shape.lastInputs * shape.outputs)
    outputBias = next(shape.outputs)
    count = end
  }

  /// Numbers in all.
  package let count: Int

  /// The kernels and the query, which weight decay takes from; the rest are biases and the mix.
  package var decaying: [Range<Int>] { [query, hiddenKernel, outputKernel].filter { !$0.isEmpty } }

  /// A head's numbers as one array.
  package func flat(_ weights: HeadWeights) -> [Float] {
    weights.mix + [weights.gamma] + weights.query + weights.hiddenKernel + weights.hiddenBias
      + weights.outputKernel + weights.outputBias
  }

  /// The head of an array.
  package func weights(_ values: [Float]) -> HeadWeights {
    var weights = HeadWeights(shape: shape)
    weights.mix = Array(values[mix])
    weights.gamma = values[gamma]
    weights.query = Array(values[query])
    weights.hiddenKernel = Array(values[hiddenKernel])
    weights.hiddenBias = Array(values[hiddenBias])
    weights.outputKernel = Array(values[outputKernel])
    weights.outputBias = Array(values[outputBias])
    return weights
  }
}
