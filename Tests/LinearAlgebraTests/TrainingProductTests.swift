import Testing

import LinearAlgebra

/// A path in a precision that it has.
private struct Way: Sendable, CustomTestStringConvertible {
  var precision: ProductPrecision
  var path: ProductPath

  var testDescription: String { "\(precision.rawValue) \(path.rawValue)" }

  static let all = ProductPrecision.allCases.flatMap { precision in
    ProductPath.available(for: precision).map { Way(precision: precision, path: $0) }
  }
}

/// How a product starts, as the tables name it.
private enum Start: CaseIterable { case zero, bias, accumulate }

/// What bfloat16 makes of a float, written from its definition.
private func rounded(_ x: Float, to precision: ProductPrecision) -> Float {
  guard precision == .bf16, !x.isNaN, x.isFinite else { return x }
  guard x.isNormal else { return x.sign == .minus ? -0.0 : 0 }
  let below = Float(bitPattern: x.bitPattern & 0xffff_0000)
  let above = Float(bitPattern: below.bitPattern &+ 0x1_0000)
  let (toBelow, toAbove) = (x.bitPattern & 0xffff, 0x1_0000 - (x.bitPattern & 0xffff))
  if toBelow == toAbove { return below.bitPattern & 0x1_0000 == 0 ? below : above }
  return toBelow < toAbove ? below : above
}

/// One product in one memory layout, with guards around what it writes.
private struct Product: Sendable {
  var m: Int
  var n: Int
  var k: Int
  var transposeA: Bool
  var transposeB: Bool
  var start: Start
  var a: [Float]
  var b: [Float]
  var bias: [Float]
  var c: [Float]

  var aStride: Int { (transposeA ? m : k) + 3 }
  var bStride: Int { (transposeB ? k : n) + 2 }
  var cStride: Int { n + 5 }

  init(
    m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false,
    start: Start = .zero, seed: UInt64 = 11
  ) {
    (self.m, self.n, self.k) = (m, n, k)
    (self.transposeA, self.transposeB, self.start) = (transposeA, transposeB, start)
    var random = SeededGenerator(seed: seed)
    // Exactly as much as there is: what reads beyond it is found by the address sanitiser.
    a = random.floats(max(0, (transposeA ? k : m) - 1) * ((transposeA ? m : k) + 3))
    a += random.floats(k == 0 ? 0 : transposeA ? m : k)
    b = random.floats(max(0, (transposeB ? n : k) - 1) * ((transposeB ? k : n) + 2))
    b += random.floats(k == 0 ? 0 : transposeB ? k : n)
    bias = random.floats(n)
    c = Array(repeating: guardFloat, count: m * (n + 5) + guardCount)
    guard start == .accumulate else { return }
    for row in 0..<m {
      for column in 0..<n { c[row * cStride + column] = Float.random(in: -1...1, using: &random) }
    }
  }

  /// All of c, gaps and guards included, by the definition.
  func wanted(_ precision: ProductPrecision) -> [Float] {
    let a = a.map { rounded($0, to: precision) }
    let b = b.map { rounded($0, to: precision) }
    var c = c
    for row in 0..<m {
      for column in 0..<n {
        var sum: Float =
          switch start {
          case .zero: 0
          case .bias: bias[column]
          case .accumulate: c[row * cStride + column]
          }
        for i in 0..<k {
          let left = transposeA ? a[i * aStride + row] : a[row * aStride + i]
          let right = transposeB ? b[column * bStride + i] : b[i * bStride + column]
          sum.addProduct(left, right)
        }
        c[row * cStride + column] = sum
      }
    }
    return c
  }

  /// The same by a packed factor.
  func packed(_ way: Way) -> [Float] {
    var factor = RightFactor(rows: k, columns: n)
    pack(into: &factor, way)
    var scratch = ProductScratch()
    var c = c
    var target = c.mutableSpan
    TrainingProduct.multiply(
      a.span, aStride: aStride, transposeA: transposeA, rows: m, by: factor,
      bias: start == .bias ? bias.span : nil, accumulate: start == .accumulate, into: &target,
      cStride: cStride, scratch: &scratch)
    return c
  }

