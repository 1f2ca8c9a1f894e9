import Foundation
import Testing
import Training

struct OptimiserTests {
  private static func settings(
    _ optimiser: PretrainingSettings.Optimiser
  ) -> PretrainingSettings {
    var settings = PretrainingSettings(optimiser: optimiser)
    settings.firstMoment = 0.75
    settings.secondMoment = 0.9375
    settings.epsilon = 0.125
    settings.firstAccumulator = 0.5
    return settings
  }

  private static let start: [Double] = [1, -2, 0.5, 0.25, -1, 3, 2, 4]
  private static let gradient: [Double] = [0.5, -1, 0, 2, 1e-3, -0.25, 7, 0.125]

  // w - rate m̂ / (√v̂ + ε), written out for the first step: m̂ = g, v̂ = g².
  @Test func `the first step of Adam goes by the sign of large gradients`() {
    let optimiser = Optimiser<Double>(Self.settings(.adam), count: 8)
    var values = Self.start
    optimiser.step(
      &values, range: 0..<8, gradient: Self.gradient.span, scale: 0.5, rate: 0.1, number: 1)
    for (index, raw) in Self.gradient.enumerated() {
      let g = raw / 2
      #expect(abs(values[index] - (Self.start[index] - 0.1 * g / (abs(g) + 0.125))) < 1e-15)
      #expect(abs(optimiser.means[index] - 0.25 * g) < 1e-15)
      #expect(abs(optimiser.squares[index] - 0.0625 * g * g) < 1e-15)
    }
  }

  @Test func `Adagrad divides by the root of all squares so far`() {
    let optimiser = Optimiser<Double>(Self.settings(.adagrad), count: 8)
    var values = Self.start
    for number in 1...3 {
      optimiser.step(
        &values, range: 0..<8, gradient: Self.gradient.span, scale: 1, rate: 0.1, number: number)
    }
    for (index, g) in Self.gradient.enumerated() {
      let moved = (1...3).reduce(0) { $0 + 0.1 * g / (0.5 + Double($1) * g * g).squareRoot() }
      #expect(abs(values[index] - (Self.start[index] - moved)) < 1e-14)
    }
    #expect(optimiser.means.isEmpty)
  }

  @Test(arguments: PretrainingSettings.Optimiser.allCases)
  func `rows that have no gradient stay, with all that is kept of them`(
    optimiser kind: PretrainingSettings.Optimiser
  ) {
    // Four rows of two; the third, then the first.
    let settings = Self.settings(kind)
    let (some, all) = (
      Optimiser<Float>(settings, count: 8), Optimiser<Float>(settings, count: 8)
    )
    let start = Self.start.map { Float($0) }
    var (values, dense) = (start, start)
    let gradients: [[Float]] = [[0.5, -1, 0.25, 2], [1, 3, -0.125, 0.5], [0, 1, 1, 0]]
    for (number, gradient) in gradients.enumerated() {
      some.step(
        &values, rows: [2, 0], width: 2, gradient: gradient.span, scale: 0.5, rate: 0.1,
        number: number + 1)
      // The same as a step of everything whose other gradients are zero, as far as these rows go.
      all.step(
        &dense, range: 0..<8,
        gradient: [gradient[2], gradient[3], 0, 0, gradient[0], gradient[1], 0, 0].span,
        scale: 0.5, rate: 0.1, number: number + 1)
    }
    for place in 0..<8 {
      let isTouched = [0, 1, 4, 5].contains(place)
      #expect(values[place] == (isTouched ? dense[place] : start[place]))
      if isTouched { #expect(values[place] != start[place]) }
      let first: Float = kind == .adam ? 0 : 0.5
      #expect(some.squares[place] == (isTouched ? all.squares[place] : first))
      if kind == .adam { #expect(some.means[place] == (isTouched ? all.means[place] : 0)) }
    }
    // Rows that were skipped do not decay: they go on as they stood.
    let kept = some.squares
    some.step(
      &values, rows: [1], width: 2, gradient: [Float(1), 1].span, scale: 1, rate: 0.1, number: 4)
    for place in [0, 1, 4, 5, 6, 7] { #expect(some.squares[place] == kept[place]) }
    #expect(some.squares[2] != kept[2])
  }

  @Test(arguments: PretrainingSettings.Optimiser.allCases)
  func `an optimiser takes up where another stopped`(
    optimiser kind: PretrainingSettings.Optimiser
  ) {
    let settings = Self.settings(kind)
    let whole = Optimiser<Float>(settings, count: 8)
    let gradient = Self.gradient.map { Float($0) }
    var values = Self.start.map { Float($0) }
    whole.step(
      &values, range: 2..<6, gradient: gradient.span.extracting(0..<4), scale: 1, rate: 0.1,
      number: 1)
    let resumed = Optimiser<Float>(settings, count: 8)
    resumed.restore(means: whole.means, squares: whole.squares)
    var again = values
    whole.step(&values, range: 0..<8, gradient: gradient.span, scale: 1, rate: 0.1, number: 2)
    resumed.step(&again, range: 0..<8, gradient: gradient.span, scale: 1, rate: 0.1, number: 2)
    #expect(again == values && resumed.squares == whole.squares)
  }
}
