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
  /// The gradient at x, [R, D], after `backward`.
  let inputGradient = Block<R>()

  private let gates = Block<R>()  // [R, 4H]
  private let cells = Block<R>()  // [R, H]
  private let tanhs = Block<R>()  // [R, H]
  private let memory = Block<R>()  // m, [R, H]
  private let hidden = Block<R>()  // h, [R, D]
  private let hiddenGradient = Block<R>()  // before the clip, [R, D]
  private let memoryGradient = Block<R>()  // [rows, H]
  private let joinedGradient = Block<R>()  // [rows, 2D]
  private let carriedHidden = Block<R>()  // [rows, D]
  private let zeros = Block<R>()  // [rows, H]
  private let carriedCell = Block<R>()  // [rows, H]

  init(_ layout: ParameterLayout, direction: Int, layer: Int, precision: ProductPrecision) {
    let options = layout.options
    (h, d) = (options.cellSize, options.projectionSize)
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
    gates.grow(to: positions * 4 * h)
    cells.grow(to: positions * h)
    tanhs.grow(to: positions * h)
    memory.grow(to: positions * h)
    if hasProjection { hidden.grow(to: positions * d) }
    outputGradient.grow(to: positions * d)
    inputGradient.grow(to: positions * d)
    hiddenGradient.grow(to: positions * d)
    memoryGradient.grow(to: rows * h)
    joinedGradient.grow(to: rows * 2 * d)
    carriedHidden.grow(to: rows * d)
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
      var z = gates.mutableSpan(start * 4 * h..<(start + rows) * 4 * h)
      weights.multiply(
        joined.span(start * 2 * d..<(start + rows) * 2 * d), aStride: 2 * d, rows: rows,
        bias: bias.span, accumulate: false, into: &z, cStride: 4 * h)
      let place = start * h..<(start + rows) * h
      var cell = cells.mutableSpan(place)
      var tanhCell = tanhs.mutableSpan(place)
      var m = memory.mutableSpan(place)
      R.cellForward(
        gates: &z, before: cellBefore(rows: rows, previous: previous), cell: &cell,
        tanhCell: &tanhCell, output: &m, rows: rows, size: h, limit: cellLimit)
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
    if skips { y.addColumns(of: joined.span, stride: 2 * d, first: 0, columns: d, rows: positions) }
  }

  /// The cells of the step before; zeros before the first.
  @_lifetime(immortal)
  private func cellBefore(rows: Int, previous: Int?) -> Span<R> {
    guard let previous else { return zeros.span(0..<rows * h) }
    return cells.span(previous * h..<(previous + rows) * h)
  }

  private func joinState(rows: Int, start: Int, previous: Int?) {
    var target = joined.mutableSpan
    guard let previous else {
      for row in 0..<rows { target.fill((start + row) * 2 * d + d, count: d, with: 0) }
      return
    }
    let source = hasProjection ? hidden : memory
    for row in 0..<rows {
      let from = (previous + row) * d
      target.copy(source.span(from..<from + d), at: (start + row) * 2 * d + d)
    }
  }

  /// From the gradient at y to the one at x; adds to the direction's parameter gradient.
  func backward(_ batch: SentenceBatch, into gradient: Block<R>) {
    carriedHidden.fill(batch.rows.count * d, with: 0)
    carriedCell.fill(batch.rows.count * h, with: 0)
    for step in batch.live.indices.reversed() { backward(batch, step: step) }
    let positions = batch.positions
    if skips {
      var target = inputGradient.mutableSpan
      let upstream = outputGradient.span(0..<positions * d)
      target.add(upstream)
    }
    weightGradient(positions: positions, into: gradient)
  }

  private func backward(_ batch: SentenceBatch, step: Int) {
    let (rows, start) = (batch.live[step], batch.offsets[step])
    let previous = step > 0 ? batch.offsets[step - 1] : nil
    // dh = upstream at y + recurrent, cut where the clip cut.
    var allHidden = hiddenGradient.mutableSpan
    var dh = allHidden.part(start * d..<(start + rows) * d)
    dh.copy(outputGradient.span(start * d..<(start + rows) * d), at: 0)
    dh.add(carriedHidden.span(0..<rows * d))
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
    var dz = gates.mutableSpan(start * 4 * h..<(start + rows) * 4 * h)
    var dc = carriedCell.mutableSpan(0..<rows * h)
    R.cellBackward(
      gates: &dz, before: cellBefore(rows: rows, previous: previous), cell: cells.span(own),
      tanhCell: tanhs.span(own), outputGradient: memoryGradient.span(0..<rows * h),
      cellGradient: &dc, rows: rows, size: h, limit: cellLimit)
    var dx = joinedGradient.mutableSpan
    weightsBack.multiply(
      gates.span(start * 4 * h..<(start + rows) * 4 * h), aStride: 4 * h, rows: rows, bias: nil,
      accumulate: false, into: &dx, cStride: 2 * d)
    var inputs = inputGradient.mutableSpan
    var carried = carriedHidden.mutableSpan
    let joint = joinedGradient.span
    for row in 0..<rows {
      let at = row * 2 * d
      inputs.copy(joint.extracting(at..<at + d), at: (start + row) * d)
      carried.copy(joint.extracting(at + d..<at + 2 * d), at: row * d)
    }
  }

  // dW_0 += [x, h]ᵀ·dz, dB += Σ dz, dW_P += mᵀ·dh.
  private func weightGradient(positions: Int, into gradient: Block<R>) {
    let dz = gates.span(0..<positions * 4 * h)
    var dw = gradient.mutableSpan(weightRange)
    fresh.addTransposedProduct(
      joined.span, aStride: 2 * d, rows: 2 * d, by: dz, bStride: 4 * h, columns: 4 * h,
      depth: positions, into: &dw)
    var db = gradient.mutableSpan(biasRange)
    db.addRows(of: dz, rows: positions)
    guard hasProjection else { return }
    var dp = gradient.mutableSpan(projectionRange)
    fresh.addTransposedProduct(
      memory.span, aStride: h, rows: h, by: hiddenGradient.span, bStride: d, columns: d,
      depth: positions, into: &dp)
  }
}