  func pack(into factor: inout RightFactor, _ way: Way) {
    factor.pack(
      b.span, rows: k, columns: n, stride: bStride, transposed: transposeB,
      precision: way.precision, on: way.path)
  }

  /// The same by a factor that is packed on the way.
  func fresh(_ way: Way) -> [Float] {
    var scratch = ProductScratch()
    var c = c
    var target = c.mutableSpan
    TrainingProduct.multiply(
      a.span, aStride: aStride, transposeA: transposeA, rows: m, by: b.span, bStride: bStride,
      transposeB: transposeB, columns: n, depth: k, precision: way.precision,
      bias: start == .bias ? bias.span : nil, accumulate: start == .accumulate, into: &target,
      cStride: cStride, scratch: &scratch, on: way.path)
    return c
  }

  /// Whether both ways give the wanted bits and leave the guards alone.
  func holds(_ way: Way) -> Bool {
    let wanted = wanted(way.precision)
    return [packed(way), fresh(way)].allSatisfy { found in
      bits(found) == bits(wanted) && isUntouched(found[(m * cStride)...])
        && (0..<m).allSatisfy {
          isUntouched(found[($0 * cStride + n)..<(($0 + 1) * cStride)])
        }
    }
  }
}

struct TrainingProductTests {
  @Test(arguments: Way.all, [false, true])
  private func `every path gives the chain's bits for every number of rows, columns and depth`(
    way: Way, transposeA: Bool
  ) {
    for transposeB in [false, true] {
      for m in [1, 2, 5, 6, 7, 14, 15, 16, 17, 29, 33] {
        for n in [1, 8, 15, 16, 17, 31, 32, 33, 63, 65] {
          for (k, start) in [
            (0, Start.zero), (0, .bias), (0, .accumulate), (1, .zero), (2, .bias),
            (3, .accumulate), (15, .zero), (16, .bias), (17, .accumulate), (31, .zero),
            (32, .bias), (33, .accumulate), (35, .zero),
          ] {
            let product = Product(
              m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, start: start)
            #expect(product.holds(way), "\(m) x \(n) x \(k), b transposed \(transposeB)")
          }
        }
      }
    }
  }

  @Test(arguments: Way.all)
  private func `every path gives the chain's bits at every height of a tile`(way: Way) {
    for m in 1...60 {
      #expect(Product(m: m, n: 40, k: 37, start: .bias).holds(way), "\(m) rows")
    }
  }

