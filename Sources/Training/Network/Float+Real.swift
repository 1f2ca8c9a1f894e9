import Foundation
package import LinearAlgebra

extension Float: Real {
  package typealias Factor = PackedFactor

  package static func sigmoid(_ x: inout MutableSpan<Float>) { Activations.sigmoid(&x) }

  package static func tanh(_ x: inout MutableSpan<Float>) { Activations.tanh(&x) }

  package static func logarithm(_ x: Float) -> Float { Foundation.log(x) }

  package static func exponential(_ x: Float) -> Float { Foundation.exp(x) }

  package static func exponentials(
    _ x: inout MutableSpan<Float>, rows: Int, columns: Int, greatest: inout MutableSpan<Float>,
    sums: inout MutableSpan<Float>
  ) {
    for row in 0..<rows {
      var top = -Float.infinity
      for column in 0..<columns { top = max(top, x[row * columns + column]) }
      var sum: Float = 0
      for column in 0..<columns {
        let value = exp(x[row * columns + column] - top)
        x[row * columns + column] = value
        sum += value
      }
      greatest[row] = top
      sums[row] = sum
    }
  }

  package static func axpy(_ factor: Float, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    Vector.axpy(factor, x, into: &y)
  }

  package static func cellForward(
    gates: inout MutableSpan<Float>, cells: inout MutableSpan<Float>, previous: Int?,
    current: Int, tanhs: inout MutableSpan<Float>, outputs: inout MutableSpan<Float>, rows: Int,
    size: Int, limit: Float?
  ) {
    for row in 0..<rows {
      let at = row * 4 * size
      for unit in at + 2 * size..<at + 3 * size { gates[unit] += 1 }
      var i = gates.part(at..<at + size)
      Activations.sigmoid(&i)
      var j = gates.part(at + size..<at + 2 * size)
      Activations.tanh(&j)
      var fo = gates.part(at + 2 * size..<at + 4 * size)
      Activations.sigmoid(&fo)
      let place = row * size
      for unit in 0..<size {
        let before = previous.map { cells[$0 + place + unit] } ?? 0
        var c =
          gates[at + 2 * size + unit] * before + gates[at + unit] * gates[at + size + unit]
        if let limit { c = min(limit, max(-limit, c)) }
        cells[current + place + unit] = c
        tanhs[current + place + unit] = c
      }
      var t = tanhs.part(current + place..<current + place + size)
      Activations.tanh(&t)
      for unit in 0..<size {
        outputs[current + place + unit] =
          gates[at + 3 * size + unit] * tanhs[current + place + unit]
      }
    }
  }

  package static func cellBackward(
    gates: inout MutableSpan<Float>, outputGradient: Span<Float>, cells: Span<Float>,
    previous: Int?, current: Int, tanhs: Span<Float>, cellGradient: inout MutableSpan<Float>,
    rows: Int, size: Int, limit: Float?
  ) {
    for row in 0..<rows {
      for unit in 0..<size {
        let at = row * 4 * size + unit
        let place = row * size + unit
        let (i, j) = (gates[at], gates[at + size])
        let (f, o) = (gates[at + 2 * size], gates[at + 3 * size])
        let t = tanhs[current + place]
        let dm = outputGradient[place]
        var dc = cellGradient[place] + dm * o * (1 - t * t)
        if let limit, abs(cells[current + place]) >= limit { dc = 0 }
        let before = previous.map { cells[$0 + place] } ?? 0
        gates[at] = dc * j * i * (1 - i)
        gates[at + size] = dc * i * (1 - j * j)
        gates[at + 2 * size] = dc * before * f * (1 - f)
        gates[at + 3 * size] = dm * t * o * (1 - o)
        cellGradient[place] = dc * f
      }
    }
  }

  package static func sumOfSquares(_ x: Span<Float>) -> Double {
    var sum = 0.0
    for index in x.indices { sum += Double(x[index]) * Double(x[index]) }
    return sum
  }

  package static func adam(
    _ w: inout MutableSpan<Float>, gradient: Span<Float>, scale: Float,
    mean: inout MutableSpan<Float>, square: inout MutableSpan<Float>, step: AdamStep
  ) {
    let (b1, b2) = (Float(step.beta1), Float(step.beta2))
    let rate = Float(step.rate / step.correction1)
    let second = Float(1 / step.correction2)
    let epsilon = Float(step.epsilon)
    for index in w.indices {
      let g = gradient[index] * scale
      let m = b1 * mean[index] + (1 - b1) * g
      let v = b2 * square[index] + (1 - b2) * g * g
      mean[index] = m
      square[index] = v
      w[index] -= rate * m / ((v * second).squareRoot() + epsilon)
    }
  }

  package static func adagrad(
    _ w: inout MutableSpan<Float>, gradient: Span<Float>, scale: Float,
    accumulator: inout MutableSpan<Float>, rate: Double, epsilon: Double
  ) {
    let (rate, epsilon) = (Float(rate), Float(epsilon))
    for index in w.indices {
      let g = gradient[index] * scale
      let sum = accumulator[index] + g * g
      accumulator[index] = sum
      w[index] -= rate * g / (sum.squareRoot() + epsilon)
    }
  }
}

/// A factor whose products run on the packed kernels.
package final class PackedFactor: ProductFactor {
  private let precision: ProductPrecision
  private var factor = RightFactor(rows: 0, columns: 0)
  private var room = 0  // floats that the factor takes
  private var scratch = ProductScratch()

  package init(_ precision: ProductPrecision) { self.precision = precision }

  package func set(
    _ values: Span<Float>, rows: Int, columns: Int, stride: Int, transposed: Bool
  ) {
    let panel = RightFactor.panelColumns
    let size = (rows + 1) * ((columns + panel - 1) / panel * panel)
    if size > room {
      factor = RightFactor(rows: rows, columns: columns)
      room = size
    }
    factor.pack(
      values, rows: rows, columns: columns, stride: stride, transposed: transposed,
      precision: precision)
  }

  package func multiply(
    _ a: Span<Float>, aStride: Int, rows m: Int, accumulate: Bool,
    into c: inout MutableSpan<Float>, cStride: Int
  ) {
    TrainingProduct.multiply(
      a, aStride: aStride, rows: m, by: factor, accumulate: accumulate, into: &c,
      cStride: cStride, scratch: &scratch)
  }

  package func addTransposedProduct(
    _ a: Span<Float>, aStride: Int, rows m: Int, by b: Span<Float>, bStride: Int, columns n: Int,
    depth k: Int, into c: inout MutableSpan<Float>
  ) {
    TrainingProduct.multiply(
      a, aStride: aStride, transposeA: true, rows: m, by: b, bStride: bStride, columns: n,
      depth: k, precision: precision, accumulate: true, into: &c, cStride: n, scratch: &scratch)
  }
}
