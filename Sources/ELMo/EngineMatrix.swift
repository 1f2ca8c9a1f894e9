import LinearAlgebra

/// A weight matrix of the biLSTM as an engine multiplies with it.
enum EngineMatrix: Sendable {
  case fp32(PackedMatrix)
  case bf16(BFloat16Matrix)
  case int8(Int8Matrix)

  /// A copy of row-major weights; `scales` are the columns' in eight bits, if they have some already.
  init(_ weights: Span<Float>, rows: Int, columns: Int, engine: Engine, scales: [Float]?) {
    switch engine {
    case .fp32: self = .fp32(PackedMatrix(weights, rows: rows, columns: columns))
    case .bf16: self = .bf16(BFloat16Matrix(weights, rows: rows, columns: columns))
    case .int8: self = .int8(Int8Matrix(weights, rows: rows, columns: columns, scales: scales))
    }
  }

  /// c[m, n] = start + a[m, k] · b; the start is 0, or `bias`, or what `c` holds when `accumulate`.
  ///
  /// Rows of `a` and of `c` lie close together. A row's bits depend on that row alone.
  func multiply(
    _ a: Span<Float>, rows m: Int, bias: [Float]? = nil, accumulate: Bool = false,
    into c: inout MutableSpan<Float>, scratch: EngineScratch
  ) {
    switch self {
    case .fp32(let b):
      MatrixProduct.multiply(
        a, aStride: b.rows, rows: m, by: b, bias: bias, accumulate: accumulate, into: &c,
        cStride: b.columns)
    case .bf16(let b):
      b.multiply(
        a, aStride: b.rows, rows: m, bias: bias, accumulate: accumulate, into: &c,
        cStride: b.columns, scratch: &scratch.products)
    case .int8(let b):
      for first in stride(from: 0, to: m, by: scratch.quantised.capacity) {
        let rows = min(m - first, scratch.quantised.capacity)
        scratch.quantised.quantise(
          a.extracting(first * b.rows..<(first + rows) * b.rows), stride: b.rows, rows: rows,
          columns: b.rows)
        var part = c._mutatingExtracting(first * b.columns..<(first + rows) * b.columns)
        scratch.quantised.multiply(
          by: b, bias: bias, accumulate: accumulate, into: &part, cStride: b.columns)
      }
    }
  }

  /// Makes rows of `a` ready for products by some columns at a time.
  func prepare(
    _ a: Span<Float>, rows m: Int, as factor: EngineScratch.Factor, in scratch: EngineScratch
  ) {
    guard case .int8(let b) = self else { return }
    switch factor {
    case .input: scratch.input.quantise(a, stride: b.rows, rows: m, columns: b.rows)
    case .recurrent: scratch.recurrent.quantise(a, stride: b.rows, rows: m, columns: b.rows)
    }
  }

  /// The columns of some panels of 32 only, of rows that were prepared; `c` is as wide as they are, `bias` the
  /// whole one.
  func multiply(
    prepared a: Span<Float>, as factor: EngineScratch.Factor, rows m: Int, panels: Range<Int>,
    bias: [Float]? = nil, accumulate: Bool = false, into c: inout MutableSpan<Float>, cStride: Int,
    scratch: EngineScratch
  ) {
    switch self {
    case .fp32(let b):
      MatrixProduct.multiply(
        a, aStride: b.rows, rows: m, by: b, panels: panels, bias: bias, accumulate: accumulate,
        into: &c, cStride: cStride)
    case .bf16(let b):
      b.multiply(
        a, aStride: b.rows, rows: m, panels: panels, bias: bias, accumulate: accumulate, into: &c,
        cStride: cStride, scratch: &scratch.products)
    case .int8(let b):
      switch factor {
      case .input:
        scratch.input.multiply(
          by: b, panels: panels, bias: bias, accumulate: accumulate, into: &c, cStride: cStride)
      case .recurrent:
        scratch.recurrent.multiply(
          by: b, panels: panels, bias: bias, accumulate: accumulate, into: &c, cStride: cStride)
      }
    }
  }
}

/// What one thread needs to multiply.
///
/// A class, because it is changed from within a product while the workspace is only lent.
final class EngineScratch {
  /// What a step's gates are products of.
  enum Factor {
    case input, recurrent
  }

  /// Rows that are quantised together: enough to use every weight many times while it is in the cache.
  private static let rows = 256

  var quantised: QuantisedRows
  var input: QuantisedRows
  var recurrent: QuantisedRows
  var products = ProductScratch()

  /// Scratch for steps of so many rows at most.
  init(_ options: ELMoOptions, engine: Engine, rows: Int) {
    let (d, h) = (options.projectionSize, options.cellSize)
    let isInt8 = engine == .int8
    quantised = QuantisedRows(rows: isInt8 ? Self.rows : 0, columns: max(d, h))
    input = QuantisedRows(rows: isInt8 ? rows : 0, columns: d)
    recurrent = QuantisedRows(rows: isInt8 ? rows : 0, columns: d)
  }
}
