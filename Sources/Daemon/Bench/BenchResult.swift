/// One line of the benchmark's table.
struct BenchResult {
  /// The stage, such as `decode`.
  var stage: String
  /// Units a second.
  var rate: Double
  /// What is counted: `MB`, `tokens`, `tweets`, …
  var unit: String
  /// What the figure means in detail.
  var detail: String

  /// A rate with three or four significant figures.
  var rateText: String { BenchResult.text(rate) }

  /// A number with three or four significant figures.
  static func text(_ rate: Double) -> String {
    rate >= 1000 ? "\(Int(rate.rounded()))" : "\((rate * 10).rounded() / 10)"
  }
}
