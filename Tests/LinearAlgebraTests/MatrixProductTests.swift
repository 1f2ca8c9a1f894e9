import Testing

import LinearAlgebra

/// How a product starts, as the table of tests names it.
private enum Start: CaseIterable { case zero, bias, accumulate }

/// One product with guards around what it writes.
private struct Product: Sendable {
  var m: Int
  var n: Int
  var k: Int
  var aStride: Int
  var cStride: Int
  var start = Start.zero
  var a: [Float]
  var b: [Float]
  var bias: [Float]
  var c: [Float]

  init(
    m: Int, n: Int, k: Int, aStride: Int, cStride: Int, start: Start = .zero, seed: UInt64 = 1
  ) {
    (self.m, self.n, self.k) = (m, n, k)
    (self.aStride, self.cStride, self.start) = (aStride, cStride, start)
    var random = SeededGenerator(seed: seed)
    a = random.floats((m - 1) * aStride + k)
    b = random.floats(k * n)
    bias = random.floats(n)
    c = Array(repeating: guardFloat, count: m * cStride + guardCount)
    guard start == .accumulate else { return }
    for row in 0..<m {
      for column in 0..<n { c[row * cStride + column] = Float.random(in: -1...1, using: &random) }
    }
  }

  /// All of c, gaps and guards included.
  func result(on set: InstructionSet, panels: Range<Int>? = nil) -> [Float] {
    let packed = PackedMatrix(b.span, rows: k, columns: n)
    var c = c
    var target = c.mutableSpan
    MatrixProduct.multiply(
      a.span, aStride: aStride, rows: m, by: packed, panels: panels ?? 0..<packed.panels,
      bias: start == .bias ? bias : nil, accumulate: start == .accumulate, into: &target,
      cStride: cStride, on: set)
    return c
  }

  /// The element in double precision.
  func exact(_ row: Int, _ column: Int) -> Double {
    let first: Float =
      switch start {
      case .zero: 0
      case .bias: bias[column]
      case .accumulate: c[row * cStride + column]
      }
    return (0..<k).reduce(Double(first)) {
      $0 + Double(a[row * aStride + $1]) * Double(b[$1 * n + column])
    }
  }
}

