import LinearAlgebra
import Testing

struct PackedMatrixTests {
  /// The matrix as its products with unit vectors show it, row by row.
  private func unpacked(_ packed: PackedMatrix) -> [Float] {
    var rows: [Float] = []
    for row in 0..<packed.rows {
      var unit = [Float](repeating: 0, count: packed.rows)
      unit[row] = 1
      var c = [Float](repeating: guardFloat, count: packed.columns)
      var target = c.mutableSpan
      MatrixProduct.multiply(
        unit.span, aStride: packed.rows, rows: 1, by: packed, into: &target,
        cStride: packed.columns, on: .scalar)
      rows += c
    }
    return rows
  }

  @Test(arguments: [1, 15, 31, 32, 33, 64, 70])
  func `a sub-block of a wider matrix is packed whole`(columns: Int) {
    for rows in [1, 2, 15, 16, 17, 40] {
      let stride = columns + 3
      let weights = (0..<(rows * stride)).map { Float($0 + 1) }
      let packed = PackedMatrix(weights.span, rows: rows, columns: columns, stride: stride)
      #expect(packed.panels == (columns + 31) / 32)
      let wanted = (0..<rows).flatMap { weights[($0 * stride)..<($0 * stride + columns)] }
      #expect(unpacked(packed) == wanted, "\(rows) rows")
    }
  }

  @Test func `the last row of a sub-block may end with its columns`() {
    let weights = (0..<8).map { Float($0) }  // rows 0 1 2 (3 4) and 5 6 7
    let packed = PackedMatrix(weights.span, rows: 2, columns: 3, stride: 5)
    #expect(unpacked(packed) == [0, 1, 2, 5, 6, 7])
  }

  @Test func `a copy outlives the source and the first packing`() {
    let copy: PackedMatrix
    do {
      let weights: [Float] = [1, 2, 3, 4]
      let packed = PackedMatrix(weights.span, rows: 2, columns: 2)
      copy = packed
    }
    #expect(unpacked(copy) == [1, 2, 3, 4])
  }

  @Test func `an empty matrix has no panels`() {
    let packed = PackedMatrix([Float]().span, rows: 3, columns: 0)
    #expect(packed.panels == 0 && packed.rows == 3)
  }
}
