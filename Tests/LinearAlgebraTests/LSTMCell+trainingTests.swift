import Foundation
import Testing

import LinearAlgebra

/// One training step of the cell, forward and back, with guards around what is written.
private struct Step {
  var rows: Int
  var size: Int
  var clip: Float?
  var gates: [Float]
  var before: [Float]
  var cell: [Float]
  var tanhCell: [Float]
  var output: [Float]
  var dOutput: [Float]
  var dCell: [Float]
  var dBias: [Float]

  var gatesStride: Int { 4 * size + 3 }
  var stride: Int { size + 2 }

  init(rows: Int, size: Int, clip: Float?, seed: UInt64 = 21) {
    (self.rows, self.size, self.clip) = (rows, size, clip)
    var random = SeededGenerator(seed: seed)
    func block(_ columns: Int, _ limit: Float?) -> [Float] {
      var x = Array(repeating: guardFloat, count: rows * columns + guardCount)
      guard let limit else { return x }
      let inner = columns == 4 * size + 3 ? 4 * size : size
      for row in 0..<rows {
        for column in 0..<inner {
          x[row * columns + column] = Float.random(in: -limit...limit, using: &random)
        }
      }
      return x
    }
    gates = block(4 * size + 3, 5)
    before = block(size + 2, 2)
    cell = block(size + 2, nil)
    (tanhCell, output) = (cell, cell)
    dOutput = block(size + 2, 1)
    dCell = block(size + 2, 1)
    dBias = random.floats(4 * size)
  }

  mutating func forward(on set: InstructionSet) {
    var (gates, cell, tanhCell, output) = (self.gates, self.cell, self.tanhCell, self.output)
    var gatesSpan = gates.mutableSpan
    var cellSpan = cell.mutableSpan
    var tanhSpan = tanhCell.mutableSpan
    var outputSpan = output.mutableSpan
    LSTMCell.forward(
      gates: &gatesSpan, gatesStride: gatesStride, cellBefore: before.span, cell: &cellSpan,
      tanhCell: &tanhSpan, output: &outputSpan, stride: stride, rows: rows, cellSize: size,
      cellClip: clip, on: set)
    (self.gates, self.cell, self.tanhCell, self.output) = (gates, cell, tanhCell, output)
  }

  mutating func backward(on set: InstructionSet) {
    var (gates, dCell, dBias) = (self.gates, self.dCell, self.dBias)
    var gatesSpan = gates.mutableSpan
    var dCellSpan = dCell.mutableSpan
    var dBiasSpan = dBias.mutableSpan
    LSTMCell.backward(
      gates: &gatesSpan, gatesStride: gatesStride, cellBefore: before.span, cell: cell.span,
      tanhCell: tanhCell.span, dOutput: dOutput.span, dCell: &dCellSpan, stride: stride,
      dBias: &dBiasSpan, rows: rows, cellSize: size, cellClip: clip, on: set)
    (self.gates, self.dCell, self.dBias) = (gates, dCell, dBias)
  }

  /// The way back by its definition.
  mutating func backwardByDefinition() {
    let limit = clip ?? .infinity
    for row in 0..<rows {
      for unit in 0..<size {
        let (z, at) = (row * gatesStride + unit, row * stride + unit)
        let (i, j, f, o) = (gates[z], gates[z + size], gates[z + 2 * size], gates[z + 3 * size])
        let (t, dm) = (tanhCell[at], dOutput[at])
        let through = dCell[at].addingProduct(dm * o, Float(1).addingProduct(-t, t))
        let d = abs(cell[at]) >= limit ? 0 : through
        gates[z] = d * j * i * (1 - i)
        gates[z + size] = d * i * Float(1).addingProduct(-j, j)
        gates[z + 2 * size] = d * before[at] * f * (1 - f)
        gates[z + 3 * size] = dm * t * o * (1 - o)
        dCell[at] = d * f
        for gate in 0..<4 { dBias[gate * size + unit] += gates[z + gate * size] }
      }
    }
  }

  /// All arrays' bits.
  var everything: [[UInt32]] {
    [gates, before, cell, tanhCell, output, dOutput, dCell, dBias].map(bits)
  }
}

/// The sum of output · dOutput and cell · dCell after one step, in double precision.
private func loss(
  _ z: [Double], before: Double, dOutput: Double, dCell: Double, clip: Double
) -> Double {
  func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  let sum = sigmoid(z[2] + 1) * before + sigmoid(z[0]) * tanh(z[1])
  let cell = max(-clip, min(clip, sum))
  return sigmoid(z[3]) * tanh(cell) * dOutput + cell * dCell
}

