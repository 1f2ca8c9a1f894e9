package import Classifier
import LinearAlgebra

/// The loss of a head on one batch and its gradient, written out by hand.
///
/// X = γ Σ_l s_l L_l, s = softmax(w); H = relu(X·W1 + b1); Z = H·W2 + b2; loss = mean cross-entropy
/// + λ Σ W1². Owns its scratch, so that a step allocates little; every sum has one fixed order.
package struct HeadGradient: Sendable {
  /// What one batch says.
  package struct Outcome: Sendable {
    /// Mean cross-entropy of the rows, without the penalty.
    package var crossEntropy: Double
    /// λ · Σw² over the hidden kernel, with the weights before the step.
    package var penalty: Double
    /// Rows whose most probable label is right.
    package var correct: Int
    /// The gradient of cross-entropy plus penalty.
    package var gradient: HeadWeights
  }

  private let shape: HeadShape
  private let l2: Float
  private let trainsMix: Bool
  private var mixed: [Float] = []  // X, [rows, width]
  private var hidden: [Float] = []  // H, [rows, hidden]
  private var logits: [Float] = []  // Z, [rows, outputs]
  private var logitGradient: [Float] = []  // dZ, [rows, outputs]
  private var hiddenGradient: [Float] = []  // dH, [rows, hidden]
  private var mixedGradient: [Float] = []  // dX, [rows, width]

  /// A gradient for heads of a shape, with the recipe's penalty.
  package init(shape: HeadShape, recipe: TrainingRecipe) {
    self.shape = shape
    l2 = recipe.l2
    trainsMix = recipe.trainsMix
  }

  /// The loss and its gradient on some rows of the data; `truths` holds the label index of every
  /// row of the data.
  package mutating func evaluate(
    _ weights: HeadWeights, data: PooledTexts, truths: [Int], rows: ArraySlice<Int>
  ) -> Outcome {
    precondition(
      weights.shape == shape && data.layers == shape.layers && data.width == shape.width,
      "the head mixes \(shape.layers) layers of \(shape.width), the data has \(data.layers) of \(data.width)"
    )
    let count = rows.count
    let factors = weights.layerFactors
    resize(to: count)
    let pooled = data.values.span
    for (place, row) in rows.enumerated() {
      Head.mix(
        pooled, row: row, factors: factors, width: shape.width, into: &mixed,
        at: place * shape.width)
    }
    forward(weights, count: count)
    var outcome = Outcome(
      crossEntropy: 0,
      penalty: Double(l2)
        * HeadGradient.dot(
          weights.hiddenKernel.span, from: 0, weights.hiddenKernel.span, from: 0,
          count: weights.hiddenKernel.count), correct: 0,
      gradient: HeadWeights(shape: shape))
    outcome.gradient.gamma = 0
    compareLogits(with: truths, rows: rows, into: &outcome)
    backward(weights, count: count, into: &outcome.gradient)
    if trainsMix {
      mixGradient(weights, data: data, rows: rows, into: &outcome.gradient)
    }
    return outcome
  }

  private mutating func resize(to count: Int) {
    guard logits.count != count * shape.outputs else { return }
    mixed = Array(repeating: 0, count: count * shape.width)
    mixedGradient = mixed
    hidden = Array(repeating: 0, count: count * shape.hidden)
    hiddenGradient = hidden
    logits = Array(repeating: 0, count: count * shape.outputs)
    logitGradient = logits
  }

  private mutating func forward(_ weights: HeadWeights, count: Int) {
    HeadGradient.multiply(
      mixed, rows: count, by: weights.hiddenKernel, columns: shape.hidden,
      bias: weights.hiddenBias, into: &hidden)
    var span = hidden.mutableSpan
    Activations.relu(&span)
    HeadGradient.multiply(
      hidden, rows: count, by: weights.outputKernel, columns: shape.outputs,
      bias: weights.outputBias, into: &logits)
  }

  // dZ = (p - y) / rows, for the sigmoid as for the softmax.
  private mutating func compareLogits(
    with truths: [Int], rows: ArraySlice<Int>, into outcome: inout Outcome
  ) {
    let scale = 1 / Double(rows.count)
    for (place, row) in rows.enumerated() {
      let truth = truths[row]
      let first = place * shape.outputs
      if shape.outputs == 1 {
        let logit = Double(logits[first])
        outcome.crossEntropy += Logistic.crossEntropy(logit, truth: truth == 1)
        outcome.correct += (logit >= 0) == (truth == 1) ? 1 : 0
        logitGradient[first] = Float((Logistic.sigmoid(logit) - Double(truth)) * scale)
      } else {
        let own = logits[first..<(first + shape.outputs)].map(Double.init)
        outcome.crossEntropy += Logistic.crossEntropy(own, truth: truth)
        let probabilities = Logistic.softmax(own)
        var best = 0
        for index in own.indices where own[index] > own[best] { best = index }
        outcome.correct += best == truth ? 1 : 0
        for index in own.indices {
          let target = index == truth ? 1.0 : 0.0
          logitGradient[first + index] = Float((probabilities[index] - target) * scale)
        }
      }
    }
    outcome.crossEntropy *= scale
  }

  private mutating func backward(
    _ weights: HeadWeights, count: Int, into gradient: inout HeadWeights
  ) {
    // dW2 = Hᵀ·dZ, db2 = Σ dZ.
    HeadGradient.multiply(
      HeadGradient.transposed(hidden, rows: count, columns: shape.hidden), rows: shape.hidden,
      by: logitGradient, columns: shape.outputs, bias: nil, into: &gradient.outputKernel)
    gradient.outputBias = HeadGradient.columnSums(logitGradient, columns: shape.outputs)
    // dH = dZ·W2ᵀ where H > 0.
    HeadGradient.multiply(
      logitGradient, rows: count,
      by: HeadGradient.transposed(
        weights.outputKernel, rows: shape.hidden, columns: shape.outputs),
      columns: shape.hidden, bias: nil, into: &hiddenGradient)
    let hidden = hidden
    let active = hidden.span
    var span = hiddenGradient.mutableSpan
    for index in span.indices where active[index] <= 0 { span[index] = 0 }
    // dW1 = Xᵀ·dH + 2λ·W1, db1 = Σ dH.
    HeadGradient.multiply(
      HeadGradient.transposed(mixed, rows: count, columns: shape.width), rows: shape.width,
      by: hiddenGradient, columns: shape.hidden, bias: nil, into: &gradient.hiddenKernel)
    gradient.hiddenBias = HeadGradient.columnSums(hiddenGradient, columns: shape.hidden)
    var kernel = gradient.hiddenKernel.mutableSpan
    Vector.axpy(2 * l2, weights.hiddenKernel.span, into: &kernel)
  }

  // With g_l = <dX, L_l>: dγ = Σ s_l g_l, dw_l = s_l γ (g_l - Σ_m s_m g_m).
  private mutating func mixGradient(
    _ weights: HeadWeights, data: PooledTexts, rows: ArraySlice<Int>,
    into gradient: inout HeadWeights
  ) {
    HeadGradient.multiply(
      hiddenGradient, rows: rows.count,
      by: HeadGradient.transposed(
        weights.hiddenKernel, rows: shape.width, columns: shape.hidden),
      columns: shape.width, bias: nil, into: &mixedGradient)
    var layerGradients = [Double](repeating: 0, count: shape.layers)
    let pooled = data.values.span
    let upstream = mixedGradient.span
    for (place, row) in rows.enumerated() {
      for layer in 0..<shape.layers {
        layerGradients[layer] += HeadGradient.dot(
          upstream, from: place * shape.width, pooled,
          from: (row * shape.layers + layer) * shape.width, count: shape.width)
      }
    }
    let shares = Logistic.softmax(weights.mix.map(Double.init))
    let mean = zip(shares, layerGradients).reduce(0) { $0 + $1.0 * $1.1 }
    gradient.gamma = Float(mean)
    gradient.mix = zip(shares, layerGradients).map {
      Float($0 * Double(weights.gamma) * ($1 - mean))
    }
  }
}