  @Test(arguments: Way.all, [254, 255, 256, 257, 511, 512, 513, 1023, 1025, 1030])
  private func `blocks of k continue the chain`(way: Way, k: Int) {
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      for start in Start.allCases {
        let product = Product(
          m: 15, n: 35, k: k, transposeA: transposeA, transposeB: transposeB, start: start)
        #expect(product.holds(way), "k \(k), a \(transposeA), b \(transposeB), start \(start)")
      }
    }
  }

  @Test(arguments: Way.all)
  private func `blocks of rows and columns cover the whole`(way: Way) {
    for (m, n, k) in [(447, 33, 20), (448, 32, 20), (449, 40, 20), (20, 511, 270), (910, 513, 9)] {
      for transposed in [false, true] {
        let product = Product(
          m: m, n: n, k: k, transposeA: transposed, transposeB: transposed, start: .bias)
        #expect(product.holds(way), "\(m) x \(n) x \(k), transposed \(transposed)")
      }
    }
    let product = Product(m: 460, n: 520, k: 515, transposeA: true, start: .accumulate)
    #expect(product.holds(way))
  }

  @Test(arguments: Way.all)
  private func `panels one by one make the whole product`(way: Way) {
    for start in Start.allCases {
      let product = Product(m: 9, n: 100, k: 520, start: start)
      let whole = product.packed(way)
      var factor = RightFactor(rows: 520, columns: 100)
      product.pack(into: &factor, way)
      var scratch = ProductScratch()
      for panels in [0..<2, 2..<4, 1..<2, 3..<4, 4..<4] {
        let columns = min(panels.lowerBound * 32, 100)..<min(panels.upperBound * 32, 100)
        var c = product.c[columns.lowerBound...] + Array(repeating: guardFloat, count: 100)
        var target = c.mutableSpan
        TrainingProduct.multiply(
          product.a.span, aStride: product.aStride, rows: 9, by: factor, panels: panels,
          bias: start == .bias ? product.bias.span : nil, accumulate: start == .accumulate,
          into: &target, cStride: product.cStride, scratch: &scratch)
        for row in 0..<9 {
          let wanted = columns.map { whole[row * product.cStride + $0] }
          let first = c.startIndex + row * product.cStride
          #expect(bits(Array(c[first..<(first + columns.count)])) == bits(wanted), "\(panels)")
        }
      }
    }
  }

  @Test(arguments: Way.all)
  private func `a row's bits depend neither on the number of rows nor on its place`(way: Way) {
    let all = Product(m: 40, n: 45, k: 300)
    let whole = all.packed(way)
    for m in 1...40 {
      var part = all
      part.m = m
      part.a = Array(all.a[((40 - m) * all.aStride)...])
      let rows = part.packed(way)[..<(m * all.cStride)]
      let wanted = whole[((40 - m) * all.cStride)..<(40 * all.cStride)]
      let same = bits(Array(rows)) == bits(Array(wanted))
      #expect(same, "\(m) rows")
    }
  }

  @Test func `a factor is packed again in other shapes and precisions`() {
    var factor = RightFactor(rows: 70, columns: 90)
    var scratch = ProductScratch()
    for (index, (k, n)) in [(70, 90), (3, 5), (210, 32), (1, 1), (70, 90)].enumerated() {
      for way in Way.all {
        let product = Product(m: 17 + index, n: n, k: k, transposeB: index % 2 == 1)
        product.pack(into: &factor, way)
        #expect(factor.rows == k && factor.columns == n && factor.precision == way.precision)
        var c = product.c
        var target = c.mutableSpan
        TrainingProduct.multiply(
          product.a.span, aStride: product.aStride, rows: product.m, by: factor, into: &target,
          cStride: product.cStride, scratch: &scratch)
        let same = bits(c) == bits(product.wanted(way.precision))
        #expect(same, "[\(k), \(n)]")
      }
    }
  }

  @Test(arguments: Way.all)
  private func `odd numbers are rounded and multiplied as defined`(way: Way) {
    // Ties of both kinds, what rounds up to infinity, and what stands at the edge of the normal.
    let patterns: [UInt32] = [
      0x3f80_8000, 0x3f81_8000, 0x3f80_8001, 0x3f80_7fff, 0xbf80_8000, 0xbf81_8000, 0x7f7f_8000,
      0x7f7f_7fff, 0x0080_8000, 0x0080_0000, 0x007f_ffff, 0x807f_ffff, 0x7f80_0001, 0xff80_0001,
    ]
    let odd = oddities + patterns.map { Float(bitPattern: $0) }
    var product = Product(m: odd.count, n: odd.count, k: 1)
    for index in odd.indices {
      product.a[index * product.aStride] = odd[index]
      product.b[index] = odd[index]
    }
    // That path makes a zero, of either sign, of what is below the smallest normal number.
    func comparable(_ x: [Float]) -> [UInt32] {
      bits(way.path == .avx512BF16 ? x.map { $0.isSubnormal || $0.isZero ? 0 : $0 } : x)
    }
    for start in [Start.zero, .bias] {
      product.start = start
      product.bias = odd
      let wanted = comparable(product.wanted(way.precision))
      let same = comparable(product.packed(way)) == wanted
      let sameFresh = comparable(product.fresh(way)) == wanted
      #expect(same && sameFresh, "start \(start)")
    }
  }

  @Test func `the scalar path comes first and the native one has bf16 alone`() {
    for precision in ProductPrecision.allCases {
      let available = ProductPath.available(for: precision)
      #expect(available.first == .scalar && available.last == ProductPath.best(for: precision))
    }
    #expect(!ProductPath.available(for: .fp32).contains(.avx512BF16))
  }
}
