import Testing

import LinearAlgebra

struct OptimiserStepTests {
  @Test(arguments: InstructionSet.available)
  func `Adam does what it says at every length and nothing beyond`(set: InstructionSet) {
    let step = OptimiserStep.Adam(
      rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, scale: 0.3)
    var random = SeededGenerator(seed: 41)
    for n in 0...70 {
      let gradient = random.floats(n, limit: 3)
      let spare = Array(repeating: guardFloat, count: guardCount)
      let old = (random.floats(n), random.floats(n).map { $0 * $0 }, random.floats(n, limit: 2))
      var (m, v, w) = (old.0 + spare, old.1 + spare, old.2 + spare)
      do {
        var allM = m.mutableSpan
        var allV = v.mutableSpan
        var allW = w.mutableSpan
        var partM = allM._mutatingExtracting(0..<n)
        var partV = allV._mutatingExtracting(0..<n)
        var partW = allW._mutatingExtracting(0..<n)
        OptimiserStep.adam(
          step, gradient: gradient.span, mean: &partM, square: &partV, weights: &partW, on: set)
      }
      for i in 0..<n {
        let s = 0.3 * gradient[i]
        let mean = ((1 - step.beta1) * s).addingProduct(step.beta1, old.0[i])
        let square = ((1 - step.beta2) * (s * s)).addingProduct(step.beta2, old.1[i])
        let weight = old.2[i] - 0.01 * mean / (square.squareRoot() + 1e-6)
        #expect(bits([m[i], v[i], w[i]]) == bits([mean, square, weight]), "length \(n), seed 41")
      }
      #expect(isUntouched(m[n...]) && isUntouched(v[n...]) && isUntouched(w[n...]))
    }
  }

  @Test(arguments: InstructionSet.available)
  func `Adagrad does what it says at every length and nothing beyond`(set: InstructionSet) {
    var random = SeededGenerator(seed: 42)
    for n in 0...70 {
      let gradient = random.floats(n, limit: 3)
      let spare = Array(repeating: guardFloat, count: guardCount)
      let old = (random.floats(n).map { 1 + $0 * $0 }, random.floats(n, limit: 2))
      var (a, w) = (old.0 + spare, old.1 + spare)
      do {
        var allA = a.mutableSpan
        var allW = w.mutableSpan
        var partA = allA._mutatingExtracting(0..<n)
        var partW = allW._mutatingExtracting(0..<n)
        OptimiserStep.adagrad(
          rate: 0.2, scale: 0.7, gradient: gradient.span, sums: &partA, weights: &partW, on: set)
      }
      for i in 0..<n {
        let s = 0.7 * gradient[i]
        let sum = old.0[i].addingProduct(s, s)
        let weight = old.1[i] - 0.2 * s / sum.squareRoot()
        #expect(bits([a[i], w[i]]) == bits([sum, weight]), "length \(n), seed 42")
      }
      #expect(isUntouched(a[n...]) && isUntouched(w[n...]), "length \(n)")
    }
  }

  @Test func `Adam finds the bottom of a bowl`() {
    var (m, v, w) = (
      [Float](repeating: 0, count: 2), [Float](repeating: 0, count: 2), [3, -2] as [Float]
    )
    for _ in 0..<2000 {
      let gradient = [w[0] - 1, 4 * (w[1] - 0.5)]
      var mSpan = m.mutableSpan
      var vSpan = v.mutableSpan
      var wSpan = w.mutableSpan
      OptimiserStep.adam(
        OptimiserStep.Adam(rate: 0.01), gradient: gradient.span, mean: &mSpan, square: &vSpan,
        weights: &wSpan)
    }
    #expect(abs(w[0] - 1) < 1e-2 && abs(w[1] - 0.5) < 1e-2)
  }
}