struct MatrixProductTests {
  @Test(arguments: InstructionSet.available, Array(1...20))
  func `every set gives the scalar bits for every number of rows and columns`(
    set: InstructionSet, m: Int
  ) {
    for n in 1...70 {
      for (k, start) in [
        (0, Start.zero), (0, .bias), (0, .accumulate), (1, .zero), (2, .bias), (3, .accumulate),
        (17, .zero), (33, .bias),
      ] {
        let product = Product(m: m, n: n, k: k, aStride: k + 3, cStride: n + 5, start: start)
        let found = product.result(on: set)
        let same = bits(found) == bits(product.result(on: .scalar))
        #expect(same, "\(m) x \(n) x \(k), start \(start), seed 1")
        let whole = (0..<m).allSatisfy {
          isUntouched(found[($0 * (n + 5) + n)..<(($0 + 1) * (n + 5))])
        }
        #expect(whole && isUntouched(found[(m * (n + 5))...]), "\(m) x \(n) x \(k)")
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `rows of a may overlap, as the windows of a character network do`(set: InstructionSet) {
    for (stride, k) in [(0, 5), (1, 7), (16, 16), (16, 48), (16, 112)] {
      for m in [1, 13, 14, 15, 44, 50] {
        let product = Product(m: m, n: 40, k: k, aStride: stride, cStride: 40, start: .bias)
        let found = product.result(on: set)
        #expect(
          bits(found) == bits(product.result(on: .scalar)), "stride \(stride), k \(k), m \(m)")
        #expect(isUntouched(found[(m * 40)...]))
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `a row's bits depend neither on the number of rows nor on its place`(set: InstructionSet) {
    let (n, k) = (45, 100)
    let all = Product(m: 30, n: n, k: k, aStride: k, cStride: n, start: .bias)
    let whole = bits(all.result(on: set))
    for m in 1...30 {
      var part = all
      part.m = m
      part.a = Array(all.a[((30 - m) * k)...])
      let rows = bits(part.result(on: set))[..<(m * n)]
      #expect(Array(rows) == Array(whole[((30 - m) * n)..<(30 * n)]), "\(m) rows")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `panels one by one make the whole product`(set: InstructionSet) {
    for start in Start.allCases {
      let product = Product(m: 9, n: 100, k: 20, aStride: 20, cStride: 100, start: start)
      let whole = product.result(on: set)
      for panels in [0..<2, 2..<4, 1..<2, 3..<4, 4..<4] {
        let columns = min(panels.lowerBound * 32, 100)..<min(panels.upperBound * 32, 100)
        var part = product
        part.c = part.c[columns.lowerBound...] + Array(repeating: guardFloat, count: 99)
        let found = part.result(on: set, panels: panels)
        for row in 0..<9 {
          let wanted = columns.map { whole[row * 100 + $0] }
          let slice = Array(found[(row * 100)..<(row * 100 + columns.count)])
          #expect(bits(slice) == bits(wanted), "\(start), panels \(panels), row \(row)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the product agrees with double precision and with OpenBLAS`(set: InstructionSet) {
    for (m, n, k) in [(1, 33, 512), (5, 130, 300), (29, 64, 1024)] {
      let product = Product(m: m, n: n, k: k, aStride: k, cStride: n, start: .accumulate)
      let found = product.result(on: set)
      var other = product.c
      var target = other.mutableSpan
      OpenBLAS.gemm(
        m: m, n: n, k: k, a: product.a.span, aStride: k, b: product.b.span, bStride: n, beta: 1,
        c: &target, cStride: n)
      // k roundings of sums below 32, each at most half an ulp of that, 1e-6; they add up like a
      // random walk, and three deviations cover it. A missing term would be about 0.25.
      let tolerance = 3e-6 * Double(k).squareRoot()
      for row in 0..<m {
        for column in 0..<n {
          let (x, y) = (found[row * n + column], other[row * n + column])
          let exact = product.exact(row, column)
          if abs(Double(x) - exact) > tolerance || abs(Double(y) - exact) > tolerance {
            Issue.record("[\(row), \(column)] of \(m) x \(n) x \(k): \(x), \(y), want \(exact)")
          }
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `an infinity or a NaN in one row stays in that row`(set: InstructionSet) {
    var product = Product(m: 16, n: 35, k: 8, aStride: 8, cStride: 35)
    let clean = product.result(on: set)
    product.a[3 * 8 + 2] = .nan
    product.a[9 * 8 + 7] = .infinity
    let found = product.result(on: set)
    for row in 0..<16 {
      let range = row * 35..<row * 35 + 35
      if row == 3 || row == 9 {
        #expect(found[range].allSatisfy { !$0.isFinite }, "row \(row)")
      } else {
        #expect(bits(Array(found[range])) == bits(Array(clean[range])), "row \(row)")
      }
    }
  }

  @Test func `tasks that share a packed matrix get the bits of one alone`() async {
    let product = Product(m: 20, n: 70, k: 64, aStride: 64, cStride: 70, start: .bias)
    let packed = PackedMatrix(product.b.span, rows: 64, columns: 70)
    let wanted = bits(product.result(on: .scalar))
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var c = product.c
          var target = c.mutableSpan
          MatrixProduct.multiply(
            product.a.span, aStride: 64, rows: 20, by: packed, bias: product.bias, into: &target,
            cStride: 70)
          return bits(c) == wanted
        }
      }
      for await same in group { #expect(same) }
    }
  }

  @Test func `an output that is too short stops the program`() async {
    await #expect(processExitsWith: .failure) {
      let packed = PackedMatrix([1, 2, 3, 4].span, rows: 2, columns: 2)
      var c = [Float](repeating: 0, count: 3)
      var target = c.mutableSpan
      MatrixProduct.multiply(
        [1, 2, 3, 4].span, aStride: 2, rows: 2, by: packed, into: &target, cStride: 2)
    }
  }

  @Test func `a bias of another length stops the program`() async {
    await #expect(processExitsWith: .failure) {
      let packed = PackedMatrix([1, 2, 3, 4].span, rows: 2, columns: 2)
      var c = [Float](repeating: 0, count: 2)
      var target = c.mutableSpan
      MatrixProduct.multiply(
        [1, 2].span, aStride: 2, rows: 1, by: packed, bias: [1], into: &target, cStride: 2)
    }
  }

  @Test func `no rows and no columns are products too`() {
    let packed = PackedMatrix([Float]().span, rows: 3, columns: 0)
    var c = [guardFloat]
    var target = c.mutableSpan
    let a: [Float] = [1, 2, 3]
    MatrixProduct.multiply(a.span, aStride: 3, rows: 1, by: packed, into: &target, cStride: 1)
    let other = PackedMatrix(a.span, rows: 3, columns: 1)
    MatrixProduct.multiply(
      [Float]().span, aStride: 3, rows: 0, by: other, into: &target, cStride: 1)
    #expect(isUntouched(c[...]))
  }
}
