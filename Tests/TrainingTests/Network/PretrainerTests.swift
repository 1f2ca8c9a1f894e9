import ELMo
import Foundation
import LinearAlgebra
import Testing
import Training

struct PretrainerTests {
  private static let optimisers = PretrainingSettings.Optimiser.allCases
  private static let text = MarkovText(sentences: 60, heldOut: 20, seed: 4)

  private static let options = ELMoOptions(
    cellSize: 12, projectionSize: 6, layerCount: 2, cellClip: 3, projectionClip: 3,
    usesSkipConnections: true, characterSize: 4,
    filters: [.init(width: 1, count: 6), .init(width: 2, count: 6)], highwayCount: 1,
    charactersPerToken: 8)

  /// Some six steps a pass, with dropout and negatives that are drawn.
  private static func settings(
    _ optimiser: PretrainingSettings.Optimiser = .adam
  ) -> PretrainingSettings {
    var settings = PretrainingSettings(optimiser: optimiser)
    settings.batchTokens = 96
    settings.passes = 2
    settings.negatives = 9
    settings.dropout = 0.2
    settings.weights = .fp32
    return settings
  }

  private static func trainer(
    _ settings: PretrainingSettings, start: ModelBundle? = nil
  ) throws -> Pretrainer {
    try Pretrainer(options: options, corpus: text.corpus, settings: settings, start: start)
  }

  /// The state after some steps, and what they told.
  private static func run(
    _ trainer: Pretrainer, steps: Int
  ) throws -> (outcomes: [Pretrainer.StepOutcome], state: CheckpointState) {
    let outcomes = try (0..<steps).map { _ in try trainer.step() }
    return (outcomes, trainer.state())
  }

