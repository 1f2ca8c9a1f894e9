import Foundation

/// The words' vectors and biases, shared by the two directions.
package struct SoftmaxWeights<R: Real>: Sendable {
  /// V, the words.
  package let size: Int
  /// D, the width of a vector.
  package let d: Int
  /// [V, D].
  package var weights: [R]
  /// [V].
  package var bias: [R]

  /// Weights from their numbers.
  package init(size: Int, d: Int, weights: [R], bias: [R]) {
    precondition(
      weights.count == size * d && bias.count == size,
      "\(weights.count) and \(bias.count) numbers for \(size) words of \(d)")
    self.size = size
    self.d = d
    self.weights = weights
    self.bias = bias
  }
}

/// What one direction's step chooses against.
package struct SoftmaxSample: Sendable {
  /// Distinct ids.
  package let ids: [Int32]
  private let sampler: LogUniformSampler?
  private let tries: Int

  /// All words: the full softmax.
  package init(all size: Int) {
    ids = Array(0..<Int32(size))
    sampler = nil
    tries = 0
  }

  /// `count` words drawn for a step of a direction; all of them from V on.
  package init(_ count: Int, of sampler: LogUniformSampler, using generator: inout SeededGenerator)
  {
    let draw = sampler.draw(count, using: &generator)
    self.init(draw.ids, of: sampler, tries: draw.tries)
  }

  /// Distinct words that so many tries of a sampler gave; all of them stand for the full softmax.
  package init(_ ids: [Int32], of sampler: LogUniformSampler, tries: Int) {
    self.ids = ids
    self.sampler = ids.count < sampler.vocabularySize ? sampler : nil
    self.tries = tries
  }

  /// Whether all words are there, so that nothing needs a correction.
  var isFull: Bool { sampler == nil }

  /// ln of an id's expected count, which is taken off its logit (ELMO.md 8.3).
  func correction(of id: Int32) -> Double {
    guard let sampler else { return 0 }
    return log(sampler.expectedCount(of: Int(id), tries: tries))
  }
}

/// Gradients of some words, each word once, in the order of their first appearance.
package final class SoftmaxRows<R: Real> {
  /// D.
  package let d: Int
  /// The words.
  package private(set) var ids: [Int32] = []
  /// [words, D].
  package let gradient = Block<R>()
  /// [words].
  package let bias = Block<R>()
  private var places: [Int32: Int] = [:]

  /// No words, of vectors of width `d`; room for `capacity` of them.
  init(d: Int, capacity: Int) {
    self.d = d
    gradient.grow(to: capacity * d)
    bias.grow(to: capacity)
  }

  /// Adds rows; the spans may be longer than the ids.
  func add(_ ids: [Int32], gradient rows: Span<R>, bias biases: Span<R>) {
    var target = gradient.mutableSpan
    var offsets = bias.mutableSpan
    for (row, id) in ids.enumerated() {
      let own = rows.extracting(row * d..<(row + 1) * d)
      if let place = places[id] {
        target.add(own, at: place * d)
        offsets[place] += biases[row]
      } else {
        let place = self.ids.count
        places[id] = place
        self.ids.append(id)
        target.copy(own, at: place * d)
        offsets[place] = biases[row]
      }
    }
  }
}
