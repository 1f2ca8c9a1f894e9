import LinearAlgebra

/// Exponential, logarithm and what the head makes of them, in double precision.
///
/// Written out with additions, multiplications and divisions alone, so that the bits of a score and
/// of a training run do not depend on the C library or on the instruction set that it chose. Errors
/// stay under 4e-16, relative.
package enum Logistic {
  // ln 2 in two parts: the first has enough zero bits at its end that a product with an exponent is
  // exact. The splitting is that of fdlibm, https://www.netlib.org/fdlibm/e_exp.c.
  private static let ln2High = 6.931_471_803_691_238_164_90e-01
  private static let ln2Low = 1.908_214_929_270_587_700_02e-10

  /// e to the power of x; 0 below -745, infinity above 709.78.
  package static func exp(_ x: Double) -> Double { Exponential.exp(x) }

  /// The natural logarithm of a positive x; negative infinity at 0.
  package static func log(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x == 0 ? -.infinity : (x > 0 ? x : .nan) }
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.414_213_562_373_095_1 {
      m /= 2
      exponent += 1
    }
    // ln m = 2 artanh((m - 1) / (m + 1)), whose argument is at most 0.172.
    let s = (m - 1) / (m + 1)
    let square = s * s
    var sum = 0.0
    for n in stride(from: 23.0, to: 0, by: -2) { sum = 1 / n + square * sum }
    return exponent * ln2High + (2 * s * sum + exponent * ln2Low)
  }

  /// The logistic function of a logit: 1 / (1 + e^-x), without overflow on either side.
  package static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
  }

  /// The probabilities that k logits stand for; they sum to 1, however large the logits are.
  package static func softmax(_ logits: [Double]) -> [Double] {
    let peak = logits.max() ?? 0
    let powers = logits.map { exp($0 - peak) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// -ln of the probability that k logits give to one of them.
  package static func crossEntropy(_ logits: [Double], truth: Int) -> Double {
    let peak = logits.max() ?? 0
    return log(logits.reduce(0) { $0 + exp($1 - peak) }) + peak - logits[truth]
  }

  /// -ln of the probability that one logit gives to a truth of 1 or 0.
  package static func crossEntropy(_ logit: Double, truth: Bool) -> Double {
    let z = truth ? logit : -logit
    return log(1 + exp(-abs(z))) + max(-z, 0)
  }
}
