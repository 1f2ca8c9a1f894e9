import Foundation

/// Draws the negatives of a sampled softmax, the frequent ids more often (ELMO.md 8.3).
///
/// The ids fall by count, so an id is its rank r: P(r) = ln((r+2)/(r+1)) / ln(V+1).
package struct LogUniformSampler: Sendable {
  /// The ids of one draw.
  package struct Draw: Sendable, Equatable {
    /// Distinct ids below V, in the order they came.
    package let ids: [Int32]
    /// How many ids were drawn until as many distinct ones were there.
    package let tries: Int
  }

  /// V, how many ids there are to draw from.
  package let vocabularySize: Int
  private let logRange: Double  // ln(V+1)

  /// A sampler of the ids 0 ..< `vocabularySize`.
  package init(vocabularySize: Int) {
    precondition(vocabularySize > 0, "a sampler needs 1 id or more, not \(vocabularySize)")
    self.vocabularySize = vocabularySize
    logRange = log(Double(vocabularySize) + 1)
  }

  /// P of an id in one try.
  package func probability(of id: Int) -> Double {
    precondition((0..<vocabularySize).contains(id), "id \(id) of \(vocabularySize)")
    return log1p(1 / (Double(id) + 1)) / logRange
  }

  /// How often an id is expected among the distinct ids of so many tries: 1 - (1-P)^tries.
  package func expectedCount(of id: Int, tries: Int) -> Double {
    -expm1(Double(tries) * log1p(-probability(of: id)))
  }

  /// Draws `count` distinct ids; all of them, with an expected count of 1 each, from V on.
  package func draw(_ count: Int, using generator: inout SeededGenerator) -> Draw {
    precondition(count >= 0, "a draw of \(count) ids")
    guard count < vocabularySize else {
      return Draw(ids: Array(0..<Int32(vocabularySize)), tries: .max)
    }
    var ids: [Int32] = []
    ids.reserveCapacity(count)
    var isDrawn = [Bool](repeating: false, count: vocabularySize)
    var tries = 0
    while ids.count < count {
      tries += 1
      // Rounding can reach V, the one number above the last id.
      let id = min(Int(exp(generator.uniform() * logRange)) - 1, vocabularySize - 1)
      if isDrawn[id] { continue }
      isDrawn[id] = true
      ids.append(Int32(id))
    }
    return Draw(ids: ids, tries: tries)
  }
}
