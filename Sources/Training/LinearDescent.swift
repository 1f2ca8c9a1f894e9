/// L-BFGS on a linear head's loss, one step at a time.
///
/// Scores are linear in the weights, so a step costs two passes over the entries: the scores of the
/// way, and the gradient at its end. The search along the way needs none.
struct LinearDescent {
  private let matrix: SparseMatrix
  private let loss: LinearLoss
  private let l2: Double
  private let total: Double
  private var memory: LimitedMemory
  private var scores: [SIMD4<Float>]
  private var gradient: [SIMD4<Float>]
  private var value: Double
  private var steps = 0
  /// The columns' weights, and the biases as the last.
  private(set) var weights: [SIMD4<Float>]

  init(matrix: SparseMatrix, loss: LinearLoss, l2: Double) {
    self.matrix = matrix
    self.loss = loss
    self.l2 = l2
    total = loss.weights.reduce(0) { $0 + Double($1) }
    // The curvature of equal probabilities.
    let labels = Double(max(2, loss.outputs))
    let spread = Float((labels - 1) / (labels * labels))
    memory = LimitedMemory(
      capacity: 8,
      diagonal: matrix.squareSums(loss.weights).map { $0 * spread + Float(l2) }
        + [Float(total) * spread])
    weights = Array(repeating: SIMD4(), count: matrix.columns + 1)
    scores = Array(repeating: SIMD4(), count: matrix.rows)
    gradient = weights
    value = loss.along(scores, scores, at: 0).value
    gradient = slopes()
  }

  /// The mean loss over the rows' weights, penalty included.
  var meanLoss: Double { value / total }

  /// The largest number of the mean loss's gradient.
  var largestSlope: Double {
    Double(gradient.reduce(Float(0)) { max($0, max(-$1.min(), $1.max())) }) / total
  }

  /// Goes one step; the mean loss after it, or nil when no way leads down any more.
  mutating func step() -> Double? {
    var way = memory.direction(gradient)
    var slope = LimitedMemory.dot(gradient, way)
    if slope >= 0, memory.hasSteps {
      // Rounding spoiled the memory: begin again with the plain way down.
      memory.forget()
      way = memory.direction(gradient)
      slope = LimitedMemory.dot(gradient, way)
    }
    guard slope < 0 else { return nil }
    let wayScores = scoresOf(way)
    guard let (length, reached) = search(way, wayScores) else { return nil }
    let before = gradient
    LimitedMemory.add(Float(length), way, to: &weights)
    steps += 1
    if steps.isMultiple(of: 16) {
      // Made anew now and then, so that rounding does not add up.
      scores = scoresOf(weights)
    } else {
      LimitedMemory.add(Float(length), wayScores, to: &scores)
    }
    value = reached
    gradient = slopes()
    for place in way.indices { way[place] *= Float(length) }
    memory.add(step: way, change: zip(gradient, before).map { $0 - $1 })
    return meanLoss
  }

  private func scoresOf(_ weights: [SIMD4<Float>]) -> [SIMD4<Float>] {
    let bias = weights[matrix.columns]
    return matrix.scores(Array(weights[..<matrix.columns]), threads: loss.threads)
      .map { $0 + bias }
  }

  private func slopes() -> [SIMD4<Float>] {
    let residuals = loss.residuals(scores)
    var slopes = matrix.columnSums(residuals, threads: loss.threads)
    for column in slopes.indices { slopes[column] += Float(l2) * weights[column] }
    let bias = residuals.reduce(SIMD4<Double>()) { $0 + SIMD4<Double>($1) }
    return slopes + [SIMD4<Float>(bias)]
  }

  /// How far to go, and the loss there: Newton's steps to where the slope is a tenth of that at the
  /// start or less; nil when the loss falls nowhere.
  private func search(
    _ way: [SIMD4<Float>], _ wayScores: [SIMD4<Float>]
  ) -> (length: Double, value: Double)? {
    let own = Array(weights[..<matrix.columns])
    let ownWay = Array(way[..<matrix.columns])
    let square = LimitedMemory.dot(own, own)
    let mixed = LimitedMemory.dot(own, ownWay)
    let waySquare = LimitedMemory.dot(ownWay, ownWay)
    func at(_ t: Double) -> (value: Double, slope: Double, curvature: Double) {
      let labels = loss.along(scores, wayScores, at: t)
      return (
        labels.value + l2 / 2 * (square + 2 * t * mixed + t * t * waySquare),
        labels.slope + l2 * (mixed + t * waySquare), labels.curvature + l2 * waySquare
      )
    }
    let start = at(0)
    guard start.slope < 0 else { return nil }
    var low = 0.0
    var high = Double.infinity
    var length = min(1, -start.slope / start.curvature)
    for _ in 0..<40 {
      let here = at(length)
      if abs(here.slope) <= -0.1 * start.slope, here.value < start.value {
        return (length, here.value)
      }
      if here.slope < 0 { low = length } else { high = length }
      var next = length - here.slope / here.curvature
      if !(next > low && next < high) {
        next = high.isFinite ? (low + high) / 2 : 2 * length
      }
      length = next
    }
    return nil
  }
}
