import Classifier
import ELMo
package import LinearAlgebra

/// The labelled rows of a step, in the order of the batch's rows.
package struct StepLabels<R: Real>: Sendable {
  /// What each label's probability should be, [rows, labels].
  package var targets: [[R]]
  /// What each row counts for.
  package var weights: [R]

  /// Labels from their numbers.
  package init(targets: [[R]], weights: [R]) {
    precondition(targets.count == weights.count, "\(targets.count) rows, \(weights.count) weights")
    self.targets = targets
    self.weights = weights
  }
}

/// From the layers' outputs of a batch to labels: mix, pooling, dense layers, loss; and back.
///
/// e_t = γ Σ_l s_l L_l(t), s = softmax(w); the parts of the pooling side by side, with dropout; relu of
/// the hidden layer; logits; the weighted mean of the rows' cross-entropies. Everything is written out,
/// so that Double can check it.
package final class TextHeadGradient<R: Real> {
  private let layout: HeadLayout
  private let shape: HeadShape
  private let d: Int
  private let toHidden: R.Factor
  private let toHiddenBack: R.Factor
  private let toLogits: R.Factor
  private let toLogitsBack: R.Factor
  private let products: R.Factor

  private var shares: [R] = []  // s, [layers]
  private let mixed = Block<R>()  // e, [tokens, width], a row's tokens side by side
  private var starts: [Int] = []  // the first token of each row, and the end
  private let pooled = Block<R>()  // [rows, inputs], after dropout
  private var winners: [Int32] = []  // the token of each maximum, [rows, width]
  private let attention = Block<R>()  // softmax of the scores, [tokens]
  private let hidden = Block<R>()  // [rows, hidden]
  private let logitBlock = Block<R>()  // [rows, outputs]
  private let logitGradient = Block<R>()
  private let hiddenGradient = Block<R>()
  private let pooledGradient = Block<R>()
  private let mixedGradient = Block<R>()  // [tokens, width]

  /// The gradient of the head's numbers, as the layout has them, after `evaluate`.
  package let gradient: Block<R>

  /// A gradient for heads of a layout.
  package init(_ layout: HeadLayout, products precision: ProductPrecision = .fp32) {
    self.layout = layout
    shape = layout.shape
    d = layout.shape.width / 2
    toHidden = R.Factor(precision)
    toHiddenBack = R.Factor(precision)
    toLogits = R.Factor(precision)
    toLogitsBack = R.Factor(precision)
    products = R.Factor(precision)
    gradient = Block(count: layout.count)
  }

  /// The logits [rows, outputs] of a batch, rows in the batch's order.
  ///
  /// `outputs` holds the layers' outputs, [direction][layer][positions, D].
  package func logits(
    _ batch: SentenceBatch, outputs: [[[R]]], head: [R], dropout: Dropout? = nil
  ) -> [R] {
    precondition(head.count == layout.count, "\(head.count) numbers of \(layout.count)")
    mix(batch, outputs: outputs, head: head)
    pool(batch, head: head)
    let rows = batch.rows.count
    if let dropout {
      var all = pooled.mutableSpan
      R.drop(dropout, from: &all, rows: rows, columns: shape.inputs, stride: shape.inputs)
    }
    logitBlock.grow(to: rows * shape.outputs)
    let bias = head.span.extracting(layout.outputBias)
    toLogits.set(
      head.span.extracting(layout.outputKernel), rows: shape.lastInputs, columns: shape.outputs,
      stride: shape.outputs, transposed: false)
    var z = logitBlock.mutableSpan
    if shape.hidden > 0 {
      hidden.grow(to: rows * shape.hidden)
      toHidden.set(
        head.span.extracting(layout.hiddenKernel), rows: shape.inputs, columns: shape.hidden,
        stride: shape.hidden, transposed: false)
      var h = hidden.mutableSpan(0..<rows * shape.hidden)
      toHidden.multiply(
        pooled.span, aStride: shape.inputs, rows: rows,
        bias: head.span.extracting(layout.hiddenBias), accumulate: false, into: &h,
        cStride: shape.hidden)
      for index in h.indices { h[index] = max(0, h[index]) }
    }
    toLogits.multiply(
      (shape.hidden > 0 ? hidden : pooled).span, aStride: shape.lastInputs, rows: rows, bias: bias,
      accumulate: false, into: &z, cStride: shape.outputs)
    return logitBlock.array(rows * shape.outputs)
  }

  /// The loss of a batch, its gradient in `gradient`, and the gradients at the layers' outputs,
  /// [direction][layer][positions, D].
  package func evaluate(
    _ batch: SentenceBatch, outputs: [[[R]]], head: [R], labels: StepLabels<R>, dropout: Dropout?
  ) -> (loss: Double, logits: [R], outputs: [[[R]]]) {
    let rows = batch.rows.count
    precondition(labels.weights.count == rows, "\(labels.weights.count) labels of \(rows) rows")
    let logits = logits(batch, outputs: outputs, head: head, dropout: dropout)
    gradient.fill(layout.count, with: 0)
    let loss = compare(logits, with: labels)
    backward(batch, head: head, dropout: dropout)
    return (loss, logits, unmix(batch, outputs: outputs, head: head))
  }

  // e = γ Σ s_l L_l, the forward half from direction 0 and the backward half from direction 1.
  private func mix(_ batch: SentenceBatch, outputs: [[[R]]], head: [R]) {
    shares = Self.softmax(Array(head[layout.mix]))
    let gamma = head[layout.gamma]
    starts = [0]
    for row in batch.rows { starts.append(starts[starts.count - 1] + row.count) }
    mixed.grow(to: starts[batch.rows.count] * shape.width)
    mixed.fill(starts[batch.rows.count] * shape.width, with: 0)
    var target = mixed.mutableSpan
    for direction in 0..<2 {
      for layer in 0..<shape.layers {
        let source = outputs[direction][layer]
        let factor = gamma * shares[layer]
        for (row, ids) in batch.rows.enumerated() {
          for token in ids.indices {
            let position = batch.position(direction: direction, row: row, token: token)
            let at = (starts[row] + token) * shape.width + direction * d
            var own = target.part(at..<at + d)
            R.axpy(factor, source.span.extracting(position * d..<(position + 1) * d), into: &own)
          }
        }
      }
    }
  }

  private func pool(_ batch: SentenceBatch, head: [R]) {
    let (rows, width, inputs) = (batch.rows.count, shape.width, shape.inputs)
    pooled.grow(to: rows * inputs)
    pooled.fill(rows * inputs, with: 0)
    winners.grow32(to: rows * width)
    attention.grow(to: starts[rows])
    var target = pooled.mutableSpan
    var weights = attention.mutableSpan
    let e = mixed.span
    for row in 0..<rows {
      let tokens = starts[row]..<starts[row + 1]
      var at = row * inputs
      if shape.pooling != .attention {
        let scale = 1 / R(tokens.count)
        for token in tokens {
          var own = target.part(at..<at + width)
          R.axpy(scale, e.extracting(token * width..<(token + 1) * width), into: &own)
        }
        at += width
      }
      if shape.pooling == .meanMax || shape.pooling == .meanMaxAttention {
        for column in 0..<width {
          var best = tokens.lowerBound
          for token in tokens where e[token * width + column] > e[best * width + column] {
            best = token
          }
          winners[row * width + column] = Int32(best)
          target[at + column] = e[best * width + column]
        }
        at += width
      }
      guard shape.pooling.hasQuery else { continue }
      let query = head.span.extracting(layout.query)
      let scores = Self.softmax(
        tokens.map { token in
          var score: R = 0
          for column in 0..<width { score += e[token * width + column] * query[column] }
          return score
        })
      for (token, weight) in zip(tokens, scores) {
        weights[token] = weight
        var own = target.part(at..<at + width)
        R.axpy(weight, e.extracting(token * width..<(token + 1) * width), into: &own)
      }
    }
  }

  // Weighted cross-entropies over the number of rows; dz = w (p - y) / rows for both kinds.
  private func compare(_ logits: [R], with labels: StepLabels<R>) -> Double {
    let outputs = shape.outputs
    let rows = labels.weights.count
    logitGradient.grow(to: rows * outputs)
    var dz = logitGradient.mutableSpan
    var loss = 0.0
    for row in 0..<rows {
      let own = Array(logits[row * outputs..<(row + 1) * outputs])
      let z = outputs == 1 ? [0, own[0]] : own
      let probabilities = Self.softmax(z)
      let scale = labels.weights[row] / R(rows)
      for label in z.indices {
        let target = labels.targets[row][label]
        let top = z.reduce(-R.infinity) { max($0, $1) }
        let sum = z.reduce(0) { $0 + R.exponential($1 - top) }
        loss -= Double(scale * target * (z[label] - top - R.logarithm(sum)))
        let error = scale * (probabilities[label] - target)
        if outputs > 1 {
          dz[row * outputs + label] = error
        } else if label == 1 {
          dz[row] = error
        }
      }
    }
    return loss
  }

  private func backward(_ batch: SentenceBatch, head: [R], dropout: Dropout?) {
    let (rows, inputs, outputs) = (batch.rows.count, shape.inputs, shape.outputs)
    pooledGradient.grow(to: rows * inputs)
    var dx = pooledGradient.mutableSpan(0..<rows * inputs)
    let dz = logitGradient.span(0..<rows * outputs)
    toLogitsBack.set(
      head.span.extracting(layout.outputKernel), rows: outputs, columns: shape.lastInputs,
      stride: outputs, transposed: true)
    let below = shape.hidden > 0 ? hidden : pooled
    var dw = gradient.mutableSpan(layout.outputKernel)
    products.addTransposedProduct(
      below.span, aStride: shape.lastInputs, rows: shape.lastInputs, by: dz, bStride: outputs,
      columns: outputs, depth: rows, into: &dw)
    var db = gradient.mutableSpan(layout.outputBias)
    db.addRows(of: dz, rows: rows)
    if shape.hidden > 0 {
      hiddenGradient.grow(to: rows * shape.hidden)
      var dh = hiddenGradient.mutableSpan(0..<rows * shape.hidden)
      toLogitsBack.multiply(
        dz, aStride: outputs, rows: rows, bias: nil, accumulate: false, into: &dh,
        cStride: shape.hidden)
      R.reluBackward(hidden.span(0..<rows * shape.hidden), into: &dh)
      let back = hiddenGradient.span(0..<rows * shape.hidden)
      var dk = gradient.mutableSpan(layout.hiddenKernel)
      products.addTransposedProduct(
        pooled.span, aStride: inputs, rows: inputs, by: back, bStride: shape.hidden,
        columns: shape.hidden, depth: rows, into: &dk)
      var dc = gradient.mutableSpan(layout.hiddenBias)
      dc.addRows(of: back, rows: rows)
      toHiddenBack.set(
        head.span.extracting(layout.hiddenKernel), rows: shape.hidden, columns: inputs,
        stride: shape.hidden, transposed: true)
      toHiddenBack.multiply(
        back, aStride: shape.hidden, rows: rows, bias: nil, accumulate: false, into: &dx,
        cStride: inputs)
    } else {
      toLogitsBack.multiply(
        dz, aStride: outputs, rows: rows, bias: nil, accumulate: false, into: &dx, cStride: inputs)
    }
    if let dropout { R.drop(dropout, from: &dx, rows: rows, columns: inputs, stride: inputs) }
    unpool(batch, head: head)
  }

  private func unpool(_ batch: SentenceBatch, head: [R]) {
    let (rows, width, inputs) = (batch.rows.count, shape.width, shape.inputs)
    mixedGradient.grow(to: starts[rows] * width)
    mixedGradient.fill(starts[rows] * width, with: 0)
    var de = mixedGradient.mutableSpan
    let dx = pooledGradient.span
    let e = mixed.span
    let weights = attention.span
    for row in 0..<rows {
      let tokens = starts[row]..<starts[row + 1]
      var at = row * inputs
      if shape.pooling != .attention {
        let scale = 1 / R(tokens.count)
        for token in tokens {
          var own = de.part(token * width..<(token + 1) * width)
          R.axpy(scale, dx.extracting(at..<at + width), into: &own)
        }
        at += width
      }
      if shape.pooling == .meanMax || shape.pooling == .meanMaxAttention {
        for column in 0..<width {
          de[Int(winners[row * width + column]) * width + column] += dx[at + column]
        }
        at += width
      }
      guard shape.pooling.hasQuery else { continue }
      // da = Σ_t w_t e_t back: e gets w_t da, the scores get w_t (e_t - Σ w e)·da.
      let da = dx.extracting(at..<at + width)
      let slopes = tokens.map { Self.dot(e.extracting($0 * width..<($0 + 1) * width), da) }
      var mean: R = 0
      for (token, slope) in zip(tokens, slopes) { mean += weights[token] * slope }
      let query = head.span.extracting(layout.query)
      var dq = gradient.mutableSpan(layout.query)
      for (token, slope) in zip(tokens, slopes) {
        let score = weights[token] * (slope - mean)
        var own = de.part(token * width..<(token + 1) * width)
        R.axpy(weights[token], da, into: &own)
        R.axpy(score, query, into: &own)
        R.axpy(score, e.extracting(token * width..<(token + 1) * width), into: &dq)
      }
    }
  }

  // With g_l = <de, L_l>: dγ = Σ s_l g_l, dw_l = s_l γ (g_l - Σ_m s_m g_m), dL_l = γ s_l de.
  private func unmix(_ batch: SentenceBatch, outputs: [[[R]]], head: [R]) -> [[[R]]] {
    let gamma = head[layout.gamma]
    let positions = batch.positions
    var slopes = [R](repeating: 0, count: shape.layers)
    let de = mixedGradient.span
    var gradients: [[[R]]] = []
    for direction in 0..<2 {
      var ofDirection: [[R]] = []
      for layer in 0..<shape.layers {
        let source = outputs[direction][layer]
        var values = [R](repeating: 0, count: positions * d)
        var target = values.mutableSpan
        let factor = gamma * shares[layer]
        for (row, ids) in batch.rows.enumerated() {
          for token in ids.indices {
            let position = batch.position(direction: direction, row: row, token: token)
            let at = (starts[row] + token) * shape.width + direction * d
            let own = de.extracting(at..<at + d)
            slopes[layer] += Self.dot(
              own, source.span.extracting(position * d..<(position + 1) * d))
            var place = target.part(position * d..<(position + 1) * d)
            R.axpy(factor, own, into: &place)
          }
        }
        ofDirection.append(values)
      }
      gradients.append(ofDirection)
    }
    var mean: R = 0
    for layer in 0..<shape.layers { mean += shares[layer] * slopes[layer] }
    var all = gradient.mutableSpan
    all[layout.gamma] = mean
    for layer in 0..<shape.layers {
      all[layout.mix.lowerBound + layer] = shares[layer] * gamma * (slopes[layer] - mean)
    }
    return gradients
  }

  private static func softmax(_ z: [R]) -> [R] {
    let top = z.reduce(-R.infinity) { max($0, $1) }
    let powers = z.map { R.exponential($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private static func dot(_ x: Span<R>, _ y: Span<R>) -> R {
    var sum: R = 0
    for index in x.indices { sum += x[index] * y[index] }
    return sum
  }
}
