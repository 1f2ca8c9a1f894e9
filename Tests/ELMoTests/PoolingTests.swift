import ELMo
import LinearAlgebra
import Testing

struct PoolingTests {
  private static func random(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = SeededNumbers(seed: seed)
    return (0..<count).map { _ in numbers.uniform(1.5) }
  }

  /// A pooler for a model, with uneven factors.
  private static func pooler(_ pooling: Pooling, _ model: ELMoModel, seed: UInt64 = 3) -> Pooler {
    Pooler(
      pooling, factors: random(model.layerCount, seed: seed),
      query: pooling.hasQuery ? random(model.width, seed: seed + 1) : [], width: model.width)
  }

  @Test func `poolings worked out by hand`() {
    // Tokens (1, -2), (3, 4), (2, 1); the query (0, 0) weighs them alike.
    let mixed: [Float] = [1, -2, 3, 4, 2, 1]
    let wanted: [Pooling: [Float]] = [
      .mean: [2, 1], .meanMax: [2, 1, 3, 4], .attention: [2, 1],
      .meanMaxAttention: [2, 1, 3, 4, 2, 1],
    ]
    for pooling in Pooling.allCases {
      let pooler = Pooler(
        pooling, factors: [1], query: pooling.hasQuery ? [0, 0] : [], width: 2)
      var pooled = [Float](repeating: .nan, count: pooler.outputs)
      var span = pooled.mutableSpan
      pooler.pool(mixed.span, tokens: 3, into: &span)
      for (own, value) in zip(pooled, wanted[pooling] ?? []) { #expect(abs(own - value) <= 5e-7) }
      #expect(pooled.count == 2 * pooling.parts)
    }
  }

  @Test func `attention turns to the token that is most like the query`() {
    let mixed: [Float] = [1, 0, 0, 1, -1, 0]
    // Scores ln 2, 0 and -ln 2: weights 4/7, 2/7 and 1/7.
    let pooler = Pooler(.attention, factors: [1], query: [0.693_147_2, 0], width: 2)
    var pooled: [Float] = [0, 0]
    var span = pooled.mutableSpan
    pooler.pool(mixed.span, tokens: 3, into: &span)
    #expect(abs(pooled[0] - 3 / 7) < 1e-6 && abs(pooled[1] - 2 / 7) < 1e-6)
  }

  @Test(arguments: Pooling.allCases, Miniature.names)
  func `the pooled vector is what the mixed token vectors say`(
    pooling: Pooling, name: String
  ) throws {
    let model = try Miniature.model(name)
    let pooler = Self.pooler(pooling, model)
    var workspace = ELMoWorkspace(for: model)
    let pooled = model.pooledTokens(Miniature.sentences, by: [pooler], workspace: &workspace)[0]
    let answers = model.embed(Miniature.sentences, workspace: &workspace)
    let (width, d) = (model.width, model.projectionWidth)
    for (index, answer) in answers.enumerated() {
      let own = Array(pooled[index * pooler.outputs..<(index + 1) * pooler.outputs])
      guard answer.tokens > 0 else {
        #expect(own.allSatisfy { $0 == 0 })
        continue
      }
      let tokens = (0..<answer.tokens).map { token in
        (0..<width).map { channel in
          (0..<model.layerCount).reduce(0.0) { sum, layer in
            let value =
              layer == 0
              ? answer.wordEmbeddings[token * d + channel % d]
              : answer.lstmOutputs[layer - 1][token * width + channel]
            return sum + Double(pooler.factors[layer]) * Double(value)
          }
        }
      }
      var wanted: [Double] = []
      if pooling != .attention {
        wanted += (0..<width).map { channel in
          tokens.reduce(0) { $0 + $1[channel] } / Double(tokens.count)
        }
      }
      if pooling == .meanMax || pooling == .meanMaxAttention {
        wanted += (0..<width).map { channel in tokens.map { $0[channel] }.max() ?? 0 }
      }
      if pooling.hasQuery {
        let scores = tokens.map { token in
          zip(token, pooler.query).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        let weights = scores.map { Exponential.exp($0) }
        let sum = weights.reduce(0, +)
        wanted += (0..<width).map { channel in
          zip(tokens, weights).reduce(0) { $0 + $1.0[channel] * $1.1 } / sum
        }
      }
      // A dozen additions in float32 of numbers up to 3.
      for (own, value) in zip(own, wanted) { #expect(abs(Double(own) - value) <= 5e-6) }
      #expect(own.count == wanted.count)
    }
  }

  @Test(arguments: Pooling.allCases)
  func `a sentence is pooled to the same bits alone, in any batch and in any order`(
    pooling: Pooling
  ) throws {
    let model = try Miniature.model("deep")
    let pooler = Self.pooler(pooling, model)
    let sentences = Miniature.randomSentences(count: 60, seed: 15)
    var workspace = ELMoWorkspace(for: model, tokenBudget: 300)
    let together = model.pooledTokens(sentences, by: [pooler], workspace: &workspace)[0]
    let size = pooler.outputs
    var order = Array(sentences.indices)
    var numbers = SeededNumbers(seed: 16)
    order.shuffle(using: &numbers)
    for budget in [0, 40, 4096] {
      var other = ELMoWorkspace(for: model, tokenBudget: budget, cacheCapacity: 3)
      let shuffled = model.pooledTokens(
        order.map { sentences[$0] }, by: [pooler], workspace: &other)[0]
      for (place, index) in order.enumerated() {
        #expect(
          shuffled[place * size..<(place + 1) * size]
            .elementsEqual(together[index * size..<(index + 1) * size]))
      }
    }
    for (index, sentence) in sentences.enumerated() {
      let alone = model.pooledTokens([sentence], by: [pooler], workspace: &workspace)[0]
      #expect(alone == Array(together[index * size..<(index + 1) * size]))
    }
  }

  @Test(arguments: Pooling.allCases)
  func `every instruction set gives the same bits`(pooling: Pooling) {
    for (tokens, width) in [(1, 1), (2, 7), (19, 24), (33, 130)] {
      let pooler = Pooler(
        pooling, factors: [1], query: pooling.hasQuery ? Self.random(width, seed: 21) : [],
        width: width)
      let mixed = Self.random(tokens * width, seed: UInt64(tokens))
      let answers = InstructionSet.available.map { set in
        var pooled = [Float](repeating: 0, count: pooler.outputs)
        var span = pooled.mutableSpan
        pooler.pool(mixed.span, tokens: tokens, into: &span, on: set)
        return pooled.map(\.bitPattern)
      }
      #expect(answers.allSatisfy { $0 == answers[0] }, "\(tokens) tokens of \(width)")
    }
  }

  @Test func `several poolers at once answer as each alone`() throws {
    let model = try Miniature.model("deep")
    let poolers = Pooling.allCases.map { Self.pooler($0, model) }
    let mixed = poolers + [Self.pooler(.meanMax, model, seed: 8), poolers[2]]
    var workspace = ELMoWorkspace(for: model)
    let together = model.pooledTokens(Miniature.sentences, by: mixed, workspace: &workspace)
    for (pooler, own) in zip(mixed, together) {
      #expect(
        model.pooledTokens(Miniature.sentences, by: [pooler], workspace: &workspace) == [own])
    }
    #expect(
      model.pooledTokens([], by: poolers, workspace: &workspace) == poolers.map { _ in [] })
    #expect(model.pooledTokens(Miniature.sentences, by: [], workspace: &workspace).isEmpty)
  }
}
