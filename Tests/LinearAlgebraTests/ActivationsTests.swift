import Foundation
import Testing

import LinearAlgebra

/// An activation with its exact twin.
enum Activation: CaseIterable, Sendable {
  case sigmoid, tanh, relu

  func apply(_ x: inout MutableSpan<Float>, on set: InstructionSet) {
    switch self {
    case .sigmoid: Activations.sigmoid(&x, on: set)
    case .tanh: Activations.tanh(&x, on: set)
    case .relu: Activations.relu(&x, on: set)
    }
  }

  func applied(to x: [Float], on set: InstructionSet) -> [Float] {
    var y = x
    var span = y.mutableSpan
    apply(&span, on: set)
    return y
  }

  func exact(_ x: Double) -> Double {
    switch self {
    case .sigmoid: x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x))
    case .tanh: Foundation.tanh(x)
    case .relu: max(0, x)
    }
  }
}

struct ActivationsTests {
  @Test(arguments: InstructionSet.available, Activation.allCases)
  func `every set gives the scalar bits at every length and writes nothing beyond`(
    set: InstructionSet, activation: Activation
  ) {
    var random = SeededGenerator(seed: 2)
    for n in 0...70 {
      let x = random.floats(n, limit: 12) + Array(repeating: guardFloat, count: guardCount)
      var y = x
      var part = y.mutableSpan
      var span = part._mutatingExtracting(0..<n)
      activation.apply(&span, on: set)
      #expect(isUntouched(y[n...]), "length \(n), seed 2")
      let wanted = activation.applied(to: Array(x[..<n]), on: .scalar)
      #expect(bits(Array(y[..<n])) == bits(wanted), "length \(n), seed 2")
    }
  }

  @Test(arguments: InstructionSet.available, [Activation.sigmoid, .tanh])
  func `the error over all floats is at most 3 ulp`(
    set: InstructionSet, activation: Activation
  ) {
    // Every 4099th bit pattern of both signs, infinity excluded, and a fine grid where it bends.
    var x: [Float] = []
    for pattern in stride(from: UInt32(0), to: Float.infinity.bitPattern, by: 4099) {
      x.append(Float(bitPattern: pattern))
      x.append(-Float(bitPattern: pattern))
    }
    for step in -200_000...200_000 { x.append(Float(step) * 1e-4) }
    let y = activation.applied(to: x, on: set)
    if set != .scalar {
      #expect(bits(y) == bits(activation.applied(to: x, on: .scalar)))
    }
    var worst = (error: 0.0, at: Float(0))
    for (x, y) in zip(x, y) {
      let exact = activation.exact(Double(x))
      let error = abs(Double(y) - exact) / Double(Float(exact).ulp)
      if !(error <= worst.error) { worst = (error, x) }
    }
    #expect(worst.error <= 3, "\(worst.error) ulp at \(worst.at)")
  }

  @Test(arguments: InstructionSet.available, Activation.allCases)
  func `odd numbers give the scalar bits`(set: InstructionSet, activation: Activation) {
    let found = activation.applied(to: oddities, on: set)
    #expect(bits(found) == bits(activation.applied(to: oddities, on: .scalar)))
  }

  @Test(arguments: InstructionSet.available)
  func `infinities saturate, NaN stays, zeros keep their sign`(set: InstructionSet) {
    let x: [Float] = [-.infinity, .infinity, .nan, -.nan, 0, -0.0, -1e9, 1e9]
    let sigmoid = Activation.sigmoid.applied(to: x, on: set)
    #expect(bits(sigmoid) == bits([0, 1, .nan, .nan, 0.5, 0.5, 0, 1]))
    let tanh = Activation.tanh.applied(to: x, on: set)
    #expect(bits(tanh) == bits([-1, 1, .nan, .nan, 0, -0.0, -1, 1]))
    let relu = Activation.relu.applied(to: x, on: set)
    #expect(bits(relu) == bits([0, .infinity, .nan, .nan, 0, -0.0, 0, 1e9]))
  }

  @Test func `sigmoid falls through the denormals to 0`() {
    let y = Activation.sigmoid.applied(to: [-87, -88, -95, -103, -104, -110], on: .best)
    #expect(y[0].isNormal && y[1].isSubnormal && y[2].isSubnormal && y[3].isSubnormal)
    #expect(y[4] == 0 && y[5] == 0)
  }
}
