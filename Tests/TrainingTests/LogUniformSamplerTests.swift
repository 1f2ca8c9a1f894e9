import Foundation
import Testing
import Training

struct LogUniformSamplerTests {
  @Test func `the probabilities are those of the paper and sum to one`() {
    let sampler = LogUniformSampler(vocabularySize: 1000)
    let sum = (0..<1000).reduce(0.0) { $0 + sampler.probability(of: $1) }
    #expect(abs(sum - 1) < 1e-12)
    #expect(abs(sampler.probability(of: 0) - log(2) / log(1001)) < 1e-15)
    #expect(abs(sampler.probability(of: 999) - log(1001.0 / 1000) / log(1001)) < 1e-15)
  }

  @Test func `a draw holds distinct ids of the vocabulary`() {
    let sampler = LogUniformSampler(vocabularySize: 500)
    var generator = SeededGenerator(seed: 1)
    let draw = sampler.draw(200, using: &generator)
    #expect(Set(draw.ids).count == 200)
    #expect(draw.ids.allSatisfy { (0..<500).contains($0) })
    #expect(draw.tries >= 200)
    var again = SeededGenerator(seed: 1)
    #expect(sampler.draw(200, using: &again) == draw)
  }

  @Test func `ids come as often as they are expected to`() {
    let sampler = LogUniformSampler(vocabularySize: 300)
    var generator = SeededGenerator(seed: 9)
    let draws = 4000
    var found = [Double](repeating: 0, count: 300)
    var expected = [Double](repeating: 0, count: 300)
    for _ in 0..<draws {
      let draw = sampler.draw(40, using: &generator)
      for id in draw.ids { found[Int(id)] += 1 }
      for id in 0..<300 { expected[id] += sampler.expectedCount(of: id, tries: draw.tries) }
    }
    // Four standard deviations of a binomial count, and the bias of stopping at the 40th id.
    for id in 0..<300 {
      #expect(
        abs(found[id] - expected[id]) < 4.5 * sqrt(expected[id]) + 0.02 * expected[id], "id \(id)")
    }
  }

  @Test func `the expected count keeps its digits where P is small`() {
    let sampler = LogUniformSampler(vocabularySize: 40_000)
    let p = sampler.probability(of: 39_999)
    #expect(abs(sampler.expectedCount(of: 39_999, tries: 1) - p) < 1e-12 * p)
    #expect(sampler.expectedCount(of: 0, tries: 100_000) <= 1)
  }

  @Test(arguments: [10, 11])
  func `drawing all ids is the full softmax`(count: Int) {
    var generator = SeededGenerator(seed: 1)
    let draw = LogUniformSampler(vocabularySize: 10).draw(count, using: &generator)
    #expect(draw.ids == Array(0..<10))
    #expect(LogUniformSampler(vocabularySize: 10).expectedCount(of: 9, tries: draw.tries) == 1)
  }
}
