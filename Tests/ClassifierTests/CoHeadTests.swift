import Classifier
import Testing

struct CoHeadTests {
  private static let texts = [
    "a fine evening", "no . just no .", "", "GREAT great Great", "one", "日本語 is not a mood",
  ]

  @Test func `logits are the bias and the weighted buckets`() {
    var weights = CoHeadWeights(bits: 10, labels: 3)
    weights.bias = [0.5, -0.25, 0]
    for index in weights.weights.indices { weights.weights[index] = Float(index % 97) / 32 }
    let coHead = CoHead(weights)
    var features = CoHeadFeatures(bits: 10)
    let text = "a fine evening"
    var wanted = [0.5, -0.25, 0]
    for (bucket, value) in features(text) {
      for output in 0..<3 {
        wanted[output] += Double(value) * Double((3 * Int(bucket) + output) % 97) / 32
      }
    }
    #expect(coHead.logits([text]) == wanted)
    #expect(coHead.logits(features: features(text)) == wanted)
    #expect(coHead.logits([""]) == [0.5, -0.25, 0])
    #expect(coHead.logits([]).isEmpty)
  }

  @Test(arguments: [2, 3])
  func `a text has the same logits alone, in any batch and in any order`(labels: Int) {
    let coHead = CoHead(Sample.coHead(labels: labels))
    let many = (0..<7).flatMap { _ in Self.texts }  // enough for two threads
    let together = coHead.logits(many)
    let outputs = coHead.outputs
    #expect(outputs == (labels == 2 ? 1 : labels))
    for (row, text) in many.enumerated() {
      #expect(coHead.logits([text]) == Array(together[row * outputs..<(row + 1) * outputs]))
    }
    let reversed = coHead.logits(many.reversed())
    for row in many.indices {
      let other = many.count - 1 - row
      #expect(
        reversed[row * outputs..<(row + 1) * outputs].elementsEqual(
          together[other * outputs..<(other + 1) * outputs]))
    }
  }

  @Test func `a factor of a bucket scales it before the norm`() {
    var weights = Sample.coHead()
    let plain = CoHead(weights).logits(Self.texts)
    weights.idf = Array(repeating: 2, count: 1 << weights.bits)
    // Twice everything is the same after the norm, and twice is exact.
    #expect(CoHead(weights).logits(Self.texts) == plain)
    weights.idf = Array(repeating: 0, count: 1 << weights.bits)
    #expect(CoHead(weights).logits(Self.texts) == Self.texts.map { _ in Double(weights.bias[0]) })
    #expect(weights.isFinite)
    weights.idf?[3] = .infinity
    #expect(!weights.isFinite)
  }
}
