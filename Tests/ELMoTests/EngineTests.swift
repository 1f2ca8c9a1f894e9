import ELMo
import Testing

/// What engines may differ by, and what they may not.
struct EngineTests {
  private static func bundle(in directory: TemporaryDirectory) throws -> ModelBundle {
    try ModelBundle.random(
      options: .compact(cellSize: 160, projectionSize: 48), seed: 4, name: "random",
      directory: "\(directory.path)/random")
    return try ModelBundle(directory: "\(directory.path)/random")
  }

  @Test(arguments: Engine.allCases)
  func `a sentence has the same bits alone, in any batch and in any order`(engine: Engine) throws {
    let directory = try TemporaryDirectory()
    let model = try ELMoModel(Self.bundle(in: directory), engine: engine)
    #expect(model.engine == engine)
    let sentences = Miniature.randomSentences(count: 60, seed: 5)
    var workspace = ELMoWorkspace(for: model, tokenBudget: 300)
    let together = model.embed(sentences, workspace: &workspace)
    for (index, sentence) in sentences.enumerated() {
      #expect(model.embed([sentence], workspace: &workspace) == [together[index]])
    }
    var other = ELMoWorkspace(for: model, tokenBudget: 4096, cacheCapacity: 3)
    let reversed = model.embed(sentences.reversed(), workspace: &other)
    #expect(Array(reversed.reversed()) == together)
  }

  /// Bounds of ELMO.md 10.7, of the top layer on the root mean square; random weights are spread evenly, which
  /// is kind to eight bits.
  @Test(arguments: [(Engine.bf16, 3e-3), (.int8, 1e-2)])
  func `a narrower engine answers nearly as single precision does`(
    engine: Engine, tolerance: Double
  ) throws {
    let directory = try TemporaryDirectory()
    let bundle = try Self.bundle(in: directory)
    let exact = try ELMoModel(bundle)
    #expect(exact.engine == .fp32)
    let model = try ELMoModel(bundle, engine: engine)
    let sentences = Miniature.randomSentences(count: 40, seed: 6).filter { !$0.isEmpty }
    var one = ELMoWorkspace(for: exact)
    var two = ELMoWorkspace(for: model)
    let wanted = exact.embed(sentences, workspace: &one)
    let found = model.embed(sentences, workspace: &two)
    #expect(wanted.map(\.wordEmbeddings) == found.map(\.wordEmbeddings))
    var (error, size) = (0.0, 0.0)
    for (a, b) in zip(wanted, found) {
      for (x, y) in zip(a.lstmOutputs[1], b.lstmOutputs[1]) {
        error += Double(x - y) * Double(x - y)
        size += Double(x) * Double(x)
      }
    }
    #expect((error / size).squareRoot() < tolerance)
    #expect(error > 0)
  }

  @Test func `a bundle says which engine it is for, and a caller may say otherwise`() throws {
    let directory = try TemporaryDirectory()
    let bundle = try Self.bundle(in: directory)
    for (storage, engine) in [
      (WeightStorage.int8, Engine.int8), (.bfloat16, .bf16), (.float16, .fp32),
    ] {
      try bundle.write(to: "\(directory.path)/small", name: "small", storage: storage)
      let small = try ModelBundle(directory: "\(directory.path)/small")
      #expect(try ELMoModel(small).engine == engine)
      #expect(try ELMoModel(small, engine: .fp32).engine == .fp32)
    }
  }

  @Test func `weights that are stored in eight bits are not rounded again`() throws {
    let directory = try TemporaryDirectory()
    let bundle = try Self.bundle(in: directory)
    try bundle.write(to: "\(directory.path)/once", name: "once", storage: .int8)
    let once = try ModelBundle(directory: "\(directory.path)/once")
    // The same numbers, stored whole: their columns' scales are found anew, half by half.
    try once.write(to: "\(directory.path)/wide", name: "wide", storage: .float32)
    let wide = try ModelBundle(directory: "\(directory.path)/wide")
    let sentences = Miniature.randomSentences(count: 30, seed: 7)
    func pooled(_ bundle: ModelBundle, _ engine: Engine) throws -> [Float] {
      let model = try ELMoModel(bundle, engine: engine)
      var workspace = ELMoWorkspace(for: model)
      return model.pooledLayers(sentences, workspace: &workspace)
    }
    let exact = try pooled(wide, .fp32)
    func error(_ found: [Float]) -> Float {
      zip(found, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    // Only activations are rounded of the one, activations and once more the weights of the other.
    #expect(try error(pooled(once, .int8)) < error(pooled(wide, .int8)))
  }

  @Test func `operations are counted, those that rows share once`() throws {
    let directory = try TemporaryDirectory()
    let model = try ELMoModel(Self.bundle(in: directory))
    let sentence = Miniature.words("so", "it", "goes")
    let (d, h) = (48, 160)
    var workspace = ELMoWorkspace(for: model)
    _ = model.embed([sentence], workspace: &workspace)
    // Three tokens, two layers, two directions.
    let one = 2 * 3 * 2 * (2 * d * 4 * h + h * d)
    #expect(workspace.multiplyAdds == one)
    _ = model.embed([sentence, sentence], workspace: &workspace)
    #expect(workspace.multiplyAdds == 2 * one)
  }

  /// One stripe of cells, several, and several of a network without projection.
  @Test(arguments: Engine.allCases, [(160, 48), (192, 48), (128, 128)])
  func `threads and the width of steps change no bit`(
    engine: Engine, sizes: (cell: Int, projection: Int)
  ) throws {
    let directory = try TemporaryDirectory()
    try ModelBundle.random(
      options: .compact(cellSize: sizes.cell, projectionSize: sizes.projection), seed: 4,
      name: "random", directory: "\(directory.path)/random")
    let model = try ELMoModel(
      ModelBundle(directory: "\(directory.path)/random"), engine: engine)
    let sentences = Miniature.randomSentences(count: 70, seed: 11)
    func pooled(_ sentences: [[ELMoToken]], threads: Int) -> [Float] {
      var workspace = ELMoWorkspace(for: model, tokenBudget: 2048)
      workspace.threads = threads
      return model.pooledLayers(sentences, workspace: &workspace)
    }
    let together = pooled(sentences, threads: 1)
    #expect(pooled(sentences, threads: 2) == together)
    #expect(sentences.flatMap { pooled([$0], threads: 1) } == together)
  }
}
