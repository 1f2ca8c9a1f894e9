import LinearAlgebra
import Testing

struct Int8ProductTests {
  private enum Start: CaseIterable { case zero, bias, accumulate }

  /// One product, all of c with gaps and guards.
  private static func product(
    _ a: [Float], rows: Int, stride: Int, by b: Int8Matrix, start: Start, bias: [Float],
    into c: [Float], cStride: Int, on path: Int8Path
  ) -> [Float] {
    var quantised = QuantisedRows(rows: rows, columns: b.rows)
    quantised.quantise(a.span, stride: stride, rows: rows, columns: b.rows, on: path)
    var c = c
    var target = c.mutableSpan
    quantised.multiply(
      by: b, bias: start == .bias ? bias : nil, accumulate: start == .accumulate, into: &target,
      cStride: cStride)
    return c
  }

  @Test(arguments: Int8Path.available, Array(1...27))
  func `every path gives the scalar bits for every number of rows and columns`(
    path: Int8Path, m: Int
  ) {
    for n in [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 47, 48, 63, 64, 65] {
      for (k, start) in [
        (0, Start.zero), (0, .bias), (0, .accumulate), (1, .zero), (2, .bias), (3, .accumulate),
        (4, .zero), (5, .bias), (17, .accumulate), (33, .bias), (128, .zero),
      ] {
        var random = SeededGenerator(seed: UInt64(m * 1000 + n * 10 + k))
        let (aStride, cStride) = (k + 3, n + 5)
        let a = random.floats((m - 1) * aStride + k)
        let weights = random.floats(k * n)
        let bias = random.floats(n)
        var c = [Float](repeating: guardFloat, count: m * cStride + guardCount)
        if start == .accumulate {
          for row in 0..<m {
            for column in 0..<n {
              c[row * cStride + column] = Float.random(in: -1...1, using: &random)
            }
          }
        }
        let b = Int8Matrix(weights.span, rows: k, columns: n)
        func result(_ path: Int8Path) -> [Float] {
          Self.product(
            a, rows: m, stride: aStride, by: b, start: start, bias: bias, into: c,
            cStride: cStride, on: path)
        }
        let found = result(path)
        #expect(bits(found) == bits(result(.scalar)), "\(m) x \(n) x \(k), start \(start)")
        let isWhole = (0..<m).allSatisfy {
          isUntouched(found[($0 * cStride + n)..<(($0 + 1) * cStride)])
        }
        #expect(isWhole && isUntouched(found[(m * cStride)...]), "\(m) x \(n) x \(k)")
      }
    }
  }

  @Test(arguments: Int8Path.available)
  func `numbers where kernels go wrong give the scalar bits`(path: Int8Path) {
    let k = oddities.count
    let n = 5
    let weights = (0..<k * n).map { Float(($0 * 37) % 255 - 127) / 64 }
    let b = Int8Matrix(weights.span, rows: k, columns: n)
    var rows: [[Float]] = [oddities, oddities.filter(\.isFinite), oddities.map { $0 / 3e38 }]
    for odd in oddities { rows.append([odd, odd / 2, -odd, 1e-38]) }
    for row in rows {
      let a = row + [Float](repeating: 0, count: k - row.count)
      func result(_ path: Int8Path) -> [Float] {
        Self.product(
          a, rows: 1, stride: k, by: b, start: .zero, bias: [],
          into: Array(repeating: 0, count: n), cStride: n, on: path)
      }
      #expect(bits(result(path)) == bits(result(.scalar)), "\(row)")
    }
  }

  @Test(arguments: Int8Path.available)
  func `the largest weights and activations neither saturate nor overflow`(path: Int8Path) {
    for (k, n) in [(4096, 33), (Int8Matrix.mostRows, 3)] {
      for (x, w) in [(Float(1), Float(1)), (-1, 1), (1, -1), (-1, -1)] {
        let b = Int8Matrix(
          [Float](repeating: 127 * w, count: k * n).span, rows: k, columns: n)
        let found = Self.product(
          [Float](repeating: 127 * x, count: 2 * k), rows: 2, stride: k, by: b, start: .zero,
          bias: [], into: Array(repeating: 0, count: 2 * n), cStride: n, on: path)
        let wanted = Float(Int32(k) * 127 * 127) * x * w
        #expect(found == Array(repeating: wanted, count: 2 * n), "k \(k), \(x) by \(w)")
      }
    }
  }

  @Test(arguments: Int8Path.available)
  func `a product is near that of the numbers it stands for`(path: Int8Path) {
    let (m, n, k) = (7, 70, 300)
    var random = SeededGenerator(seed: 3)
    let a = random.floats(m * k)
    let weights = random.floats(k * n)
    let found = Self.product(
      a, rows: m, stride: k, by: Int8Matrix(weights.span, rows: k, columns: n), start: .zero,
      bias: [], into: Array(repeating: 0, count: m * n), cStride: n, on: path)
    var (error, size) = (0.0, 0.0)
    for row in 0..<m {
      for column in 0..<n {
        let exact = (0..<k).reduce(0.0) {
          $0 + Double(a[row * k + $1]) * Double(weights[$1 * n + column])
        }
        error +=
          (Double(found[row * n + column]) - exact) * (Double(found[row * n + column]) - exact)
        size += exact * exact
      }
    }
    // Each factor is off by a step of 1/127 of the largest, evenly: 0.0023 of a number's size on the
    // root mean square, where sizes are even up to the largest.
    #expect((error / size).squareRoot() < 0.01)
  }

  @Test func `given scales are kept, and weights that were quantised with them survive`() {
    let (k, n) = (9, 35)
    var random = SeededGenerator(seed: 5)
    let scales = (0..<n).map { _ in Float.random(in: 0.01...2, using: &random) }
    let whole = (0..<k * n).map { _ in Float(Int.random(in: -100...100, using: &random)) }
    let weights = whole.enumerated().map { $1 * scales[$0 % n] }
    let b = Int8Matrix(weights.span, rows: k, columns: n, scales: scales)
    for row in 0..<k {
      var a = [Float](repeating: 0, count: k)
      a[row] = 127
      let found = Self.product(
        a, rows: 1, stride: k, by: b, start: .zero, bias: [],
        into: Array(repeating: 0, count: n), cStride: n, on: .scalar)
      // The row's scale is 1 and its one number 127.
      for column in 0..<n {
        #expect(found[column] == 127 * whole[row * n + column] * scales[column])
      }
    }
  }

  @Test func `a column of zeros is zeros, a matrix of no rows is the start`() {
    let b = Int8Matrix([0, 1, 0, 2].span, rows: 2, columns: 2)
    let found = Self.product(
      [1, 1], rows: 1, stride: 2, by: b, start: .bias, bias: [0.5, 0.5], into: [0, 0], cStride: 2,
      on: .best)
    #expect(found[0] == 0.5 && abs(found[1] - 3.5) < 0.02)
  }
}
