import Testing

import LinearAlgebra

/// An operation that changes a vector element by element, with its definition.
enum VectorOperation: CaseIterable, Sendable {
  case add, multiply, scale, axpy, clip, highway

  func apply(
    _ x: Span<Float>, _ gate: Span<Float>, _ y: inout MutableSpan<Float>, on set: InstructionSet
  ) {
    switch self {
    case .add: Vector.add(x, into: &y, on: set)
    case .multiply: Vector.multiply(x, into: &y, on: set)
    case .scale: Vector.scale(&y, by: 0.3, on: set)
    case .axpy: Vector.axpy(-0.7, x, into: &y, on: set)
    case .clip: Vector.clip(&y, limit: 0.8, on: set)
    case .highway: Vector.highway(gate: gate, transformed: x, into: &y, on: set)
    }
  }

  func defined(_ x: Float, _ gate: Float, _ y: Float) -> Float {
    switch self {
    case .add: y + x
    case .multiply: y * x
    case .scale: y * 0.3
    case .axpy: y.addingProduct(-0.7, x)
    case .clip: y.isNaN ? y : Swift.max(-0.8, Swift.min(0.8, y))
    case .highway: ((1 - gate) * y).addingProduct(gate, x)
    }
  }
}

struct VectorTests {
  @Test(arguments: InstructionSet.available, VectorOperation.allCases)
  func `an operation does what it says at every length and nothing beyond`(
    set: InstructionSet, operation: VectorOperation
  ) {
    var random = SeededGenerator(seed: 4)
    for n in 0...70 {
      let x = random.floats(n, limit: 2)
      let gate = random.floats(n)
      let old = random.floats(n, limit: 2)
      var y = old + Array(repeating: guardFloat, count: guardCount)
      var all = y.mutableSpan
      var part = all._mutatingExtracting(0..<n)
      operation.apply(x.span, gate.span, &part, on: set)
      let wanted = (0..<n).map { operation.defined(x[$0], gate[$0], old[$0]) }
      #expect(bits(Array(y[..<n])) == bits(wanted), "length \(n), seed 4")
      #expect(isUntouched(y[n...]), "length \(n)")
    }
  }

  @Test(arguments: InstructionSet.available, VectorOperation.allCases)
  func `odd numbers give what the definition gives`(
    set: InstructionSet, operation: VectorOperation
  ) {
    for shift in oddities.indices {
      let x = oddities.indices.map { oddities[($0 + shift) % oddities.count] }
      let gate = oddities.indices.map { oddities[($0 + 3 * shift) % oddities.count] }
      var y = oddities
      var span = y.mutableSpan
      operation.apply(x.span, gate.span, &span, on: set)
      let wanted = oddities.indices.map { operation.defined(x[$0], gate[$0], oddities[$0]) }
      #expect(bits(y) == bits(wanted), "shift \(shift)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the dot product sums in sixteen lanes`(set: InstructionSet) {
    var random = SeededGenerator(seed: 5)
    for n in 0...70 {
      let (x, y) = (random.floats(n), random.floats(n))
      var lanes = [Float](repeating: 0, count: 16)
      for i in 0..<n { lanes[i % 16] = lanes[i % 16].addingProduct(x[i], y[i]) }
      for width in [8, 4, 2, 1] {
        for lane in 0..<width { lanes[lane] += lanes[lane + width] }
      }
      #expect(Vector.dot(x.span, y.span, on: set).bitPattern == lanes[0].bitPattern, "length \(n)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `a lane that underflowed to minus zero keeps its sign`(set: InstructionSet) {
    let x = [Float](repeating: -1e-30, count: 17)
    let y = [Float](repeating: 1e-30, count: 17)
    #expect(
      bits([Vector.dot(x.span, y.span, on: set)]) == bits([Vector.dot(x.span, y.span, on: .scalar)])
    )
  }

  @Test(arguments: InstructionSet.available)
  func `rows are added in their order`(set: InstructionSet) {
    var random = SeededGenerator(seed: 6)
    for columns in 0...70 {
      for rows in [0, 1, 2, 9] {
        let stride = columns + 3
        let x = random.floats(rows * stride, limit: 100)
        let old = random.floats(columns)
        var y = old + Array(repeating: guardFloat, count: guardCount)
        var all = y.mutableSpan
        var part = all._mutatingExtracting(0..<columns)
        Vector.addRows(of: x.span, rows: rows, stride: stride, into: &part, on: set)
        let wanted = (0..<columns).map { column in
          (0..<rows).reduce(old[column]) { $0 + x[$1 * stride + column] }
        }
        #expect(bits(Array(y[..<columns])) == bits(wanted), "\(rows) x \(columns), seed 6")
        #expect(isUntouched(y[columns...]), "\(rows) x \(columns)")
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the maximum of rows is exact and keeps a NaN`(set: InstructionSet) {
    var random = SeededGenerator(seed: 7)
    for columns in 0...70 {
      for rows in [1, 2, 9] {
        let stride = columns + 3
        var x = random.floats(rows * stride)
        if columns > 4 { x[(rows / 2) * stride + columns / 2] = .nan }
        var y = Array(repeating: guardFloat, count: columns + guardCount)
        var all = y.mutableSpan
        var part = all._mutatingExtracting(0..<columns)
        Vector.maximum(overRowsOf: x.span, rows: rows, stride: stride, into: &part, on: set)
        let wanted = (0..<columns).map { column in
          let values = (0..<rows).map { x[$0 * stride + column] }
          return values.contains { $0.isNaN } ? Float.nan : values.max() ?? .nan
        }
        #expect(bits(Array(y[..<columns])) == bits(wanted), "\(rows) x \(columns), seed 7")
        #expect(isUntouched(y[columns...]), "\(rows) x \(columns)")
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `of equal zeros the maximum is the first`(set: InstructionSet) {
    for first in [0, -0.0] as [Float] {
      var y: [Float] = [9]
      var span = y.mutableSpan
      Vector.maximum(overRowsOf: [first, -first].span, rows: 2, stride: 1, into: &span, on: set)
      #expect(bits(y) == bits([first]))
    }
  }
}
