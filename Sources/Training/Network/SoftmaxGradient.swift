import LinearAlgebra

/// The softmax over candidate words of one direction: loss and gradients (ELMO.md 8.3).
///
/// A row's target stands beside the candidates, and is struck out among them; so with all words as
/// candidates and no corrections this is the full softmax. V words, S candidates, D the width.
///
/// `@unchecked Sendable`: one thread works on it during a phase, and the network waits for the phase.
final class SoftmaxGradient<R: Real>: @unchecked Sendable {
  /// What is chosen against, in a step of one direction.
  struct Candidates {
    /// Distinct ids, [S].
    var ids: [Int32]
    /// ln of the expected count of each candidate, subtracted from its logit; empty for none.
    var corrections: [R]
  }

  private let d: Int
  private let toLogits: R.Factor  // [D, S]
  private let toHidden: R.Factor  // [S, D]
  private let fresh: R.Factor  // [rows, S]
  private let candidateWeights = Block<R>()  // [S, D]
  private let candidateBias = Block<R>()  // [S], corrections taken off
  private var places: [Int32: Int32] = [:]  // id to candidate
  private let logits = Block<R>()  // [rows of a block, S]
  private let turnedGradient = Block<R>()  // of the candidates' vectors, [D, S]
  private let greatest = Block<R>()
  private let sums = Block<R>()

  /// The gradient of the candidates' vectors, [S, D], and biases, [S].
  let candidateGradient = Block<R>()
  let candidateBiasGradient = Block<R>()
  /// The distinct targets of the step.
  private(set) var targetIDs: [Int32] = []
  /// The gradient of the targets' vectors, [targets, D], and biases, [targets].
  let targetGradient = Block<R>()
  let targetBiasGradient = Block<R>()

  init(d: Int, precision: ProductPrecision) {
    self.d = d
    toLogits = R.Factor(precision)
    toHidden = R.Factor(precision)
    fresh = R.Factor(precision)
  }