  private static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("elmond-pretrainer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  // MARK: Bits

  // From within the first pass into the second, whose batches are planned anew.
  @Test(arguments: optimisers, ProductPrecision.allCases)
  func `a run that was stopped goes on to the same bits`(
    optimiser: PretrainingSettings.Optimiser, products: ProductPrecision
  ) throws {
    var settings = Self.settings(optimiser)
    settings.products = products
    let whole = try Self.trainer(settings)
    let first = try Self.run(whole, steps: 4)
    let rest = try Self.run(whole, steps: whole.stepsTotal - 4)
    #expect(whole.stepsTotal > 8)

    let resumed = try Self.trainer(settings)
    try resumed.restore(first.state)
    #expect(resumed.stepsDone == 4 && resumed.state() == first.state)
    let again = try Self.run(resumed, steps: whole.stepsTotal - 4)
    #expect(again.outcomes == rest.outcomes && again.state == rest.state)
    #expect(resumed.tokensDone == 2 * Self.text.corpus.sentences.tokenCount)
  }

  @Test func `a run goes on from a checkpoint file to the same bits`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let whole = try Self.trainer(Self.settings())
    let checkpoints = CheckpointFolder(folder.path)
    try checkpoints.write(try Self.run(whole, steps: 3).state, step: 3)
    let rest = try Self.run(whole, steps: 4)
    let resumed = try Self.trainer(Self.settings())
    try resumed.restore(try #require(try checkpoints.latest()))
    let again = try Self.run(resumed, steps: 4)
    #expect(again.outcomes == rest.outcomes && again.state == rest.state)
  }

  @Test(arguments: ProductPrecision.allCases)
  func `one thread and two come to the same bits`(products: ProductPrecision) throws {
    var settings = Self.settings()
    settings.products = products
    let found = try [1, 2, 7].map { threads in
      settings.threads = threads
      let trainer = try Self.trainer(settings)
      let outcome = try Self.run(trainer, steps: 5)
      return (outcome.outcomes, outcome.state, trainer.heldOutPerplexity())
    }
    #expect(found[1] == found[0] && found[2] == found[0])
  }

  @Test func `a seed means the same bits, another seed others`() throws {
    var settings = Self.settings()
    let first = try Self.run(try Self.trainer(settings), steps: 3)
    let second = try Self.run(try Self.trainer(settings), steps: 3)
    #expect(first.outcomes == second.outcomes && first.state == second.state)
    settings.seed = 2
    let other = try Self.run(try Self.trainer(settings), steps: 3)
    #expect(zip(first.outcomes, other.outcomes).allSatisfy { $0.loss != $1.loss })
    for name in ["parameters", "softmax/W", "softmax/b"] {
      #expect(first.state.arrays[name] != other.state.arrays[name], "\(name)")
    }
  }

  @Test func `measuring between steps changes nothing`() throws {
    let plain = try Self.run(try Self.trainer(Self.settings()), steps: 4)
    let trainer = try Self.trainer(Self.settings())
    for _ in 0..<4 {
      _ = trainer.heldOutPerplexity()
      _ = try trainer.step()
    }
    #expect(trainer.state() == plain.state)
  }

  // MARK: Refusals

  @Test func `a loss that is no number stops the run and leaves the state`() throws {
    let trainer = try Self.trainer(Self.settings())
    let good = try Self.run(trainer, steps: 2)
    var bad = good.state
    let size = trainer.vocabulary.size
    bad.arrays["softmax/b"] = .floats([Float](repeating: .infinity, count: size))
    try trainer.restore(bad)
    let error = #expect(throws: PretrainingError.self) { try trainer.step() }
    let rate = Self.settings().schedule(totalSteps: trainer.stepsTotal).rate(atStep: 2)
    #expect(error == .diverged(step: 3, learningRate: rate))
    #expect(error?.description.contains("the loss of step 3 is NaN or infinite") == true)
    #expect(trainer.state() == bad && trainer.stepsDone == 2)
    // The next step does not feel what was computed for the failed one.
    try trainer.restore(good.state)
    let again = try Self.run(trainer, steps: 1)
    let plain = try Self.trainer(Self.settings())
    #expect(try Self.run(plain, steps: 3).state == again.state)
  }

  @Test(arguments: [
    "progress", "parameters", "softmax/W", "softmax/b", "softmax/b.means", "softmax/b.squares",
  ])
  func `a state of another size is refused and leaves the run as it was`(name: String) throws {
    let trainer = try Self.trainer(Self.settings())
    let before = trainer.state()
    var other = try Self.run(try Self.trainer(Self.settings()), steps: 2).state
    other.arrays[name] = name == "progress" ? .integers([1, 2, 3]) : .floats([1, 2, 3])
    #expect(throws: CheckpointError.self) { try trainer.restore(other) }
    #expect(trainer.state() == before)
    other.arrays[name] = nil
    #expect(throws: CheckpointError.missing(name)) { try trainer.restore(other) }
    #expect(trainer.state() == before)
  }

  @Test func `a state of a step that the run has not is refused`() throws {
    let trainer = try Self.trainer(Self.settings())
    var state = trainer.state()
    for steps in [-1, Int64(trainer.stepsTotal) + 1] {
      state.arrays["progress"] = .integers([steps, 5])
      #expect(throws: CheckpointError.self) { try trainer.restore(state) }
    }
    state.arrays["progress"] = .integers([Int64(trainer.stepsTotal), 5])
    try trainer.restore(state)
    #expect(trainer.stepsDone == trainer.stepsTotal)
  }

  // MARK: Perplexity

  @Test(arguments: StepFixture.names, [1, 12, 1000])
  func `perplexity is that of the script, however the sentences are cut into batches`(
    name: String, batchTokens: Int
  ) throws {
    let fixture = try StepFixture(name)
    var settings = fixture.settings(.adam)
    settings.batchTokens = batchTokens
    settings.negatives = 2  // of training; perplexity is over all words
    settings.dropout = 0.5  // likewise
    let sentences = SentenceList(fixture.rows)
    let trainer = try Pretrainer(
      options: fixture.options,
      corpus: Corpus(types: fixture.types, sentences: sentences, heldOut: sentences),
      settings: settings)
    let start = MiniatureStep<Float>(fixture)
    var state = trainer.state()
    state.arrays["parameters"] = .floats(start.parameters)
    state.arrays["softmax/W"] = .floats(start.softmax.weights)
    state.arrays["softmax/b"] = .floats(start.softmax.bias)
    try trainer.restore(state)
    let found = trainer.heldOutPerplexity()
    let wanted = fixture.full.losses
    #expect(abs(found.forwardLoss - wanted[0]) < 1e-6 * wanted[0])
    #expect(abs(found.backwardLoss - wanted[1]) < 1e-6 * wanted[1])
    #expect(abs(found.average - (exp(wanted[0]) + exp(wanted[1])) / 2) < 1e-5)
  }

  @Test func `perplexity is that of the sentences one by one in float64`() throws {
    let trainer = try Self.trainer(Self.settings())
    var state = try Self.run(trainer, steps: 6).state
    let network = BiLMNetwork<Double>(Self.options)
    let parameters = try state.takeFloats("parameters").map { Double($0) }
    let weights = try state.takeFloats("softmax/W").map { Double($0) }
    let softmax = SoftmaxWeights<Double>(
      size: trainer.vocabulary.size, d: Self.options.projectionSize, weights: weights,
      bias: try state.takeFloats("softmax/b").map { Double($0) })
    let corpus = Self.text.corpus
    func direct(_ count: Int) -> [Double] {
      var sums = [0.0, 0.0]
      var positions = 0
      for index in 0..<count {
        let batch = SentenceBatch(rows: [Array(corpus.heldOut[index])])
        let own = network.losses(
          batch, tokens: batch.distinct.map { corpus.types[$0] }, parameters: parameters,
          softmax: softmax)
        for direction in 0..<2 { sums[direction] += own[direction] }
        positions += batch.positions
      }
      return sums.map { $0 / Double(positions) }
    }
    for limit in [1, 7, 20, 5000] {
      let found = trainer.heldOutPerplexity(limit: limit)
      let wanted = direct(min(limit, 20))
      #expect(abs(found.forwardLoss - wanted[0]) < 2e-6 * wanted[0], "\(limit) sentences")
      #expect(abs(found.backwardLoss - wanted[1]) < 2e-6 * wanted[1], "\(limit) sentences")
    }
    let none = trainer.perplexity(of: SentenceList())
    #expect(none.forward == 1 && none.average == 1)
  }

  // MARK: Learning

  private static let chain = MarkovText(sentences: 1500, heldOut: 200, seed: 9)

  private static func learn(
    _ settings: PretrainingSettings, passes: Int
  ) throws -> (before: Perplexity, after: Perplexity) {
    var settings = settings
    settings.passes = passes
    settings.batchTokens = 256
    settings.negatives = 20  // of 33 words
    settings.dropout = 0.1
    let options = ELMoOptions(
      cellSize: 32, projectionSize: 16, layerCount: 2, cellClip: 3, projectionClip: 3,
      usesSkipConnections: true, characterSize: 8,
      filters: [.init(width: 1, count: 16), .init(width: 2, count: 16)], highwayCount: 1,
      charactersPerToken: 8)
    let trainer = try Pretrainer(options: options, corpus: chain.corpus, settings: settings)
    let before = trainer.heldOutPerplexity()
    while trainer.stepsDone < trainer.stepsTotal { _ = try trainer.step() }
    return (before, trainer.heldOutPerplexity())
  }

  // The chain itself is worth 5.8; a reversed chain is as good, since the words come evenly.
  @Test func `a short run learns most of a Markov chain, in bf16 as in fp32`() throws {
    var settings = PretrainingSettings()
    settings.learningRate = 1e-2
    settings.floor = 1e-3
    let full = try Self.learn(settings, passes: 20)
    settings.products = .bf16
    let half = try Self.learn(settings, passes: 20)
    let (least, unigram) = (Self.chain.leastPerplexity, Self.chain.unigramPerplexity)
    print("chain", least, unigram, full, half)
    for found in [full, half] {
      #expect(found.before.average > 25)
      #expect(found.after.forward < 1.25 * least && found.after.forward < 0.5 * unigram)
      #expect(found.after.backward < 1.25 * least && found.after.backward < 0.5 * unigram)
      // Nobody foretells better than who knows the chain, up to what 200 sentences leave open.
      #expect(found.after.forward > 0.98 * least)
    }
    // Rounding to 8 bits makes another run of the same quality.
    #expect(abs(half.after.average / full.after.average - 1) < 0.03)
    #expect(half.after != full.after)
  }

  @Test func `Adagrad learns as well`() throws {
    let found = try Self.learn(PretrainingSettings(optimiser: .adagrad), passes: 20)
    print("adagrad", found)
    #expect(found.after.average < 1.5 * Self.chain.leastPerplexity)
  }

  @Test func `bf16 products give nearly the gradient of fp32`() throws {
    let corpus = Self.chain.corpus
    let batch = SentenceBatch(rows: (0..<60).map { Array(corpus.sentences[$0]) })
    let tokens = batch.distinct.map { corpus.types[$0] }
    let layout = ParameterLayout(Self.options)
    let parameters = layout.startingValues(seed: 3)
    var generator = SeededGenerator(seed: 1)
    let (size, d) = (33, Self.options.projectionSize)
    let softmax = SoftmaxWeights<Float>(
      size: size, d: d, weights: (0..<size * d).map { _ in Float(generator.uniform()) - 0.5 },
      bias: [Float](repeating: 0, count: size))
    let samples = [SoftmaxSample(all: size), SoftmaxSample(all: size)]
    let found = ProductPrecision.allCases.map { precision in
      let block = Block<Float>()
      let losses = BiLMNetwork<Float>(Self.options, products: precision).foretell(
        batch, tokens: tokens, parameters: parameters, softmax: softmax, samples: samples,
        dropout: nil, gradient: block)
      return (losses, block.array(layout.count))
    }
    // A factor is rounded by at most 2^-9; the errors of the terms of a sum go to either side.
    for (a, b) in zip(found[0].0, found[1].0) { #expect(abs(a / b - 1) < 1e-3) }
    for entry in layout.entries {
      let (x, y) = (found[0].1[entry.range], found[1].1[entry.range])
      let difference = zip(x, y).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
      let size = y.reduce(0) { $0 + Double($1) * Double($1) }
      #expect(difference.squareRoot() < 0.02 * size.squareRoot(), "\(entry.name)")
    }
  }

  // MARK: Bundles

  @Test func `a written bundle starts a run where it stood, word by word`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model").path
    let trainer = try Self.trainer(Self.settings())
    var before = try Self.run(trainer, steps: 5).state
    try trainer.writeBundle(to: path, manifest: ModelManifest(name: "small", elmo: Self.options))
    let bundle = try ModelBundle(directory: path)
    try bundle.verify()

    // Another corpus: other counts, so other ids for the same words, and some words are new.
    var types = TypeTable()
    for word in ["nov", "pa", "ba", "els", "ci"] {
      types.append(ArraySlice(Array(word.utf8)), occurrences: 1)
    }
    let other = try Pretrainer(
      options: Self.options,
      corpus: Corpus(types: types, sentences: SentenceList([[3, 4, 5], [6, 7]])),
      settings: Self.settings(), start: bundle)
    var after = other.state()
    #expect(try after.takeFloats("parameters") == before.takeFloats("parameters"))
    let (old, new) = (try before.takeFloats("softmax/W"), try after.takeFloats("softmax/W"))
    let (oldBias, newBias) = (
      try before.takeFloats("softmax/b"), try after.takeFloats("softmax/b")
    )
    let d = Self.options.projectionSize
    let words = (0..<Self.text.corpus.types.count).map {
      Array(Self.text.corpus.types.bytes(of: Int32($0)))
    }
    for id in 0..<types.count {
      let place = words.firstIndex(of: Array(types.bytes(of: Int32(id))))
      #expect((place == nil) == (id == 3 || id == 6))
      let own = new[id * d..<(id + 1) * d]
      guard let place else {
        #expect(own.allSatisfy { $0 != 0 && abs($0) < 1 } && newBias[id] == 0)
        continue
      }
      #expect(own.elementsEqual(old[place * d..<(place + 1) * d]))
      #expect(newBias[id] == oldBias[place])
    }
  }

  @Test func `a network without a softmax stands still until a new one has learned`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model").path
    try ModelBundle.random(options: Self.options, seed: 1, name: "bare", directory: path)
    let bundle = try ModelBundle(directory: path)
    let trainer = try Self.trainer(Self.settings(), start: bundle)
    #expect(trainer.stepsOfSoftmaxAlone == (trainer.stepsTotal + 9) / 10)
    var before = trainer.state()
    let (parameters, softmax) = (
      try before.takeFloats("parameters"), try before.takeFloats("softmax/W")
    )
    var (_, alone) = try Self.run(trainer, steps: trainer.stepsOfSoftmaxAlone)
    #expect(try alone.takeFloats("parameters") == parameters)
    #expect(try alone.takeFloats("softmax/W") != softmax)
    var (_, after) = try Self.run(trainer, steps: 1)
    #expect(try after.takeFloats("parameters") != parameters)
    #expect(try Self.trainer(Self.settings()).stepsOfSoftmaxAlone == 0)
  }

  @Test func `a bundle of another network is refused, with what differs`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var options = Self.options
    options.cellSize = 14
    let path = folder.appendingPathComponent("model").path
    try ModelBundle.random(options: options, seed: 1, name: "other", directory: path)
    #expect(throws: ModelError.self) {
      try Self.trainer(Self.settings(), start: ModelBundle(directory: path))
    }
    // A projection between equal sizes is served, but has no place in training.
    options.cellSize = options.projectionSize
    let layout = ParameterLayout(options)
    let name = "\(ELMoOptions.cellName(direction: 0, layer: 0))/W_P_0"
    var tensors = layout.tensors(layout.startingValues(seed: 1))
    tensors.append((name, [6, 6], [Float](repeating: 0.5, count: 36)))
    try ModelBundle.write(
      ModelManifest(name: "projected", elmo: options), tensors: tensors, to: path)
    let error = #expect(throws: ModelError.self) {
      try layout.values(of: ModelBundle(directory: path))
    }
    #expect(error?.description.contains(name) == true)
  }
}
