package import LinearAlgebra

/// The numbers that back-propagation computes with: Float trains, Double checks gradients.
///
/// Float goes through the vector kernels, Double through plain loops that read like the formulas.
package protocol Real: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// The right factor of a product, made ready for many left ones.
  associatedtype Factor: ProductFactor where Factor.Scalar == Self

  /// x = 1 / (1 + exp(-x)).
  static func sigmoid(_ x: inout MutableSpan<Self>)

  /// x = tanh(x).
  static func tanh(_ x: inout MutableSpan<Self>)

  /// x = max(0, x).
  static func relu(_ x: inout MutableSpan<Self>)

  /// dy = dy where y > 0, else 0: the way back through relu, which gave `y`.
  static func reluBackward(_ y: Span<Self>, into dy: inout MutableSpan<Self>)

  /// h = gate * transformed + (1 - gate) * h, all of one length.
  static func highway(
    gate: Span<Self>, transformed: Span<Self>, into h: inout MutableSpan<Self>)

  /// The way back through `highway`, whose `gate` was a sigmoid, `transformed` a relu, `h` its input.
  ///
  /// `gate` and `transformed` receive the gradients of the arguments of sigmoid and relu; `dy`, the
  /// gradient of the output, receives that of `h` beside what flows through those two.
  static func highwayBackward(
    h: Span<Self>, gate: inout MutableSpan<Self>, transformed: inout MutableSpan<Self>,
    dy: inout MutableSpan<Self>)

  /// best = bias + the greatest of each column of `scores` [windows, columns], and the first window
  /// that has it.
  static func windowMaximum(
    of scores: Span<Self>, windows: Int, bias: Span<Self>, into best: inout MutableSpan<Self>,
    winners: inout MutableSpan<Int32>)

  /// The way back from one token's maxima [channels] to its input and the kernel [channels, span].
  ///
  /// Channel c saw `input` from winners[c] * step on. Adds to what is written.
  static func convolutionBackward(
    _ dy: Span<Self>, winners: Span<Int32>, step: Int, input: Span<Self>, kernel: Span<Self>,
    dInput: inout MutableSpan<Self>, dKernel: inout MutableSpan<Self>,
    dBias: inout MutableSpan<Self>)

  /// y[row] = x[indices[row]]: rows of `columns` numbers, those of x tight, those of y `yStride` apart.
  static func gatherRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Self>, into y: inout MutableSpan<Self>,
    yStride: Int)

  /// y[indices[row]] = y[indices[row]] + x[row], row after row; rows of `columns` numbers, tight.
  static func scatterAddRows(
    _ indices: Span<Int32>, columns: Int, of x: Span<Self>, into y: inout MutableSpan<Self>)

  /// ln(x) of a single number.
  static func logarithm(_ x: Self) -> Self

  /// exp(x) of a single number.
  static func exponential(_ x: Self) -> Self

  /// x = exp(x - greatest), and the greatest and the sum of the results, for each row of a matrix.
  static func exponentials(
    _ x: inout MutableSpan<Self>, rows: Int, columns: Int, greatest: inout MutableSpan<Self>,
    sums: inout MutableSpan<Self>)

  /// The inner product.
  static func dot(_ x: Span<Self>, _ y: Span<Self>) -> Self

  /// y = y + factor * x.
  static func axpy(_ factor: Self, _ x: Span<Self>, into y: inout MutableSpan<Self>)

  /// One step of the cell (ELMO.md 3.2) that keeps what `cellBackward` needs.
  ///
  /// `gates` [rows, 4H], rows `gatesStride` apart, holds z, and then σ(i), tanh(j), σ(f + 1), σ(o).
  /// `before` is the cell of the step before; `cell`, `tanhCell` and `output` are written, all
  /// [rows, H]. A nil `limit` means none.
  static func cellForward(
    gates: inout MutableSpan<Self>, gatesStride: Int, before: Span<Self>,
    cell: inout MutableSpan<Self>,
    tanhCell: inout MutableSpan<Self>, output: inout MutableSpan<Self>, rows: Int, size: Int,
    limit: Self?)

  /// The gradient of one step of the cell (ELMO.md 8.1).
  ///
  /// `gates` holds the activated gates, and then dz, which is added to `biasGradient` [4H] too;
  /// `outputGradient` [rows, H] is dm; `cellGradient` [rows, H] holds dc of the step after, and then
  /// that of the step before.
  static func cellBackward(
    gates: inout MutableSpan<Self>, gatesStride: Int, before: Span<Self>, cell: Span<Self>,
    tanhCell: Span<Self>, outputGradient: Span<Self>, cellGradient: inout MutableSpan<Self>,
    biasGradient: inout MutableSpan<Self>, rows: Int, size: Int,
    limit: Self?)

  /// x = x / (1 - probability), or 0 where an element of x [rows, columns] is dropped.
  static func drop(
    _ dropout: Dropout, from x: inout MutableSpan<Self>, rows: Int, columns: Int, stride: Int)

  /// Σ x².
  static func sumOfSquares(_ x: Span<Self>) -> Double

  /// One step of Adam: g is scaled, m and v follow it, w moves by rate · m̂ / (√v̂ + ε).
  static func adam(
    _ w: inout MutableSpan<Self>, gradient: Span<Self>, scale: Self, mean: inout MutableSpan<Self>,
    square: inout MutableSpan<Self>, step: AdamStep)

  /// One step of Adagrad: a += g², w moves by rate · g / √a; a starts above 0.
  static func adagrad(
    _ w: inout MutableSpan<Self>, gradient: Span<Self>, scale: Self,
    accumulator: inout MutableSpan<Self>, rate: Double)
}

