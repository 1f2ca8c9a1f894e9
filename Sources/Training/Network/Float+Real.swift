import Foundation
package import LinearAlgebra

extension Float: Real {
  package typealias Factor = PackedFactor

  package static func sigmoid(_ x: inout MutableSpan<Float>) { Activations.sigmoid(&x) }

  package static func tanh(_ x: inout MutableSpan<Float>) { Activations.tanh(&x) }

  package static func relu(_ x: inout MutableSpan<Float>) { Activations.relu(&x) }

  package static func reluBackward(_ y: Span<Float>, into dy: inout MutableSpan<Float>) {
    Vector.reluBackward(y, into: &dy)
  }

  package static func highway(
    gate: Span<Float>, transformed: Span<Float>, into h: inout MutableSpan<Float>
  ) {
    Vector.highway(gate: gate, transformed: transformed, into: &h)
  }

  package static func highwayBackward(
    h: Span<Float>, gate: inout MutableSpan<Float>, transformed: inout MutableSpan<Float>,
    dy: inout MutableSpan<Float>
  ) {
    Vector.highwayBackward(h: h, gate: &gate, transformed: &transformed, dy: &dy)
  }

  package static func windowMaximum(
    of scores: Span<Float>, windows: Int, bias: Span<Float>, into best: inout MutableSpan<Float>,
    winners: inout MutableSpan<Int32>
  ) {
    Convolution.maximum(of: scores, windows: windows, bias: bias, into: &best, winners: &winners)
  }

  package static func convolutionBackward(
    _ dy: Span<Float>, winners: Span<Int32>, step: Int, input: Span<Float>, kernel: Span<Float>,
    dInput: inout MutableSpan<Float>, dKernel: inout MutableSpan<Float>,
    dBias: inout MutableSpan<Float>
  ) {
    Convolution.backward(
      dy, winners: winners, step: step, input: input, kernel: kernel, dInput: &dInput,
      dKernel: &dKernel, dBias: &dBias)
  }

  package static func gatherRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Float>, into y: inout MutableSpan<Float>,
    yStride: Int
  ) {
    Vector.gatherRows(
      indices, columns: columns, of: x, xRows: x.count / columns, xStride: columns, into: &y,
      yStride: yStride)
  }

  package static func scatterAddRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Float>, into y: inout MutableSpan<Float>
  ) {
    Vector.scatterAddRows(
      indices, columns: columns, of: x, xStride: columns, into: &y, yRows: y.count / columns,
      yStride: columns)
  }

  package static func dot(_ x: Span<Float>, _ y: Span<Float>) -> Float { Vector.dot(x, y) }

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
    gates: inout MutableSpan<Float>, gatesStride: Int, before: Span<Float>,
    cell: inout MutableSpan<Float>,
    tanhCell: inout MutableSpan<Float>, output: inout MutableSpan<Float>, rows: Int, size: Int,
    limit: Float?
  ) {
    LSTMCell.forward(
      gates: &gates, gatesStride: gatesStride, cellBefore: before, cell: &cell, tanhCell: &tanhCell,
      output: &output, stride: size, rows: rows, cellSize: size, cellClip: limit)
  }

  package static func cellBackward(
    gates: inout MutableSpan<Float>, gatesStride: Int, before: Span<Float>, cell: Span<Float>,
    tanhCell: Span<Float>, outputGradient: Span<Float>, cellGradient: inout MutableSpan<Float>,
    biasGradient: inout MutableSpan<Float>, rows: Int, size: Int, limit: Float?
  ) {
    LSTMCell.backward(
      gates: &gates, gatesStride: gatesStride, cellBefore: before, cell: cell, tanhCell: tanhCell,
      dOutput: outputGradient, dCell: &cellGradient, stride: size, dBias: &biasGradient, rows: rows,
      cellSize: size, cellClip: limit)
  }

  package static func drop(
    _ dropout: Dropout, from x: inout MutableSpan<Float>, rows: Int, columns: Int, stride: Int
  ) {
    dropout.apply(to: &x, rows: rows, columns: columns, stride: stride)
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
  private let turned = Block<Float>()  // [n, m] of a product that is made the other way round

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
    // The left factor is the dearer one to pack across its rows: a tall product is made as its
    // transpose, bᵀ · a, element by element the same sum.
    guard m > n else {
      TrainingProduct.multiply(
        a, aStride: aStride, transposeA: true, rows: m, by: b, bStride: bStride, columns: n,
        depth: k, precision: precision, accumulate: true, into: &c, cStride: n, scratch: &scratch)
      return
    }
    turned.grow(to: m * n)
    var result = turned.mutableSpan
    TrainingProduct.multiply(
      b, aStride: bStride, transposeA: true, rows: n, by: a, bStride: aStride, columns: m,
      depth: k, precision: precision, accumulate: false, into: &result, cStride: m,
      scratch: &scratch)
    c.addTransposed(turned.span, rows: n, columns: m)
  }
}
