import ELMo
import LinearAlgebra

/// One projected LSTM layer of one direction: forward over a batch, and back (ELMO.md 3.2, 8.1).
///
/// R positions, H the cell size, D the projection width. Arrays grow to the largest batch and stay.
///
/// `@unchecked Sendable`: one thread works on it during a phase, and the network waits for the phase.
final class LSTMLayerGradient<R: Real>: @unchecked Sendable {
  private let h: Int
  private let d: Int
  // A line more than a row takes: rows a power of two apart would share few places of the caches.
  private let gatesStride: Int
  private let hasProjection: Bool
  private let skips: Bool
  private let cellLimit: R?
  private let outputLimit: R?
  private let weightRange: Range<Int>  // within the direction's parameters
  private let biasRange: Range<Int>
  private let projectionRange: Range<Int>

  private let weights: R.Factor  // [2D, 4H]
  private let weightsBack: R.Factor  // [4H, 2D]
  private let projection: R.Factor  // [H, D]
  private let projectionBack: R.Factor  // [D, H]
  private let fresh: R.Factor  // the right factor of a weight gradient
  private let bias = Block<R>()

  /// Input and state before, [R, 2D]: the caller fills the left half.
  let joined = Block<R>()
  /// y, [R, D].
  let output = Block<R>()
  /// The gradient at y, [R, D]: the caller adds to it before `backward`.
  let outputGradient = Block<R>()
  private let inputGradient = Block<R>()  // at input and state before, [R, 2D]
  private let gates = Block<R>()  // [R, 4H], rows `gatesStride` apart
  private let cells = Block<R>()  // [R, H]
  private let tanhs = Block<R>()  // [R, H]
  private let memory = Block<R>()  // m, [R, H]
  private let hidden = Block<R>()  // h, [R, D]
  private let hiddenGradient = Block<R>()  // before the clip, [R, D]
  private let memoryGradient = Block<R>()  // [rows, H]
  private let zeros = Block<R>()  // [rows, H]
  private let carriedCell = Block<R>()  // [rows, H]

  init(_ layout: ParameterLayout, direction: Int, layer: Int, precision: ProductPrecision) {
    let options = layout.options
    (h, d) = (options.cellSize, options.projectionSize)
    gatesStride = 4 * h + 16
    hasProjection = h != d
    skips = layer > 0 && options.usesSkipConnections
    cellLimit = options.cellClip.map { R($0) }
    outputLimit = hasProjection ? options.projectionClip.map { R($0) } : nil
    let name = ELMoOptions.cellName(direction: direction, layer: layer)
    let start = layout.directions[direction].lowerBound
    func own(_ tensor: String) -> Range<Int> {
      let range = layout.range(of: "\(name)/\(tensor)")
      return range.lowerBound - start..<range.upperBound - start
    }
    weightRange = own("W_0")
    biasRange = own("B")
    projectionRange = hasProjection ? own("W_P_0") : 0..<0
    weights = R.Factor(precision)
    weightsBack = R.Factor(precision)
    projection = R.Factor(precision)
    projectionBack = R.Factor(precision)
    fresh = R.Factor(precision)
  }

  /// Takes over the direction's parameters for the coming step; `back` when `backward` will follow.
  func load(_ parameters: Span<R>, back: Bool) {
    let values = parameters.extracting(weightRange)
    weights.set(values, rows: 2 * d, columns: 4 * h, stride: 4 * h, transposed: false)
    bias.set(parameters.extracting(biasRange))
    if back {
      weightsBack.set(values, rows: 4 * h, columns: 2 * d, stride: 4 * h, transposed: true)
    }
    guard hasProjection else { return }
    let projected = parameters.extracting(projectionRange)
    projection.set(projected, rows: h, columns: d, stride: d, transposed: false)
    if back { projectionBack.set(projected, rows: d, columns: h, stride: d, transposed: true) }
  }

  /// Makes room for a batch.
  func prepare(_ batch: SentenceBatch) {
    let positions = batch.positions
    let rows = batch.rows.count
    joined.grow(to: positions * 2 * d)
    output.grow(to: positions * d)
    gates.grow(to: positions * gatesStride)
    cells.grow(to: positions * h)
    tanhs.grow(to: positions * h)
    memory.grow(to: positions * h)
    if hasProjection { hidden.grow(to: positions * d) }
    outputGradient.grow(to: positions * d)
    inputGradient.grow(to: positions * 2 * d)
    hiddenGradient.grow(to: positions * d)
    memoryGradient.grow(to: rows * h)
    carriedCell.grow(to: rows * h)
    zeros.grow(to: rows * h)
    outputGradient.fill(positions * d, with: 0)
  }

  /// The layer over all positions; the left half of `joined` holds its input.
  func forward(_ batch: SentenceBatch) {
    for step in batch.live.indices {
      let (rows, start) = (batch.live[step], batch.offsets[step])
      let previous = step > 0 ? batch.offsets[step - 1] : nil
      joinState(rows: rows, start: start, previous: previous)
      var z = gates.mutableSpan(start * gatesStride..<(start + rows) * gatesStride)
      weights.multiply(
        joined.span(start * 2 * d..<(start + rows) * 2 * d), aStride: 2 * d, rows: rows,
        bias: bias.span, accumulate: false, into: &z, cStride: gatesStride)
      let place = start * h..<(start + rows) * h
      var cell = cells.mutableSpan(place)
      var tanhCell = tanhs.mutableSpan(place)
      var m = memory.mutableSpan(place)
      R.cellForward(
        gates: &z, gatesStride: gatesStride, before: cellBefore(rows: rows, previous: previous),
        cell: &cell, tanhCell: &tanhCell, output: &m, rows: rows, size: h, limit: cellLimit)
      guard hasProjection else { continue }
      var allHidden = hidden.mutableSpan
      var own = allHidden.part(start * d..<(start + rows) * d)
      projection.multiply(
        memory.span(start * h..<(start + rows) * h), aStride: h,
        rows: rows, bias: nil, accumulate: false, into: &own, cStride: d)
      if let limit = outputLimit { own.clamp(to: limit) }
    }
    let positions = batch.positions
    var y = output.mutableSpan
    y.copy((hasProjection ? hidden : memory).span(0..<positions * d), at: 0)
    if skips { y.addRows(of: joined.span, stride: 2 * d, into: d, columns: d, rows: positions) }
  }

