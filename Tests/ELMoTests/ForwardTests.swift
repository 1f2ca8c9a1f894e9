import ELMo
import Testing

/// The forward pass against an independent float64 program (Fixtures/make_miniature.py).
///
/// Tolerance 1e-6 + 1e-5·|x|: float32 keeps 6e-8 of a number; the longest chains here add about a
/// hundred products and pass three layers, which costs a few of the last bits, not two digits more.
@Suite struct ForwardTests {
  private func agree(_ found: [Float], _ file: TensorFile, _ name: String) throws {
    let wanted = try file.floats(of: name)
    let over = excess(found, wanted, absolute: 1e-6, relative: 1e-5)
    #expect(over == 0, "\(name): \(found.count) numbers, \(wanted.count) wanted, off by \(over)")
  }

  @Test(arguments: Miniature.names)
  func `every layer of every sentence is what the independent program says`(name: String) throws {
    let model = try Miniature.model(name)
    let expected = try TensorFile("\(Miniature.fixtures)/\(name)/expected.safetensors")
    var workspace = ELMoWorkspace(for: model)
    let answers = model.embed(Miniature.sentences, workspace: &workspace)
    for (index, tokens) in Miniature.sentences.enumerated() where !tokens.isEmpty {
      let ids = tokens.flatMap { $0.characterIDs() }.map(Float.init)
      #expect(ids == (try expected.floats(of: "\(index)/ids")))
      try agree(model.tokenFeatures(tokens), expected, "\(index)/features")
      try agree(model.tokenVectors(tokens), expected, "\(index)/word_emb")
      for tensor in answers[index].tensors {
        #expect(tensor.shape == expected.shape(of: "\(index)/\(tensor.name)"))
        try agree(tensor.values, expected, "\(index)/\(tensor.name)")
      }
    }
  }

  @Test(arguments: Miniature.names)
  func `pooled layers are the means of the layers`(name: String) throws {
    let model = try Miniature.model(name)
    var workspace = ELMoWorkspace(for: model)
    let pooled = model.pooledLayers(Miniature.sentences, workspace: &workspace)
    let answers = model.embed(Miniature.sentences, workspace: &workspace)
    let width = model.width
    #expect(pooled.count == Miniature.sentences.count * model.layerCount * width)
    for (index, answer) in answers.enumerated() {
      for layer in 0..<model.layerCount {
        let start = (index * model.layerCount + layer) * width
        for channel in 0..<width {
          var sum = 0.0
          for token in 0..<answer.tokens {
            let d = model.projectionWidth
            let value =
              layer == 0
              ? answer.wordEmbeddings[token * d + channel % d]
              : answer.lstmOutputs[layer - 1][token * width + channel]
            sum += Double(value)
          }
          let mean = Float(sum / Double(max(1, answer.tokens)))
          // At most 12 additions in float32.
          #expect((pooled[start + channel] - mean).magnitude <= 2e-6)
        }
      }
    }
  }

  @Test(arguments: Miniature.names)
  func `a sentence has the same bits alone, in any batch and in any order`(name: String) throws {
    let model = try Miniature.model(name)
    let sentences = Miniature.randomSentences(count: 60, seed: 5)
    var workspace = ELMoWorkspace(for: model, tokenBudget: 300)
    let together = model.embed(sentences, workspace: &workspace)
    let pooled = model.pooledLayers(sentences, workspace: &workspace)
    let size = model.layerCount * model.width
    var order = Array(sentences.indices)
    var numbers = SeededNumbers(seed: 6)
    order.shuffle(using: &numbers)
    for budget in [0, 40, 4096] {
      var other = ELMoWorkspace(for: model, tokenBudget: budget, cacheCapacity: 3)
      let shuffled = model.embed(order.map { sentences[$0] }, workspace: &other)
      for (place, index) in order.enumerated() { #expect(shuffled[place] == together[index]) }
    }
    for (index, sentence) in sentences.enumerated() {
      #expect(model.embed([sentence], workspace: &workspace) == [together[index]])
      #expect(
        model.pooledLayers([sentence], workspace: &workspace)
          == Array(pooled[index * size..<(index + 1) * size]))
    }
  }

