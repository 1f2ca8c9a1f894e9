import Foundation
import Testing

import LinearAlgebra

/// A step of the cell with guards around what it writes.
private struct Step {
  var rows: Int
  var size: Int
  var clip: Float?
  var gates: [Float]
  var cell: [Float]

  var gatesStride: Int { 4 * size + 3 }
  var stride: Int { size + 2 }

  init(rows: Int, size: Int, clip: Float?, limit: Float = 8, seed: UInt64 = 3) {
    (self.rows, self.size, self.clip) = (rows, size, clip)
    var random = SeededGenerator(seed: seed)
    gates = random.floats(rows * (4 * size + 3), limit: limit)
    cell = Array(repeating: guardFloat, count: rows * (size + 2) + guardCount)
    for row in 0..<rows {
      for unit in 0..<size {
        cell[row * stride + unit] = Float.random(in: -4...4, using: &random)
      }
    }
  }

  func result(on set: InstructionSet) -> (cell: [Float], output: [Float]) {
    var cell = cell
    var output = Array(repeating: guardFloat, count: cell.count)
    var cellSpan = cell.mutableSpan
    var outputSpan = output.mutableSpan
    LSTMCell.update(
      gates: gates.span, gatesStride: gatesStride, cell: &cellSpan, cellStride: stride,
      output: &outputSpan, outputStride: stride, rows: rows, cellSize: size, cellClip: clip,
      on: set)
    return (cell, output)
  }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

struct LSTMCellTests {
  @Test(arguments: InstructionSet.available, [nil, 3] as [Float?])
  func `every set gives the scalar bits at every size and writes nothing else`(
    set: InstructionSet, clip: Float?
  ) {
    for size in 1...70 {
      for rows in [1, 2, 5] {
        let step = Step(rows: rows, size: size, clip: clip)
        let found = step.result(on: set)
        let wanted = step.result(on: .scalar)
        #expect(bits(found.cell) == bits(wanted.cell), "\(rows) x \(size)")
        #expect(bits(found.output) == bits(wanted.output), "\(rows) x \(size)")
        for x in [found.cell, found.output] {
          let gaps = (0..<rows).allSatisfy {
            isUntouched(x[($0 * step.stride + size)..<(($0 + 1) * step.stride)])
          }
          #expect(gaps && isUntouched(x[(rows * step.stride)...]), "\(rows) x \(size)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available, [nil, 3, 0.5] as [Float?])
  func `the cell agrees with double precision`(set: InstructionSet, clip: Float?) {
    let step = Step(rows: 7, size: 50, clip: clip)
    let found = step.result(on: set)
    for row in 0..<7 {
      for unit in 0..<50 {
        let z = (0..<4).map { Double(step.gates[row * step.gatesStride + $0 * 50 + unit]) }
        let old = Double(step.cell[row * step.stride + unit])
        var c = sigmoid(z[2] + 1) * old + sigmoid(z[0]) * tanh(z[1])
        if let clip { c = max(-Double(clip), min(Double(clip), c)) }
        let m = sigmoid(z[3]) * tanh(c)
        // A few roundings of numbers below 8.
        #expect(abs(Double(found.cell[row * step.stride + unit]) - c) < 3e-6)
        #expect(abs(Double(found.output[row * step.stride + unit]) - m) < 1e-6)
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `a clip holds at its limit, and none lets the cell grow`(set: InstructionSet) {
    for (clip, wanted) in [(3, 3), (nil, 11)] as [(Float?, Float)] {
      var step = Step(rows: 1, size: 2, clip: clip)
      step.gates = [90, 90, 90, -90, 90, 90, 90, 90, 0, 0, 0]  // i, j, f, o; three spare floats
      step.cell[0] = 10
      step.cell[1] = -10
      let found = step.result(on: set)
      #expect(Array(found.cell[..<2]) == [wanted, -wanted])
      #expect(abs(found.output[0] - tanh(wanted)) < 1e-6)
    }
  }

  @Test(arguments: InstructionSet.available)
  func `odd gates and cells give the scalar bits`(set: InstructionSet) {
    for clip in [nil, 3] as [Float?] {
      var step = Step(rows: 4, size: oddities.count, clip: clip)
      for index in step.gates.indices { step.gates[index] = oddities[index * 7 % oddities.count] }
      for unit in oddities.indices { step.cell[step.stride + unit] = oddities[unit] }
      let (found, wanted) = (step.result(on: set), step.result(on: .scalar))
      #expect(bits(found.cell) == bits(wanted.cell))
      #expect(bits(found.output) == bits(wanted.output))
    }
  }
}
