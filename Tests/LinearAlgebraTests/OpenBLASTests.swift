import Testing

import LinearAlgebra

struct OpenBLASTests {
  @Test(arguments: [false, true], [false, true])
  func `operands are transposed as asked`(transposeA: Bool, transposeB: Bool) {
    let (m, n, k) = (3, 4, 5)
    var random = SeededGenerator(seed: 8)
    let a = random.floats(m * k)
    let b = random.floats(k * n)
    let old = random.floats(m * n)
    var c = old
    var target = c.mutableSpan
    OpenBLAS.gemm(
      transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: 2, a: a.span,
      aStride: transposeA ? m : k, b: b.span, bStride: transposeB ? k : n, beta: 0.5, c: &target,
      cStride: n)
    for row in 0..<m {
      for column in 0..<n {
        var sum: Float = 0
        for i in 0..<k {
          sum +=
            a[transposeA ? i * m + row : row * k + i]
            * b[transposeB ? column * k + i : i * n + column]
        }
        // Five products of numbers below 1.
        #expect(abs(c[row * n + column] - (2 * sum + 0.5 * old[row * n + column])) < 1e-5)
      }
    }
  }

  @Test func `it names its core and counts its threads`() {
    #expect(!OpenBLAS.coreName.isEmpty)
    #expect(OpenBLAS.threads >= 1)
  }
}
