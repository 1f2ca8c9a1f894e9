import Testing

import LinearAlgebra

struct VectorTrainingTests {
  @Test(arguments: InstructionSet.available)
  func `the sum of squares has sixteen lanes of doubles`(set: InstructionSet) {
    var random = SeededGenerator(seed: 51)
    for n in Array(0...70) + [1000] {
      let x = random.floats(n, limit: 1e20)
      var lanes = [Double](repeating: 0, count: 16)
      for i in 0..<n { lanes[i % 16] += Double(x[i]) * Double(x[i]) }
      for width in [8, 4, 2, 1] {
        for lane in 0..<width { lanes[lane] += lanes[lane + width] }
      }
      #expect(Vector.sumOfSquares(x.span, on: set) == lanes[0], "length \(n), seed 51")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `relu lets a gradient through where it let a number through`(set: InstructionSet) {
    var random = SeededGenerator(seed: 52)
    for n in 0...70 {
      let y = random.floats(n).map { max(0, $0) }
      let old = random.floats(n)
      var dy = old + Array(repeating: guardFloat, count: guardCount)
      var all = dy.mutableSpan
      var part = all._mutatingExtracting(0..<n)
      Vector.reluBackward(y.span, into: &part, on: set)
      let wanted = (0..<n).map { y[$0] > 0 ? old[$0] : 0 }
      #expect(bits(Array(dy[..<n])) == bits(wanted) && isUntouched(dy[n...]), "length \(n)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `a highway's way back is as defined at every length and nothing beyond`(
    set: InstructionSet
  ) {
    var random = SeededGenerator(seed: 53)
    let spare = Array(repeating: guardFloat, count: guardCount)
    for n in 0...70 {
      let (h, d) = (random.floats(n, limit: 3), random.floats(n))
      let (g, t) = (random.floats(n).map(abs), random.floats(n, limit: 2).map { max(0, $0) })
      var (gate, transformed, dy) = (g + spare, t + spare, d + spare)
      do {
        var allG = gate.mutableSpan
        var allT = transformed.mutableSpan
        var allD = dy.mutableSpan
        var partG = allG._mutatingExtracting(0..<n)
        var partT = allT._mutatingExtracting(0..<n)
        var partD = allD._mutatingExtracting(0..<n)
        Vector.highwayBackward(
          h: h.span, gate: &partG, transformed: &partT, dy: &partD, on: set)
      }
      for i in 0..<n {
        let wanted = [
          d[i] * (t[i] - h[i]) * g[i] * (1 - g[i]), t[i] > 0 ? d[i] * g[i] : 0, d[i] * (1 - g[i]),
        ]
        #expect(bits([gate[i], transformed[i], dy[i]]) == bits(wanted), "length \(n), seed 53")
      }
      let untouched = isUntouched(gate[n...]) && isUntouched(transformed[n...])
      #expect(untouched && isUntouched(dy[n...]), "length \(n)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `rows are gathered, and scattered again by adding in order`(set: InstructionSet) {
    var random = SeededGenerator(seed: 54)
    for columns in 1...40 {
      let indices: [Int32] = [4, 0, 4, 2, 4]
      let (tableStride, stride) = (columns + 1, columns + 2)
      let table = random.floats(5 * tableStride, limit: 100)
      var rows = Array(repeating: guardFloat, count: 5 * stride + guardCount)
      var rowsSpan = rows.mutableSpan
      Vector.gatherRows(
        indices.span, columns: columns, of: table.span, xRows: 5, xStride: tableStride,
        into: &rowsSpan, yStride: stride)
      var wanted = Array(repeating: guardFloat, count: 5 * stride + guardCount)
      var sums = table
      for (row, index) in indices.enumerated() {
        for column in 0..<columns {
          wanted[row * stride + column] = table[Int(index) * tableStride + column]
          sums[Int(index) * tableStride + column] += wanted[row * stride + column]
        }
      }
      #expect(bits(rows) == bits(wanted), "\(columns) columns, seed 54")
      var scattered = table
      var scatteredSpan = scattered.mutableSpan
      Vector.scatterAddRows(
        indices.span, columns: columns, of: rows.span, xStride: stride, into: &scatteredSpan,
        yRows: 5, yStride: tableStride, on: set)
      #expect(bits(scattered) == bits(sums), "\(columns) columns, seed 54")
    }
  }

  @Test func `an index beyond the table stops the program`() async {
    await #expect(processExitsWith: .failure) {
      var y = [Float](repeating: 0, count: 2)
      var span = y.mutableSpan
      Vector.gatherRows(
        ([3] as [Int32]).span, columns: 2, of: ([1, 2, 3, 4, 5, 6] as [Float]).span, xRows: 3,
        xStride: 2, into: &span, yStride: 2)
    }
  }
}
