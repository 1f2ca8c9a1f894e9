import Foundation
import Testing

import LinearAlgebra

/// Rows of logits with guards, and what became of them.
private struct Rows {
  var rows: Int
  var columns: Int
  var x: [Float]
  var sums: [Float]
  var greatest: [Float]

  var stride: Int { columns + 3 }

  init(rows: Int, columns: Int, limit: Float = 10, seed: UInt64 = 31) {
    (self.rows, self.columns) = (rows, columns)
    var random = SeededGenerator(seed: seed)
    x = Array(repeating: guardFloat, count: rows * (columns + 3) + guardCount)
    for row in 0..<rows {
      for column in 0..<columns {
        x[row * (columns + 3) + column] = Float.random(in: -limit...limit, using: &random)
      }
    }
    sums = Array(repeating: 0, count: rows)
    greatest = sums
  }

  func exponentials(on set: InstructionSet) -> Rows {
    var (x, sums, greatest) = (self.x, self.sums, self.greatest)
    var xSpan = x.mutableSpan
    var sumsSpan = sums.mutableSpan
    var greatestSpan = greatest.mutableSpan
    Softmax.exponentials(
      &xSpan, rows: rows, columns: columns, stride: stride, sums: &sumsSpan,
      greatest: &greatestSpan, on: set)
    var result = self
    (result.x, result.sums, result.greatest) = (x, sums, greatest)
    return result
  }
}

struct SoftmaxTests {
  @Test(arguments: InstructionSet.available)
  func `every set gives the scalar bits at every length and writes nothing else`(
    set: InstructionSet
  ) {
    for columns in Array(1...70) + [1023, 1024, 1025, 2100] {
      let given = Rows(rows: 3, columns: columns)
      let (found, wanted) = (given.exponentials(on: set), given.exponentials(on: .scalar))
      let same =
        bits(found.x) == bits(wanted.x) && bits(found.sums) == bits(wanted.sums)
        && bits(found.greatest) == bits(wanted.greatest)
      #expect(same, "\(columns) columns, seed 31")
      let untouched = (0..<3).allSatisfy {
        isUntouched(found.x[($0 * given.stride + columns)..<(($0 + 1) * given.stride)])
      }
      #expect(untouched && isUntouched(found.x[(3 * given.stride)...]), "\(columns) columns")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `exponentials are at most 2 ulp off and sums nearly exact`(set: InstructionSet) {
    let given = Rows(rows: 2, columns: 30_011, limit: 55)
    let found = given.exponentials(on: set)
    var worst = 0.0
    for row in 0..<2 {
      let part = (row * given.stride)..<(row * given.stride + given.columns)
      let greatest = given.x[part].max() ?? .nan
      #expect(found.greatest[row] == greatest)
      for index in part {
        let exact = exp(-Double(greatest - given.x[index]))
        worst = max(worst, abs(Double(found.x[index]) - exact) / Double(Float(exact).ulp))
      }
      let sum = found.x[part].reduce(0.0) { $0 + Double($1) }
      // Lanes of at most 64 terms, each rounded: 64 / 2^24, and much less in practice.
      #expect(abs(Double(found.sums[row]) - sum) < 1e-6 * sum)
    }
    #expect(worst <= 2, "\(worst) ulp")
  }

  @Test(arguments: InstructionSet.available)
  func `a struck-out logit becomes 0, huge ones do not overflow, a NaN is seen`(
    set: InstructionSet
  ) {
    var given = Rows(rows: 3, columns: 3)
    let values: [[Float]] = [[1, -.infinity, 1], [3e38, -3e38, 3e38], [1, .nan, 2]]
    for row in 0..<3 {
      for column in 0..<3 { given.x[row * given.stride + column] = values[row][column] }
    }
    let found = given.exponentials(on: set)
    for row in 0..<2 {
      #expect(Array(found.x[(row * given.stride)..<(row * given.stride + 3)]) == [1, 0, 1])
    }
    #expect(Array(found.sums[..<2]) == [2, 2] && found.sums[2].isNaN)
    #expect(found.greatest == [1, 3e38, 2])
  }
}
