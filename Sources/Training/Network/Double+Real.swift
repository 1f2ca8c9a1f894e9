import Foundation
package import LinearAlgebra

/// The plain loops against which gradients are checked.
extension Double: Real {
  package typealias Factor = PlainFactor

  package static func sigmoid(_ x: inout MutableSpan<Double>) {
    for index in x.indices { x[index] = sigmoid(x[index]) }
  }

  package static func tanh(_ x: inout MutableSpan<Double>) {
    for index in x.indices { x[index] = Foundation.tanh(x[index]) }
  }

  package static func logarithm(_ x: Double) -> Double { Foundation.log(x) }

  package static func exponential(_ x: Double) -> Double { Foundation.exp(x) }

  package static func exponentials(
    _ x: inout MutableSpan<Double>, rows: Int, columns: Int, greatest: inout MutableSpan<Double>,
    sums: inout MutableSpan<Double>
  ) {
    for row in 0..<rows {
      var top = -Double.infinity
      for column in 0..<columns { top = max(top, x[row * columns + column]) }
      var sum = 0.0
      for column in 0..<columns {
        let value = exp(x[row * columns + column] - top)
        x[row * columns + column] = value
        sum += value
      }
      greatest[row] = top
      sums[row] = sum
    }
  }

  package static func axpy(
    _ factor: Double, _ x: Span<Double>, into y: inout MutableSpan<Double>
  ) {
    for index in x.indices { y[index] += factor * x[index] }
  }

  package static func cellForward(
    gates: inout MutableSpan<Double>, before: Span<Double>, cell: inout MutableSpan<Double>,
    tanhCell: inout MutableSpan<Double>, output: inout MutableSpan<Double>, rows: Int, size: Int,
    limit: Double?
  ) {
    for row in 0..<rows {
      for unit in 0..<size {
        let at = row * 4 * size + unit
        let place = row * size + unit
        let i = sigmoid(gates[at])
        let j = Foundation.tanh(gates[at + size])
        let f = sigmoid(gates[at + 2 * size] + 1)
        let o = sigmoid(gates[at + 3 * size])
        var c = f * before[place] + i * j
        if let limit { c = min(limit, max(-limit, c)) }
        let t = Foundation.tanh(c)
        (gates[at], gates[at + size]) = (i, j)
        (gates[at + 2 * size], gates[at + 3 * size]) = (f, o)
        (cell[place], tanhCell[place], output[place]) = (c, t, o * t)
      }
    }
  }

  package static func cellBackward(
    gates: inout MutableSpan<Double>, before: Span<Double>, cell: Span<Double>,
    tanhCell: Span<Double>, outputGradient: Span<Double>, cellGradient: inout MutableSpan<Double>,
    rows: Int, size: Int, limit: Double?
  ) {
    for row in 0..<rows {
      for unit in 0..<size {
        let at = row * 4 * size + unit
        let place = row * size + unit
        let (i, j) = (gates[at], gates[at + size])
        let (f, o) = (gates[at + 2 * size], gates[at + 3 * size])
        let t = tanhCell[place]
        let dm = outputGradient[place]
        var dc = cellGradient[place] + dm * o * (1 - t * t)
        if let limit, abs(cell[place]) >= limit { dc = 0 }
        gates[at] = dc * j * i * (1 - i)
        gates[at + size] = dc * i * (1 - j * j)
        gates[at + 2 * size] = dc * before[place] * f * (1 - f)
        gates[at + 3 * size] = dm * t * o * (1 - o)
        cellGradient[place] = dc * f
      }
    }
  }

  package static func sumOfSquares(_ x: Span<Double>) -> Double {
    var sum = 0.0
    for index in x.indices { sum += x[index] * x[index] }
    return sum
  }

  package static func adam(
    _ w: inout MutableSpan<Double>, gradient: Span<Double>, scale: Double,
    mean: inout MutableSpan<Double>, square: inout MutableSpan<Double>, step: AdamStep
  ) {
    for index in w.indices {
      let g = gradient[index] * scale
      mean[index] = step.beta1 * mean[index] + (1 - step.beta1) * g
      square[index] = step.beta2 * square[index] + (1 - step.beta2) * g * g
      let root = (square[index] / step.correction2).squareRoot() + step.epsilon
      w[index] -= step.rate * (mean[index] / step.correction1) / root
    }
  }

  package static func adagrad(
    _ w: inout MutableSpan<Double>, gradient: Span<Double>, scale: Double,
    accumulator: inout MutableSpan<Double>, rate: Double
  ) {
    for index in w.indices {
      let g = gradient[index] * scale
      accumulator[index] += g * g
      w[index] -= rate * g / accumulator[index].squareRoot()
    }
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

/// A factor whose products are three loops.
package final class PlainFactor: ProductFactor {
  private var values: [Double] = []  // [rows, columns]
  private var rows = 0
  private var columns = 0

  package init(_ precision: ProductPrecision) {}

  package func set(
    _ values: Span<Double>, rows: Int, columns: Int, stride: Int, transposed: Bool
  ) {
    (self.rows, self.columns) = (rows, columns)
    self.values = Array(repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        self.values[row * columns + column] =
          values[transposed ? column * stride + row : row * stride + column]
      }
    }
  }

  package func multiply(
    _ a: Span<Double>, aStride: Int, rows m: Int, bias: Span<Double>?, accumulate: Bool,
    into c: inout MutableSpan<Double>, cStride: Int
  ) {
    for row in 0..<m {
      for column in 0..<columns {
        var sum = bias?[column] ?? 0
        for index in 0..<rows { sum += a[row * aStride + index] * values[index * columns + column] }
        let at = row * cStride + column
        c[at] = accumulate ? c[at] + sum : sum
      }
    }
  }

  package func addTransposedProduct(
    _ a: Span<Double>, aStride: Int, rows m: Int, by b: Span<Double>, bStride: Int,
    columns n: Int, depth k: Int, into c: inout MutableSpan<Double>
  ) {
    for index in 0..<k {
      for row in 0..<m {
        for column in 0..<n {
          c[row * n + column] += a[index * aStride + row] * b[index * bStride + column]
        }
      }
    }
  }
}