  /// The cells of the step before; zeros before the first.
  @_lifetime(immortal)
  private func cellBefore(rows: Int, previous: Int?) -> Span<R> {
    guard let previous else { return zeros.span(0..<rows * h) }
    return cells.span(previous * h..<(previous + rows) * h)
  }

  private func joinState(rows: Int, start: Int, previous: Int?) {
    var target = joined.mutableSpan(start * 2 * d..<(start + rows) * 2 * d)
    guard let previous else {
      for row in 0..<rows { target.fill(row * 2 * d + d, count: d, with: 0) }
      return
    }
    let source = (hasProjection ? hidden : memory).span(previous * d..<(previous + rows) * d)
    var states = target.part(d..<target.count)
    states.copyRows(of: source, stride: d, into: 2 * d, columns: d, rows: rows)
  }

  /// From the gradient at y to the one at x, which `addInputGradient` reads; adds to the direction's
  /// parameter gradient.
  func backward(_ batch: SentenceBatch, into gradient: Block<R>) {
    carriedCell.fill(batch.rows.count * h, with: 0)
    for step in batch.live.indices.reversed() { backward(batch, step: step, into: gradient) }
    let positions = batch.positions
    if skips {
      var target = inputGradient.mutableSpan
      target.addRows(
        of: outputGradient.span, stride: d, into: 2 * d, columns: d, rows: positions)
    }
    weightGradient(positions: positions, into: gradient)
  }

  /// Drops from the gradient at x as the input was dropped from.
  func drop(_ dropout: Dropout, positions: Int) {
    var target = inputGradient.mutableSpan
    R.drop(dropout, from: &target, rows: positions, columns: d, stride: 2 * d)
  }

  /// Adds the gradient at x, after `backward`, to the one at what was the input, [R, D].
  func addInputGradient(to target: Block<R>, positions: Int) {
    var target = target.mutableSpan
    target.addRows(of: inputGradient.span, stride: 2 * d, into: d, columns: d, rows: positions)
  }

  private func backward(_ batch: SentenceBatch, step: Int, into gradient: Block<R>) {
    let (rows, start) = (batch.live[step], batch.offsets[step])
    let previous = step > 0 ? batch.offsets[step - 1] : nil
    // dh = upstream at y + recurrent, cut where the clip cut.
    var dh = hiddenGradient.mutableSpan(start * d..<(start + rows) * d)
    dh.copy(outputGradient.span(start * d..<(start + rows) * d), at: 0)
    if step + 1 < batch.live.count, batch.live[step + 1] > 0 {
      let after = batch.offsets[step + 1]..<batch.offsets[step + 2]
      dh.addRows(
        of: inputGradient.span(after.lowerBound * 2 * d + d..<after.upperBound * 2 * d),
        stride: 2 * d, into: d, columns: d, rows: after.count)
    }
    if let limit = outputLimit {
      dh.zeroWhere(hidden.span(start * d..<(start + rows) * d), reaches: limit)
    }
    var dm = memoryGradient.mutableSpan
    if hasProjection {
      projectionBack.multiply(
        hiddenGradient.span(start * d..<(start + rows) * d), aStride: d, rows: rows, bias: nil,
        accumulate: false, into: &dm, cStride: h)
    } else {
      dm.copy(hiddenGradient.span(start * d..<(start + rows) * d), at: 0)
    }
    let own = start * h..<(start + rows) * h
    let ownGates = start * gatesStride..<(start + rows) * gatesStride
    var dz = gates.mutableSpan(ownGates)
    var dc = carriedCell.mutableSpan(0..<rows * h)
    var db = gradient.mutableSpan(biasRange)
    R.cellBackward(
      gates: &dz, gatesStride: gatesStride, before: cellBefore(rows: rows, previous: previous),
      cell: cells.span(own), tanhCell: tanhs.span(own),
      outputGradient: memoryGradient.span(0..<rows * h), cellGradient: &dc, biasGradient: &db,
      rows: rows, size: h, limit: cellLimit)
    var dx = inputGradient.mutableSpan(start * 2 * d..<(start + rows) * 2 * d)
    weightsBack.multiply(
      gates.span(ownGates), aStride: gatesStride, rows: rows, bias: nil, accumulate: false,
      into: &dx, cStride: 2 * d)
  }

  // dW_0 += [x, h]ᵀ·dz, dW_P += mᵀ·dh; dB came with dz.
  private func weightGradient(positions: Int, into gradient: Block<R>) {
    var dw = gradient.mutableSpan(weightRange)
    fresh.addTransposedProduct(
      joined.span, aStride: 2 * d, rows: 2 * d, by: gates.span, bStride: gatesStride,
      columns: 4 * h, depth: positions, into: &dw)
    guard hasProjection else { return }
    var dp = gradient.mutableSpan(projectionRange)
    fresh.addTransposedProduct(
      memory.span, aStride: h, rows: h, by: hiddenGradient.span, bStride: d, columns: d,
      depth: positions, into: &dp)
  }
}
