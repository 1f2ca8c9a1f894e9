/// Probabilities and scores in whole millionths: what is printed, compared, counted and summed.
package enum Millionths {
  /// How many millionths make 1.
  package static let one: Int64 = 1_000_000

  /// A number of 0 … 1 in millionths, rounded half up; NaN and infinity count as 0.5.
  package static func rounded(_ value: Double) -> Int64 {
    guard value.isFinite else { return one / 2 }
    return Int64((min(max(value, 0), 1) * Double(one)).rounded(.toNearestOrAwayFromZero))
  }

  /// Probabilities in millionths that sum to exactly 1.
  ///
  /// Each is rounded down, and the millionths that are missing go to the largest remainders. A larger probability
  /// never becomes the smaller number. Probabilities that are not finite, or sum to 0, become equal ones.
  package static func apportioned(_ probabilities: [Double]) -> [Int64] {
    guard !probabilities.isEmpty else { return [] }
    let sum = probabilities.reduce(0) { $0 + max($1, 0) }
    guard sum > 0, sum.isFinite else {
      return apportioned(probabilities.map { _ in 1 / Double(probabilities.count) })
    }
    let exact = probabilities.map { max($0, 0) / sum * Double(one) }
    var parts = exact.map { Int64($0) }
    let order = exact.indices.sorted { left, right in
      let (a, b) = (exact[left] - Double(parts[left]), exact[right] - Double(parts[right]))
      return a == b ? left < right : a > b
    }
    let missing = one - parts.reduce(0, +)
    for place in 0..<max(0, Int(missing)) { parts[order[place % order.count]] += 1 }
    return parts
  }

  /// The score of probabilities in millionths: p(positive) + p(neutral) / 2, rounded half up; two are those of
  /// negative and positive.
  package static func score(_ parts: [Int64]) -> Int64 {
    precondition((2...3).contains(parts.count), "a score is made of 2 or 3 probabilities")
    return parts.count == 2 ? parts[1] : parts[2] + (parts[1] + 1) / 2
  }

  /// The place of the largest number, the first of equal ones.
  package static func largest(_ parts: [Int64]) -> Int {
    var best = 0
    for place in parts.indices where parts[place] > parts[best] { best = place }
    return best
  }

  /// Millionths as a number of 0 … 1.
  package static func number(_ millionths: Int64) -> Double { Double(millionths) / Double(one) }
}
