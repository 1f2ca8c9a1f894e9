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
    var ownSums = sums.part(0..<rows)
    var ownGreatest = greatest.part(0..<rows)
    Softmax.exponentials(
      &x, rows: rows, columns: columns, stride: columns, sums: &ownSums, greatest: &ownGreatest)
  }

  package static func axpy(_ factor: Float, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    Vector.axpy(factor, x, into: &y)
  }

  package static func cellForward(
    gates: inout MutableSpan<Float>, before: Span<Float>, cell: inout MutableSpan<Float>,
    tanhCell: inout MutableSpan<Float>, output: inout MutableSpan<Float>, rows: Int, size: Int,
    limit: Float?
  ) {
    LSTMCell.forward(
      gates: &gates, gatesStride: 4 * size, cellBefore: before, cell: &cell, tanhCell: &tanhCell,
      output: &output, stride: size, rows: rows, cellSize: size, cellClip: limit)
  }

  package static func cellBackward(
    gates: inout MutableSpan<Float>, before: Span<Float>, cell: Span<Float>, tanhCell: Span<Float>,
    outputGradient: Span<Float>, cellGradient: inout MutableSpan<Float>, rows: Int, size: Int,
    limit: Float?
  ) {
    LSTMCell.backward(
      gates: &gates, gatesStride: 4 * size, cellBefore: before, cell: cell, tanhCell: tanhCell,
      dOutput: outputGradient, dCell: &cellGradient, stride: size, rows: rows, cellSize: size,
      cellClip: limit)
  }

  package static func sumOfSquares(_ x: Span<Float>) -> Double { Vector.sumOfSquares(x) }

  package static func adam(
    _ w: inout MutableSpan<Float>, gradient: Span<Float>, scale: Float,
    mean: inout MutableSpan<Float>, square: inout MutableSpan<Float>, step: AdamStep
  ) {
    // rate · m̂ / (√v̂ + ε) with both corrections taken into rate and ε.
    let root = step.correction2.squareRoot()
    OptimiserStep.adam(
      OptimiserStep.Adam(
        rate: Float(step.rate * root / step.correction1), beta1: Float(step.beta1),
        beta2: Float(step.beta2), epsilon: Float(step.epsilon * root), scale: scale),
      gradient: gradient, mean: &mean, square: &square, weights: &w)
  }

  package static func adagrad(
    _ w: inout MutableSpan<Float>, gradient: Span<Float>, scale: Float,
    accumulator: inout MutableSpan<Float>, rate: Double
  ) {
    OptimiserStep.adagrad(
      rate: Float(rate), scale: scale, gradient: gradient, sums: &accumulator, weights: &w)
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
    _ a: Span<Float>, aStride: Int, rows m: Int, bias: Span<Float>?, accumulate: Bool,
    into c: inout MutableSpan<Float>, cStride: Int
  ) {
    TrainingProduct.multiply(
      a, aStride: aStride, rows: m, by: factor, bias: bias, accumulate: accumulate, into: &c,
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
