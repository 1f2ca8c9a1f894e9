/// The exponential function with the same bits on every machine.
package enum Exponential {
  // ln 2 in two parts: the first has enough zero bits at its end that a product with an exponent is
  // exact. The splitting is that of fdlibm, https://www.netlib.org/fdlibm/e_exp.c.
  private static let ln2High = 6.931_471_803_691_238_164_90e-01
  private static let ln2Low = 1.908_214_929_270_587_700_02e-10

  /// e to the power of x; 0 below -745, infinity above 709.78; at most 4e-16 off, relative.
  ///
  /// Written out with additions, multiplications and divisions alone, so that the bits do not depend
  /// on the C library or on the instruction set that it chose.
  package static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.782 { return .infinity }
    if x < -745.0 { return 0 }
    let k = (x * 1.442_695_040_888_963_4).rounded()
    let r = (x - k * ln2High) - k * ln2Low  // |r| ≤ ln 2 / 2
    var sum = 1.0
    for n in stride(from: 14.0, to: 0, by: -1) { sum = 1 + r / n * sum }
    return Double(sign: .plus, exponent: Int(k), significand: sum)
  }
}