  @Test(arguments: [0, 1, 2, 7, 10_000])
  func `the cache changes no bit, however small`(capacity: Int) throws {
    let model = try Miniature.model("deep")
    let sentences = Miniature.randomSentences(count: 80, seed: 9)
    var plain = ELMoWorkspace(for: model, cacheCapacity: 10_000)
    let wanted = model.embed(sentences, workspace: &plain)
    var workspace = ELMoWorkspace(for: model, tokenBudget: 60, cacheCapacity: capacity)
    for _ in 0..<2 { #expect(model.embed(sentences, workspace: &workspace) == wanted) }
    let tokens = 2 * sentences.reduce(0) { $0 + $1.count }
    #expect(workspace.cache.hits + workspace.cache.misses == tokens)
    #expect(workspace.cache.count <= capacity)
    if capacity == 10_000 {
      #expect(workspace.cache.misses == Set(sentences.joined()).count)
    }
  }

  @Test func `an empty sentence is zeros and says so, an empty call is empty`() throws {
    let model = try Miniature.model("deep")
    var workspace = ELMoWorkspace(for: model)
    let answer = try #require(model.embed([[]], workspace: &workspace).first)
    #expect(answer.isEmpty && !answer.isCut)
    #expect(answer.default == Array(repeating: 0, count: model.width))
    #expect(answer.tensors.map(\.shape) == [[0, 4], [0, 8], [0, 8], [0, 8], [0, 8], [8]])
    #expect(
      model.pooledLayers([[]], workspace: &workspace)
        == Array(repeating: 0, count: model.layerCount * model.width))
    #expect(model.embed([], workspace: &workspace).isEmpty)
    #expect(model.pooledLayers([], workspace: &workspace).isEmpty)
  }

  @Test func `a sentence over the cap is cut and says so`() throws {
    let model = try Miniature.model("bare")
    var workspace = ELMoWorkspace(for: model, tokenBudget: 16)
    let long = Array(repeating: Miniature.words("so", "long"), count: 200).flatMap { $0 }
    let answers = model.embed(
      [long, Array(long.prefix(model.maxTokens))], workspace: &workspace)
    #expect(answers[0].isCut && !answers[1].isCut)
    #expect(answers[0].tokens == 256)
    #expect(answers[0].tensors.map(\.values) == answers[1].tensors.map(\.values))
  }

  @Test func `an empty token is a token`() throws {
    let model = try Miniature.model("deep")
    var workspace = ELMoWorkspace(for: model)
    let answer = model.embed([[ELMoToken("")]], workspace: &workspace)[0]
    #expect(answer.tokens == 1)
    #expect(answer.wordEmbeddings == model.tokenVectors([ELMoToken("")]))
  }

  @Test func `tokens that share 48 bytes share their vector`() throws {
    let model = try Miniature.model("deep")
    let start = String(repeating: "y", count: 47)
    // é and è share their first byte, which is the 48th of the token.
    let vectors = [start + "é", start + "è and more", start + "z"].map {
      model.tokenVectors([ELMoToken($0)])
    }
    #expect(vectors[0] == vectors[1])
    #expect(vectors[0] != vectors[2])
    var workspace = ELMoWorkspace(for: model)
    _ = model.pooledLayers([[ELMoToken(start + "é")]], workspace: &workspace)
    _ = model.pooledLayers([[ELMoToken(start + "è")]], workspace: &workspace)
    #expect(workspace.cache.hits == 1 && workspace.cache.misses == 1)
  }

  @Test func `layer norm centres each layer over the whole call`() throws {
    let model = try Miniature.model("bare")
    var workspace = ELMoWorkspace(for: model)
    let answers = model.embed(
      Miniature.sentences, workspace: &workspace, mix: ScalarMix(weights: [0, -200], gamma: 2),
      layerNorm: true)
    // All weight on layer 0, so the mix is that layer, normalised and doubled.
    let values = answers.flatMap(\.elmo).map { Double($0) / 2 }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-5)
  }
}
