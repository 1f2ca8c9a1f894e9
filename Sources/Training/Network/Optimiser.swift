/// Turns gradients into steps: Adam or Adagrad, for arrays or for some rows of a table.
package final class Optimiser<R: Real> {
  private let kind: PretrainingSettings.Optimiser
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let count: Int
  private let meanBlock: Block<R>
  private let squareBlock: Block<R>

  /// The optimiser of `count` numbers by a run's settings.
  package init(_ settings: PretrainingSettings, count: Int) {
    kind = settings.optimiser
    beta1 = Double(settings.firstMoment)
    beta2 = Double(settings.secondMoment)
    epsilon = Double(settings.epsilon)
    self.count = count
    meanBlock = Block(count: settings.optimiser == .adam ? count : 0)
    squareBlock = Block(count: count)
    if settings.optimiser == .adagrad {
      squareBlock.fill(count, with: R(settings.firstAccumulator))
    }
  }

  /// Adam's means of gradients; empty for Adagrad.
  package var means: [R] { meanBlock.array(kind == .adam ? count : 0) }

  /// Adam's means of squares, or Adagrad's sums of squares.
  package var squares: [R] { squareBlock.array(count) }

  /// Takes up where another run stopped.
  package func restore(means: [R], squares: [R]) {
    precondition(
      means.count == (kind == .adam ? count : 0) && squares.count == count,
      "\(means.count) and \(squares.count) numbers of \(count)")
    meanBlock.set(means.span)
    squareBlock.set(squares.span)
  }

  /// Steps a range of the numbers; step numbers count from 1. `gradient` belongs to the range.
  package func step(
    _ values: inout [R], range: Range<Int>, gradient: Span<R>, scale: R, rate: Double, number: Int
  ) {
    let step = AdamStep(rate: rate, number: number, beta1: beta1, beta2: beta2, epsilon: epsilon)
    var all = values.mutableSpan
    self.step(&all, range: range, gradient: gradient, scale: scale, step: step)
  }

  /// Steps some rows of a table [_, width]; the others, and what is kept of them, stay.
  package func step(
    _ values: inout [R], rows: [Int32], width: Int, gradient: Span<R>, scale: R, rate: Double,
    number: Int
  ) {
    let step = AdamStep(rate: rate, number: number, beta1: beta1, beta2: beta2, epsilon: epsilon)
    var all = values.mutableSpan
    for (place, row) in rows.enumerated() {
      let first = Int(row) * width
      self.step(
        &all, range: first..<first + width,
        gradient: gradient.extracting(place * width..<(place + 1) * width), scale: scale,
        step: step)
    }
  }

  private func step(
    _ values: inout MutableSpan<R>, range: Range<Int>, gradient: Span<R>, scale: R, step: AdamStep
  ) {
    var w = values.part(range)
    var square = squareBlock.mutableSpan(range)
    switch kind {
    case .adam:
      var mean = meanBlock.mutableSpan(range)
      R.adam(&w, gradient: gradient, scale: scale, mean: &mean, square: &square, step: step)
    case .adagrad:
      R.adagrad(
        &w, gradient: gradient, scale: scale, accumulator: &square, rate: step.rate)
    }
  }
}
