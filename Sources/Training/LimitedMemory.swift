/// The curvature that L-BFGS remembers of its last steps, above a diagonal guess: Nocedal and Wright,
/// Numerical Optimization, algorithm 7.4.
struct LimitedMemory: Sendable {
  private struct Pair {
    var step: [SIMD4<Float>]
    var change: [SIMD4<Float>]
    var product: Double
  }

  /// Steps that are remembered.
  let capacity: Int
  /// The inverse of the guessed curvature of each place.
  private let inverseDiagonal: [Float]
  private var pairs: [Pair] = []
  private var scale = 1.0

  /// A memory of nothing.
  init(capacity: Int, diagonal: [Float]) {
    precondition(capacity > 0, "a memory holds 1 step or more, not \(capacity)")
    self.capacity = capacity
    inverseDiagonal = diagonal.map { 1 / $0 }
  }

  /// Remembers a step and the gradient's change along it; one without curvature is passed over.
  mutating func add(step: [SIMD4<Float>], change: [SIMD4<Float>]) {
    let product = LimitedMemory.dot(step, change)
    guard product > 0, product.isFinite else { return }
    let scaled = zip(change, inverseDiagonal).reduce(0.0) { sum, entry in
      sum + SIMD4<Double>(entry.0 * entry.0 * entry.1).sum()
    }
    scale = product / scaled
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append(Pair(step: step, change: change, product: product))
  }

  /// Forgets all steps.
  mutating func forget() {
    pairs.removeAll()
    scale = 1
  }

  /// True when steps are remembered.
  var hasSteps: Bool { !pairs.isEmpty }

  /// The way down: minus the inverse of the curvature times the gradient.
  func direction(_ gradient: [SIMD4<Float>]) -> [SIMD4<Float>] {
    var way = gradient
    var factors = [Double](repeating: 0, count: pairs.count)
    for number in pairs.indices.reversed() {
      factors[number] = LimitedMemory.dot(pairs[number].step, way) / pairs[number].product
      LimitedMemory.add(-Float(factors[number]), pairs[number].change, to: &way)
    }
    for place in way.indices { way[place] *= Float(scale) * inverseDiagonal[place] }
    for number in pairs.indices {
      let back = LimitedMemory.dot(pairs[number].change, way) / pairs[number].product
      LimitedMemory.add(Float(factors[number] - back), pairs[number].step, to: &way)
    }
    for place in way.indices { way[place] = -way[place] }
    return way
  }

  /// Σ a·b in double precision.
  static func dot(_ a: [SIMD4<Float>], _ b: [SIMD4<Float>]) -> Double {
    precondition(a.count == b.count, "\(a.count) numbers times \(b.count)")
    let a = a.span
    let b = b.span
    var sum = SIMD4<Double>()
    for place in a.indices { sum += SIMD4<Double>(a[place] * b[place]) }
    return sum.sum()
  }

  /// y = y + factor · x.
  static func add(_ factor: Float, _ x: [SIMD4<Float>], to y: inout [SIMD4<Float>]) {
    precondition(x.count == y.count, "\(x.count) numbers added to \(y.count)")
    let x = x.span
    var target = y.mutableSpan
    for place in x.indices { target[place] += factor * x[place] }
  }
}
