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

  package static func relu(_ x: inout MutableSpan<Double>) {
    for index in x.indices { x[index] = max(0, x[index]) }
  }

  package static func reluBackward(_ y: Span<Double>, into dy: inout MutableSpan<Double>) {
    for index in y.indices where y[index] <= 0 { dy[index] = 0 }
  }

  package static func highway(
    gate: Span<Double>, transformed: Span<Double>, into h: inout MutableSpan<Double>
  ) {
    for index in h.indices { h[index] += gate[index] * (transformed[index] - h[index]) }
  }

  package static func highwayBackward(
    h: Span<Double>, gate: inout MutableSpan<Double>, transformed: inout MutableSpan<Double>,
    dy: inout MutableSpan<Double>
  ) {
    for index in h.indices {
      let (g, t, d) = (gate[index], transformed[index], dy[index])
      gate[index] = d * (t - h[index]) * g * (1 - g)
      transformed[index] = t > 0 ? d * g : 0
      dy[index] = d * (1 - g)
    }
  }

  package static func windowMaximum(
    of scores: Span<Double>, windows: Int, bias: Span<Double>,
    into best: inout MutableSpan<Double>, winners: inout MutableSpan<Int32>
  ) {
    for column in bias.indices {
      var winner = 0
      for window in 0..<windows
      where scores[window * bias.count + column] > scores[winner * bias.count + column] {
        winner = window
      }
      winners[column] = Int32(winner)
      best[column] = scores[winner * bias.count + column] + bias[column]
    }
  }

  package static func convolutionBackward(
    _ dy: Span<Double>, winners: Span<Int32>, step: Int, input: Span<Double>,
    kernel: Span<Double>, dInput: inout MutableSpan<Double>, dKernel: inout MutableSpan<Double>,
    dBias: inout MutableSpan<Double>
  ) {
    let span = kernel.count / dy.count
    for channel in dy.indices {
      dBias[channel] += dy[channel]
      for place in 0..<span {
        let (seen, own) = (Int(winners[channel]) * step + place, channel * span + place)
        dKernel[own] += dy[channel] * input[seen]
        dInput[seen] += dy[channel] * kernel[own]
      }
    }
  }

  package static func gatherRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Double>, into y: inout MutableSpan<Double>,
    yStride: Int
  ) {
    for row in indices.indices {
      for column in 0..<columns {
        y[row * yStride + column] = x[Int(indices[row]) * columns + column]
      }
    }
  }

  package static func scatterAddRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Double>, into y: inout MutableSpan<Double>
  ) {
    for row in indices.indices {
      for column in 0..<columns {
        y[Int(indices[row]) * columns + column] += x[row * columns + column]
      }
    }
  }

  package static func dot(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    var sum = 0.0
    for index in x.indices { sum += x[index] * y[index] }
    return sum
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
    gates: inout MutableSpan<Double>, gatesStride: Int, before: Span<Double>,
    cell: inout MutableSpan<Double>,
    tanhCell: inout MutableSpan<Double>, output: inout MutableSpan<Double>, rows: Int, size: Int,
    limit: Double?
  ) {
    for row in 0..<rows {
      for unit in 0..<size {
        let at = row * gatesStride + unit
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
    gates: inout MutableSpan<Double>, gatesStride: Int, before: Span<Double>, cell: Span<Double>,
    tanhCell: Span<Double>, outputGradient: Span<Double>, cellGradient: inout MutableSpan<Double>,
    biasGradient: inout MutableSpan<Double>, rows: Int, size: Int, limit: Double?
  ) {
    for row in 0..<rows {
      for unit in 0..<size {
        let at = row * gatesStride + unit
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
        for gate in 0..<4 { biasGradient[gate * size + unit] += gates[at + gate * size] }
      }
    }
  }

  /// The mask is the one that floats get: it is read off a row of ones.
  package static func drop(
    _ dropout: Dropout, from x: inout MutableSpan<Double>, rows: Int, columns: Int, stride: Int
  ) {
    let kept = 1 / (1 - Double(dropout.probability))
    for row in 0..<rows {
      var ones = [Float](repeating: 1, count: columns)
      var mask = ones.mutableSpan
      dropout.apply(to: &mask, rows: 1, columns: columns, stride: columns, firstRow: row)
      for column in 0..<columns {
        x[row * stride + column] *= ones[column] == 0 ? 0 : kept
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
