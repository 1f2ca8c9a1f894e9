/// The 95 % confidence interval of a share, after E. B. Wilson (1927): sound for few tweets too.
package struct WilsonInterval: Sendable, Equatable {
  /// The 0.975 quantile of the normal distribution.
  package static let z = 1.959963984540054

  /// The lower end, 0 … 1.
  package var low: Double
  /// The upper end, 0 … 1.
  package var high: Double

  /// The interval for `successes` among `n`; nil where `n` is 0 or the counts contradict each other.
  package init?(successes: Int64, of n: Int64) {
    guard n > 0, successes >= 0, successes <= n else { return nil }
    let square = WilsonInterval.z * WilsonInterval.z
    let (k, n) = (Double(successes), Double(n))
    let centre = (k + square / 2) / (n + square)
    let half = WilsonInterval.z / (n + square) * (k * (n - k) / n + square / 4).squareRoot()
    low = max(centre - half, 0)
    high = min(centre + half, 1)
  }
}
