import Classifier
import ELMo
import Testing

struct HeadTests {
  private static func random(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
    }
  }

  private static func weights(labels: Int) -> HeadWeights {
    let shape = HeadShape(layers: 3, width: 40, hidden: 33, labels: labels)
    var weights = HeadWeights(shape: shape)
    weights.mix = [0.3, -0.2, 0.9]
    weights.gamma = 1.1
    weights.hiddenKernel = random(40 * 33, seed: 1)
    weights.hiddenBias = random(33, seed: 2)
    weights.outputKernel = random(33 * shape.outputs, seed: 3)
    weights.outputBias = random(shape.outputs, seed: 4)
    return weights
  }

  @Test func `a head worked out by hand`() {
    // Layers (1, 2) and (3, 6), even mix: x = (2, 4), gamma 0.5: (1, 2).
    // hidden = relu(1·1 + 2·1 - 1, 1·1 - 2·1) = (2, 0); logit = 2·0.5 + 0·9 - 0.25 = 0.75.
    var weights = HeadWeights(shape: HeadShape(layers: 2, width: 2, hidden: 2, labels: 2))
    weights.gamma = 0.5
    weights.hiddenKernel = [1, 1, 1, -1]
    weights.hiddenBias = [-1, 0]
    weights.outputKernel = [0.5, 9]
    weights.outputBias = [-0.25]
    let head = Head(weights)
    let pooled: [Float] = [1, 2, 3, 6]
    let logits = head.logits(pooled: pooled.span, rows: 1)
    #expect(logits == [0.75])
    let probabilities = head.probabilities(pooled: pooled.span, rows: 1)[0]
    #expect(abs(probabilities[1] - 0.679_178_699_175_393_0) < 1e-15)
    #expect(abs(probabilities[0] + probabilities[1] - 1) < 1e-15)
    let cooler = head.probabilities(pooled: pooled.span, rows: 1, temperature: 3)[0]
    #expect(abs(cooler[1] - 0.562_176_500_885_798_2) < 1e-15)
  }

  @Test func `a head without hidden layer worked out by hand`() {
    // Features (1, 2, 3, 4); logits: 1·1 + 2·0 + 3·2 + 4·0 + 0.5 = 7.5 and so on.
    var weights = HeadWeights(
      shape: HeadShape(layers: 1, width: 2, hidden: 0, labels: 3, pooling: .meanMax))
    weights.outputKernel = [1, 0, 0, 0, 1, 0, 2, 0, 1, 0, 0, 1]
    weights.outputBias = [0.5, 0, -1]
    let features: [Float] = [1, 2, 3, 4]
    #expect(Head(weights).logits(features: features.span, rows: 1) == [7.5, 2, 6])
    #expect(weights.shape.parameters == 4 * 3 + 3 + 1 + 1)
  }

  @Test func `the article's head has 262,661 numbers, the mix among them`() {
    #expect(HeadShape(layers: 3, width: 1024, hidden: 256, labels: 2).parameters == 262_657 + 4)
  }

  @Test(arguments: [2, 3])
  func `a row has the same bits alone, in any batch and in any order`(labels: Int) {
    let head = Head(Self.weights(labels: labels))
    let size = 3 * 40
    let rows = 300  // more than one block
    let pooled = Self.random(rows * size, seed: 9)
    let together = head.logits(pooled: pooled.span, rows: rows)
    let outputs = head.shape.outputs
    var reversed: [Float] = []
    for row in (0..<rows).reversed() {
      let own = Array(pooled[(row * size)..<((row + 1) * size)])
      reversed += own
      let alone = head.logits(pooled: own.span, rows: 1)
      #expect(alone == Array(together[(row * outputs)..<((row + 1) * outputs)]))
    }
    let backwards = head.logits(pooled: reversed.span, rows: rows)
    for row in 0..<rows {
      let other = rows - 1 - row
      #expect(
        backwards[(row * outputs)..<((row + 1) * outputs)].elementsEqual(
          together[(other * outputs)..<((other + 1) * outputs)]))
    }
  }

  @Test(arguments: [2, 3])
  func `probabilities sum to 1 however large the vectors are`(labels: Int) {
    let head = Head(Self.weights(labels: labels))
    let pooled = Self.random(3 * 40, seed: 5).map { $0 * 1e30 }
    let probabilities = head.probabilities(pooled: pooled.span, rows: 1)[0]
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
  }

  @Test(arguments: Pooling.allCases, [0, 33])
  func `a pooled row has the same bits alone and in any batch`(pooling: Pooling, hidden: Int) {
    let shape = HeadShape(layers: 3, width: 40, hidden: hidden, labels: 3, pooling: pooling)
    let head = Head(Sample.weights(shape))
    let (rows, inputs) = (300, shape.inputs)
    let features = Self.random(rows * inputs, seed: 11)
    let together = head.logits(features: features.span, rows: rows)
    for row in 0..<rows {
      let own = Array(features[row * inputs..<(row + 1) * inputs])
      #expect(head.logits(features: own.span, rows: 1) == Array(together[row * 3..<row * 3 + 3]))
    }
  }

  @Test func `no rows are no error`() {
    let head = Head(Self.weights(labels: 2))
    let pooled: [Float] = []
    let probabilities = head.probabilities(pooled: pooled.span, rows: 0)
    #expect(probabilities.isEmpty)
  }
}
