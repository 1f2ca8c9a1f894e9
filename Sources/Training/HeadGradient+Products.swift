import LinearAlgebra

extension HeadGradient {
  /// c = a·b (+ bias): one product of row-major matrices, its bits the same on every CPU.
  static func multiply(
    _ a: [Float], rows: Int, by b: [Float], columns: Int, bias: [Float]?, into c: inout [Float]
  ) {
    let inner = b.count / columns
    let packed = PackedMatrix(b.span, rows: inner, columns: columns)
    var target = c.mutableSpan
    MatrixProduct.multiply(
      a.span, aStride: inner, rows: rows, by: packed, bias: bias, accumulate: false,
      into: &target, cStride: columns)
  }

  /// The transpose [columns, rows] of a matrix [rows, columns].
  static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: rows * columns)
    var target = result.mutableSpan
    let source = values.span
    // In tiles, so that neither side walks through memory by long steps.
    let tile = 16
    for top in stride(from: 0, to: rows, by: tile) {
      for left in stride(from: 0, to: columns, by: tile) {
        for row in top..<min(top + tile, rows) {
          for column in left..<min(left + tile, columns) {
            target[column * rows + row] = source[row * columns + column]
          }
        }
      }
    }
    return result
  }

  /// The sums over the rows of a matrix [rows, columns], in row order.
  static func columnSums(_ values: [Float], columns: Int) -> [Float] {
    var sums = [Float](repeating: 0, count: columns)
    var target = sums.mutableSpan
    let source = values.span
    for first in stride(from: 0, to: source.count, by: columns) {
      for column in 0..<columns { target[column] += source[first + column] }
    }
    return sums
  }

  /// The scalar product of two stretches of numbers, in double precision and eight fixed lanes.
  static func dot(
    _ a: Span<Float>, from aFirst: Int, _ b: Span<Float>, from bFirst: Int, count: Int
  ) -> Double {
    var sums = SIMD8<Double>()
    var index = 0
    while index + 8 <= count {
      for lane in 0..<8 {
        sums[lane] += Double(a[aFirst + index + lane]) * Double(b[bFirst + index + lane])
      }
      index += 8
    }
    var sum = sums.sum()
    while index < count {
      sum += Double(a[aFirst + index]) * Double(b[bFirst + index])
      index += 1
    }
    return sum
  }
}