/// What Adam needs at one step beside the arrays.
package struct AdamStep: Sendable {
  /// The rate of this step.
  package var rate: Double
  /// What the mean keeps of itself.
  package var beta1: Double
  /// What the mean of squares keeps of itself.
  package var beta2: Double
  /// Added to the root.
  package var epsilon: Double
  /// 1 - beta1^t, by which the mean is divided.
  package var correction1: Double
  /// 1 - beta2^t, by which the mean of squares is divided.
  package var correction2: Double

  /// The step number `t`, from 1.
  package init(
    rate: Double, number: Int, beta1: Double = 0.9, beta2: Double = 0.99, epsilon: Double = 1e-8
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    correction1 = 1 - Self.power(beta1, number)
    correction2 = 1 - Self.power(beta2, number)
  }

  /// base^exponent by repeated squaring, the same on every machine.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

/// A matrix b [rows, columns] that stands on the right of products.
package protocol ProductFactor: AnyObject {
  associatedtype Scalar: Real where Scalar.Factor == Self

  /// An empty factor; its products run in `precision`.
  init(_ precision: ProductPrecision)

  /// Takes over b: `values` is [rows, columns], or its transpose [columns, rows] when `transposed`,
  /// with `stride` numbers from row to row of what is stored.
  func set(
    _ values: Span<Scalar>, rows: Int, columns: Int, stride: Int, transposed: Bool)

  /// c [m, columns] = a [m, rows] · b, or that plus `bias` [columns], or plus c when `accumulate`.
  ///
  /// Rows of a may overlap.
  func multiply(
    _ a: Span<Scalar>, aStride: Int, rows m: Int, bias: Span<Scalar>?, accumulate: Bool,
    into c: inout MutableSpan<Scalar>, cStride: Int)

  /// c [m, n] = c + aᵀ · b of row-major a [k, m] and b [k, n]: the gradient of a weight matrix.
  func addTransposedProduct(
    _ a: Span<Scalar>, aStride: Int, rows m: Int, by b: Span<Scalar>, bStride: Int, columns n: Int,
    depth k: Int, into c: inout MutableSpan<Scalar>)
}