  /// The sum of the rows' losses in nats. With `gradients`, sets `hiddenGradient` [rows, D] to
  /// `scale` times the gradient of that sum, and the gradients above likewise.
  ///
  /// `hidden` is [rows, D]; `targets` are ids below V, `targetCorrections` [rows] or empty.
  func evaluate(
    hidden: Span<R>, targets: [Int32], targetCorrections: [R], candidates: Candidates,
    weights: Span<R>, bias: Span<R>, scale: R, gradients: Bool,
    hiddenGradient: inout MutableSpan<R>
  ) -> Double {
    let rows = targets.count
    let s = candidates.ids.count
    // With 1, a row whose target it is would have nothing to be told apart from.
    precondition(s > 1, "a softmax needs 2 candidates or more, not \(s)")
    load(candidates, weights: weights, bias: bias, gradients: gradients)
    var targetPlaces: [Int32] = []
    if gradients { targetPlaces = place(targets) }
    var loss = 0.0
    let block = 128
    logits.grow(to: block * s)
    greatest.grow(to: block)
    sums.grow(to: block)
    for first in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - first)
      let h = hidden.extracting(first * d..<(first + count) * d)
      do {
        var x = logits.mutableSpan
        toLogits.multiply(
          h, aStride: d, rows: count, bias: candidateBias.span, accumulate: false, into: &x,
          cStride: s)
        // A candidate that is the target is struck out.
        for row in 0..<count {
          if let place = places[targets[first + row]] { x[row * s + Int(place)] = -.infinity }
        }
        var tops = greatest.mutableSpan
        var totals = sums.mutableSpan
        R.exponentials(&x, rows: count, columns: s, greatest: &tops, sums: &totals)
      }
      let tops = greatest.span
      var totals = sums.mutableSpan
      for row in 0..<count {
        let target = Int(targets[first + row])
        let word = weights.extracting(target * d..<(target + 1) * d)
        let vector = h.extracting(row * d..<(row + 1) * d)
        var logit = R.dot(word, vector) + bias[target]
        if !targetCorrections.isEmpty { logit -= targetCorrections[first + row] }
        // Everything relative to the greater of the candidates' top and the target's logit.
        let top = max(tops[row], logit)
        let others = totals[row] * R.exponential(tops[row] - top)
        let target0 = R.exponential(logit - top)
        let total = others + target0
        loss += Double(R.logarithm(total) + (top - logit))
        guard gradients else { continue }
        let factor = scale * R.exponential(tops[row] - top) / total
        var x = logits.mutableSpan
        var own = x.part(row * s..<(row + 1) * s)
        own.scale(by: factor)
        let error = scale * (target0 / total - 1)
        totals[row] = error
        let place = Int(targetPlaces[first + row])
        var all = targetGradient.mutableSpan
        var gradient = all.part(place * d..<(place + 1) * d)
        R.axpy(error, vector, into: &gradient)
        var biases = targetBiasGradient.mutableSpan
        biases[place] += error
      }
      guard gradients else { continue }
      backward(
        rows: count, first: first, targets: targets, hidden: h, weights: weights,
        hiddenGradient: &hiddenGradient, candidates: s)
    }
    if gradients {
      var dw = candidateGradient.mutableSpan
      dw.addTransposed(turnedGradient.span, rows: d, columns: s)
    }
    return loss
  }

  private func backward(
    rows: Int, first: Int, targets: [Int32], hidden: Span<R>, weights: Span<R>,
    hiddenGradient: inout MutableSpan<R>, candidates s: Int
  ) {
    var dh = hiddenGradient.part(first * d..<(first + rows) * d)
    let p = logits.span(0..<rows * s)
    toHidden.multiply(
      p, aStride: s, rows: rows, bias: nil, accumulate: false, into: &dh, cStride: d)
    let errors = sums.span
    for row in 0..<rows {
      let target = Int(targets[first + row])
      var own = dh.part(row * d..<(row + 1) * d)
      R.axpy(errors[row], weights.extracting(target * d..<(target + 1) * d), into: &own)
    }
    var dw = turnedGradient.mutableSpan
    fresh.addTransposedProduct(
      hidden, aStride: d, rows: d, by: p, bStride: s, columns: s, depth: rows, into: &dw)
    var db = candidateBiasGradient.mutableSpan
    var own = db.part(0..<s)
    own.addRows(of: p, rows: rows)
  }

  private func load(
    _ candidates: Candidates, weights: Span<R>, bias: Span<R>, gradients: Bool
  ) {
    let s = candidates.ids.count
    candidateWeights.grow(to: s * d)
    candidateBias.set([R](repeating: 0, count: s).span)
    places.removeAll(keepingCapacity: true)
    var gathered = candidateWeights.mutableSpan
    R.gatherRows(candidates.ids.span, columns: d, of: weights, into: &gathered, yStride: d)
    var biases = candidateBias.mutableSpan
    for (place, id) in candidates.ids.enumerated() {
      biases[place] = bias[Int(id)]
      if !candidates.corrections.isEmpty { biases[place] -= candidates.corrections[place] }
      places[id] = Int32(place)
    }
    let values = candidateWeights.span(0..<s * d)
    toLogits.set(values, rows: d, columns: s, stride: d, transposed: true)
    guard gradients else { return }
    toHidden.set(values, rows: s, columns: d, stride: d, transposed: false)
    candidateGradient.grow(to: s * d)
    candidateGradient.fill(s * d, with: 0)
    turnedGradient.grow(to: s * d)
    turnedGradient.fill(s * d, with: 0)
    candidateBiasGradient.grow(to: s)
    candidateBiasGradient.fill(s, with: 0)
  }

  /// The place of each row's target among the distinct ones, whose gradients are set to zero.
  private func place(_ targets: [Int32]) -> [Int32] {
    targetIDs.removeAll(keepingCapacity: true)
    var known: [Int32: Int32] = [:]
    let places = targets.map { id in
      if let place = known[id] { return place }
      let place = Int32(targetIDs.count)
      known[id] = place
      targetIDs.append(id)
      return place
    }
    targetGradient.grow(to: targetIDs.count * d)
    targetGradient.fill(targetIDs.count * d, with: 0)
    targetBiasGradient.grow(to: targetIDs.count)
    targetBiasGradient.fill(targetIDs.count, with: 0)
    return places
  }
}
