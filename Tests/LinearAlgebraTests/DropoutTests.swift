import Testing

import LinearAlgebra

private func applied(
  _ dropout: Dropout, to x: [Float], rows: Int, columns: Int, stride: Int, firstRow: Int = 0,
  on set: InstructionSet = .best
) -> [Float] {
  var x = x
  var span = x.mutableSpan
  dropout.apply(
    to: &span, rows: rows, columns: columns, stride: stride, firstRow: firstRow, on: set)
  return x
}

struct DropoutTests {
  @Test(arguments: InstructionSet.available)
  func `every set drops the same and writes nothing else`(set: InstructionSet) {
    let dropout = Dropout(probability: 0.3, seed: 61, step: 7, place: 2)
    for columns in 1...70 {
      let stride = columns + 3
      var x = Array(repeating: guardFloat, count: 4 * stride + guardCount)
      for row in 0..<4 {
        for column in 0..<columns { x[row * stride + column] = Float(column + 1) }
      }
      let found = applied(dropout, to: x, rows: 4, columns: columns, stride: stride, on: set)
      let wanted = applied(dropout, to: x, rows: 4, columns: columns, stride: stride, on: .scalar)
      #expect(bits(found) == bits(wanted), "\(columns) columns")
      for row in 0..<4 {
        let whole = (0..<columns).allSatisfy {
          let y = found[row * stride + $0]
          return y == 0 || y == Float($0 + 1) * (1 / (1 - 0.3 as Float))
        }
        let gap = found[(row * stride + columns)..<((row + 1) * stride)]
        #expect(whole && isUntouched(gap), "\(columns) columns")
      }
      #expect(isUntouched(found[(4 * stride)...]))
    }
  }

  @Test(arguments: [0, 0.1, 0.5, 0.9] as [Float])
  func `the share that is dropped is the probability`(probability: Float) {
    let dropout = Dropout(probability: probability, seed: 62, step: 0, place: 0)
    let (rows, columns) = (500, 400)
    let x = [Float](repeating: 1, count: rows * columns)
    let y = applied(dropout, to: x, rows: rows, columns: columns, stride: columns)
    func isPlausible(_ dropped: Int, of count: Int) -> Bool {
      // Five standard deviations.
      let spread = (probability * (1 - probability) * Float(count)).squareRoot()
      return abs(Float(dropped) - probability * Float(count)) <= 5 * spread
    }
    #expect(isPlausible(y.count { $0 == 0 }, of: y.count))
    for column in 0..<columns {
      let dropped = (0..<rows).count { y[$0 * columns + column] == 0 }
      #expect(isPlausible(dropped, of: rows), "column \(column)")
    }
    // Neighbours agree as often as independent ones do.
    let same = (1..<y.count).count { (y[$0] == 0) == (y[$0 - 1] == 0) }
    let share = probability * probability + (1 - probability) * (1 - probability)
    let spread = (share * (1 - share) * Float(y.count)).squareRoot()
    #expect(abs(Float(same) - share * Float(y.count - 1)) <= 8 * spread)
  }

  @Test func `rows keep their masks however they are cut into calls`() {
    let dropout = Dropout(probability: 0.5, seed: 63, step: 3, place: 1)
    let x = [Float](repeating: 1, count: 10 * 33)
    let whole = applied(dropout, to: x, rows: 10, columns: 33, stride: 33)
    for row in 0..<10 {
      let one = applied(
        dropout, to: Array(x[..<33]), rows: 1, columns: 33, stride: 33, firstRow: row)
      #expect(one == Array(whole[(row * 33)..<((row + 1) * 33)]))
    }
  }

  @Test func `seed, step, place and row all change the mask`() {
    let x = [Float](repeating: 1, count: 64)
    var masks: Set<[Float]> = []
    for seed in 0..<3 as Range<UInt64> {
      for step in 0..<3 {
        for place in 0..<3 {
          let dropout = Dropout(probability: 0.5, seed: seed, step: step, place: place)
          for row in 0..<3 {
            masks.insert(
              applied(dropout, to: x, rows: 1, columns: 64, stride: 64, firstRow: row))
          }
        }
      }
    }
    #expect(masks.count == 81)
  }

  @Test(arguments: InstructionSet.available)
  func `a dropped NaN or infinity is 0`(set: InstructionSet) {
    let dropout = Dropout(probability: 0.5, seed: 64, step: 0, place: 0)
    let ones = applied(
      dropout, to: [Float](repeating: 1, count: 50), rows: 1, columns: 50, stride: 50, on: set)
    let odd = applied(
      dropout, to: [Float](repeating: .nan, count: 50), rows: 1, columns: 50, stride: 50, on: set)
    #expect(zip(ones, odd).allSatisfy { $0 == 0 ? $1 == 0 : $1.isNaN })
  }
}