struct LSTMCellTrainingTests {
  @Test(arguments: InstructionSet.available, [nil, 1] as [Float?])
  func `the way forward gives the bits of inference and of the activations`(
    set: InstructionSet, clip: Float?
  ) {
    for size in 1...70 {
      for rows in [1, 3] {
        var step = Step(rows: rows, size: size, clip: clip)
        var (cell, output) = (step.cell, step.output)
        for row in 0..<rows {
          for at in (row * step.stride)..<(row * step.stride + size) { cell[at] = step.before[at] }
        }
        var cellSpan = cell.mutableSpan
        var outputSpan = output.mutableSpan
        LSTMCell.update(
          gates: step.gates.span, gatesStride: step.gatesStride, cell: &cellSpan,
          cellStride: step.stride, output: &outputSpan, outputStride: step.stride, rows: rows,
          cellSize: size, cellClip: clip, on: set)
        var (gates, tanhCell) = (step.gates, cell)
        for row in 0..<rows {
          let first = row * step.gatesStride
          for unit in 0..<size { gates[first + 2 * size + unit] += 1 }
          var all = gates.mutableSpan
          for (gate, isTanh) in [(0, false), (1, true), (2, false), (3, false)] {
            let start = first + gate * size
            var part = all._mutatingExtracting(start..<(start + size))
            if isTanh {
              Activations.tanh(&part, on: set)
            } else {
              Activations.sigmoid(&part, on: set)
            }
          }
          var cells = tanhCell.mutableSpan
          var part = cells._mutatingExtracting((row * step.stride)..<(row * step.stride + size))
          Activations.tanh(&part, on: set)
        }
        step.forward(on: set)
        let same =
          bits(step.cell) == bits(cell) && bits(step.output) == bits(output)
          && bits(step.gates) == bits(gates) && bits(step.tanhCell) == bits(tanhCell)
        #expect(same, "\(rows) x \(size), seed 21")
      }
    }
  }

  @Test(arguments: InstructionSet.available, [nil, 1] as [Float?])
  func `the way back is as defined at every size and writes nothing else`(
    set: InstructionSet, clip: Float?
  ) {
    for size in 1...70 {
      for rows in [1, 3] {
        var step = Step(rows: rows, size: size, clip: clip)
        step.forward(on: set)
        var wanted = step
        step.backward(on: set)
        wanted.backwardByDefinition()
        let same = step.everything == wanted.everything
        #expect(same, "\(rows) x \(size), seed 21")
      }
    }
  }

  @Test(arguments: InstructionSet.available, [nil, 1] as [Float?])
  func `the way back agrees with central differences`(set: InstructionSet, clip: Float?) {
    var step = Step(rows: 4, size: 40, clip: clip)
    let given = step
    step.forward(on: set)
    step.backward(on: set)
    var cuts = 0
    for row in 0..<4 {
      for unit in 0..<40 {
        let at = row * step.stride + unit
        let places = (0..<4).map { row * step.gatesStride + $0 * 40 + unit }
        var x = places.map { Double(given.gates[$0]) } + [Double(given.before[at])]
        let found = places.map { step.gates[$0] } + [step.dCell[at]]
        if let clip, abs(step.cell[at]) >= clip { cuts += 1 }
        for index in x.indices {
          func value(_ change: Double) -> Double {
            x[index] += change
            defer { x[index] -= change }
            return loss(
              Array(x[..<4]), before: x[4], dOutput: Double(given.dOutput[at]),
              dCell: Double(given.dCell[at]), clip: Double(clip ?? .infinity))
          }
          let wanted = (value(1e-5) - value(-1e-5)) / 2e-5
          // A few roundings of numbers of at most 3.
          #expect(abs(Double(found[index]) - wanted) < 2e-6, "unit \(unit), argument \(index)")
        }
      }
    }
    #expect(clip == nil || cuts > 10)
  }

  @Test(arguments: InstructionSet.available)
  func `odd numbers give what the scalar set gives`(set: InstructionSet) {
    for clip in [nil, 3] as [Float?] {
      var step = Step(rows: 4, size: oddities.count, clip: clip)
      for index in step.gates.indices { step.gates[index] = oddities[index * 7 % oddities.count] }
      for index in step.before.indices { step.before[index] = oddities[index % oddities.count] }
      for index in step.dCell.indices { step.dCell[index] = oddities[index * 5 % oddities.count] }
      var scalar = step
      step.forward(on: set)
      scalar.forward(on: .scalar)
      let same = step.everything == scalar.everything
      #expect(same)
      step.backward(on: set)
      scalar.backward(on: .scalar)
      let sameBack = step.everything == scalar.everything
      #expect(sameBack)
    }
  }
}
