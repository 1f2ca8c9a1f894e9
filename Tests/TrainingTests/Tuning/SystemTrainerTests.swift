import Classifier
import ELMo
import Foundation
import Testing
import Training
import TweetText
import Tweets

struct SystemTrainerTests {
  /// What a tuning came to, to the last bit.
  private struct Bits: Equatable {
    let parameters: [Float]
    let heads: [HeadWeights]
    let history: TrainingHistory
    let temperature: Double

    init(_ system: TunedSystem) {
      parameters = system.model.parameters
      heads = system.model.heads
      history = system.model.history
      temperature = system.calibration.temperature
    }
  }

  private static func trainer(
    _ sample: TuningSample, _ recipe: TuningRecipe, labels: Int = 3, threads: Int = 2
  ) throws -> SystemTrainer {
    try SystemTrainer(
      sample.base, labels: TuningSample.labels(labels), recipe: recipe, threads: threads)
  }

  private static func start(_ sample: TuningSample) throws -> [Float] {
    try ParameterLayout(TuningSample.options).values(of: sample.base)
  }

  // MARK: Learning

  @Test(arguments: [2, 3], Pooling.allCases)
  func `words that tell the label are learnt, with two labels as with three`(
    labels: Int, pooling: Pooling
  ) throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    recipe.pooling = pooling
    recipe.epochs = 14
    let validation = TuningSample.texts(60, labels: labels, seed: 2)
    let trainer = try Self.trainer(sample, recipe, labels: labels)
    let system = try trainer.fit(
      TuningSample.texts(240, labels: labels, seed: 1), validation: validation)
    let figures = ValidationFigures(trainer.logits(of: validation, by: system, .network))
    #expect(figures.macroRecall > 0.9, "\(figures)")
    let last = try #require(system.model.history.epochs.last)
    #expect(last.accuracy > 0.75 && last.accuracy <= 1)
    #expect(last.loss < system.model.history.epochs[0].loss)
    #expect(system.model.heads[0].shape.outputs == (labels == 2 ? 1 : 3))
  }

  // MARK: Bits

  @Test func `a seed means the same bits, in the same trainer and on one thread`() throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    let rows = TuningSample.texts(90, labels: 3, seed: 1)
    let validation = TuningSample.texts(30, labels: 3, seed: 2)
    let trainer = try Self.trainer(sample, recipe)
    let first = Bits(try trainer.fit(rows, validation: validation))
    #expect(Bits(try trainer.fit(rows, validation: validation)) == first)
    let single = try Self.trainer(sample, recipe, threads: 1)
    #expect(Bits(try single.fit(rows, validation: validation)) == first)
    let last = Bits(try trainer.fit(rows, validation: []))
    recipe.seeds = [2]
    let other = Bits(try Self.trainer(sample, recipe).fit(rows, validation: []))
    #expect(other.parameters != last.parameters && other.heads != last.heads)
  }

  @Test func `a text without tokens teaches nothing and has the logits 0`() throws {
    let sample = try TuningSample()
    let rows = TuningSample.texts(60, labels: 3, seed: 1)
    let validation = TuningSample.texts(12, labels: 3, seed: 2)
    var holed = rows
    for place in [60, 33, 0] { holed.insert(TuningSample.text(" \n ", truth: 1), at: place) }
    let trainer = try Self.trainer(sample, TuningSample.recipe)
    let first = try trainer.fit(rows, validation: validation)
    let second = try trainer.fit(holed, validation: validation)
    #expect(Bits(first) == Bits(second))
    let asked = [validation[0], TuningSample.text("", truth: 0), validation[1]]
    let logits = trainer.logits(of: asked, by: first, .network)
    #expect(logits[1] == [0, 0, 0])
    let without = trainer.logits(of: [validation[0], validation[1]], by: first, .network)
    #expect(logits[0] == without[0] && logits[2] == without[1])
    #expect(trainer.logits(of: [asked[1]], by: first, .all)[0] == first.calibration.biases)
  }

  // MARK: Layers

  @Test func `a network that is not freed keeps its bits`() throws {
    let sample = try TuningSample()
    let start = try Self.start(sample)
    let rows = TuningSample.texts(60, labels: 3, seed: 1)
    var recipe = TuningSample.recipe
    recipe.networkRate = 0
    let frozen = try Self.trainer(sample, recipe)
    #expect(!frozen.hasHelper)
    #expect(try frozen.fit(rows, validation: []).model.parameters == start)
    recipe.networkRate = 1e-2
    recipe.headEpochs = recipe.epochs
    #expect(
      try Self.trainer(sample, recipe).fit(rows, validation: []).model.parameters == start)
  }

  // One epoch of the head, two of freeing: after so many epochs so many layers have moved.
  @Test(arguments: [(1, 0), (2, 1), (3, 2), (4, 3)])
  func `layers are freed from the top down, in both directions`(epochs: Int, open: Int) throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    recipe.epochs = epochs
    let system = try Self.trainer(sample, recipe).fit(
      TuningSample.texts(60, labels: 3, seed: 1), validation: [])
    let (before, after) = (try Self.start(sample), system.model.parameters)
    let layout = ParameterLayout(TuningSample.options)
    func moved(_ range: Range<Int>) -> Bool { before[range] != after[range] }
    for direction in 0..<2 {
      #expect(moved(layout.range(direction: direction, layer: 1)) == (open > 0))
      #expect(moved(layout.range(direction: direction, layer: 0)) == (open > 1))
    }
    #expect(moved(layout.encoder) == (open > 2))
    #expect(system.model.history.epochs.count == epochs && system.model.bestEpoch == epochs)
  }

  @Test func `lower layers take smaller steps`() throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    recipe.headEpochs = 0
    recipe.unfreezingEpochs = 0
    recipe.epochs = 1
    recipe.networkRate = 1e-3
    recipe.lowerLayerFactor = 0.1
    recipe.adam.weightDecay = 0
    let system = try Self.trainer(sample, recipe).fit(
      TuningSample.texts(60, labels: 3, seed: 1), validation: [])
    let (before, after) = (try Self.start(sample), system.model.parameters)
    let layout = ParameterLayout(TuningSample.options)
    func farthest(_ range: Range<Int>) -> Float {
      range.reduce(0) { max($0, abs(after[$1] - before[$1])) }
    }
    for direction in 0..<2 {
      let top = farthest(layout.range(direction: direction, layer: 1))
      let bottom = farthest(layout.range(direction: direction, layer: 0))
      let encoder = farthest(layout.encoder)
      #expect(top < 2e-2 && bottom > 0.04 * top && bottom < 0.25 * top)
      #expect(encoder > 0.04 * bottom && encoder < 0.25 * bottom)
    }
  }

  // MARK: Epochs

  @Test func `the best epoch is kept, and training ends when patience is used up`() throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    recipe.epochs = 12
    recipe.metric = .nll
    recipe.patience = 2
    // Validation rows whose labels are wrong: the more is learnt, the worse they fare.
    let validation = TuningSample.texts(40, labels: 2, seed: 2).map {
      TuningText(
        prepared: $0.prepared, truth: 1 - $0.truth, weight: $0.weight, group: $0.group)
    }
    let trainer = try Self.trainer(sample, recipe, labels: 2)
    var heard: [ValidationFigures] = []
    let system = try trainer.fit(
      TuningSample.texts(120, labels: 2, seed: 1), validation: validation,
      epoch: { record, figures in
        #expect(record.number == heard.count + 1 && record.total == 12)
        if let figures { heard.append(figures) }
      })
    let best = try #require(heard.indices.min { heard[$0].nll < heard[$1].nll })
    #expect(system.model.bestEpoch == best + 1 && heard.count == best + 3 && heard.count < 12)
    #expect(system.model.history.epochs.count == heard.count)
    // What is returned is that epoch's network and head.
    let logits = trainer.logits(of: validation, by: system, .network)
    #expect(ValidationFigures(logits) == heard[best])
    #expect(heard[heard.count - 1].nll > heard[best].nll)
  }

  @Test func `each step is heard with the rows done`() throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    recipe.epochs = 2
    var heard: [[Int]] = [[], []]
    _ = try Self.trainer(sample, recipe).fit(
      TuningSample.texts(50, labels: 3, seed: 1), validation: [],
      step: { epoch, done in heard[epoch - 1].append(done) })
    for steps in heard {
      #expect(steps.count > 2 && steps.last == 50)
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  // MARK: Helper

  @Test func `the loss of foretelling helps where a softmax is`() throws {
    let sample = try TuningSample()
    let rows = TuningSample.texts(60, labels: 3, seed: 1)
    var recipe = TuningSample.recipe
    let helped = try Self.trainer(sample, recipe)
    #expect(helped.hasHelper)
    let bare = try Self.trainer(try TuningSample(softmax: false), recipe)
    #expect(!bare.hasHelper)
    recipe.languageModelWeightAtStart = 0
    recipe.languageModelWeightAtEnd = 0
    let plain = try Self.trainer(sample, recipe)
    #expect(!plain.hasHelper)
    let found = try [helped, bare, plain].map { Bits(try $0.fit(rows, validation: [])) }
    #expect(found[1] == found[2])
    #expect(found[0].parameters != found[1].parameters)
    #expect(found[0].heads != found[1].heads)
  }

  // The softmax stands still, so what the network gains in foretelling it owes to the helper alone.
  @Test func `the helper keeps the network foretelling`() throws {
    let sample = try TuningSample()
    let rows = TuningSample.texts(60, labels: 3, seed: 1)
    var recipe = TuningSample.recipe
    recipe.epochs = 6
    func loss(weight: Float) throws -> Double {
      recipe.languageModelWeightAtStart = weight
      recipe.languageModelWeightAtEnd = weight
      let system = try Self.trainer(sample, recipe).fit(rows, validation: [])
      let layout = ParameterLayout(TuningSample.options)
      let file = try TensorFile(sample.base.directory + "/softmax.safetensors")
      let weights = try file.floats(of: "softmax/W")
      let softmax = SoftmaxWeights<Float>(
        size: weights.count / 8, d: 8, weights: weights, bias: try file.floats(of: "softmax/b"))
      let words = Vocabulary.tokens(
        in: Array(
          try Data(
            contentsOf: URL(fileURLWithPath: sample.base.directory + "/vocabulary.txt"))))
      let tokens = TuningTokens(vocabulary: words)
      let batch = SentenceBatch(rows: rows.map { tokens.ids($0.prepared.tokens, limit: .max) })
      let network = BiLMNetwork<Float>(layout.options)
      let losses = network.losses(
        batch, tokens: batch.distinct.map { tokens[$0] }, parameters: system.model.parameters,
        softmax: softmax)
      return (losses[0] + losses[1]) / Double(2 * batch.positions)
    }
    #expect(try loss(weight: 1) < loss(weight: 0) - 0.1)
  }

  // MARK: Members

  @Test func `further seeds give further heads on the first seed's network`() throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    let rows = TuningSample.texts(60, labels: 3, seed: 1)
    let validation = TuningSample.texts(20, labels: 3, seed: 2)
    let one = try Self.trainer(sample, recipe).fit(rows, validation: validation)
    recipe.seeds = [1, 5, 9]
    let trainer = try Self.trainer(sample, recipe)
    let three = try trainer.fit(rows, validation: validation)
    #expect(three.model.parameters == one.model.parameters)
    #expect(three.model.history == one.model.history)
    let heads = three.model.heads
    #expect(heads.count == 3 && heads[0] == one.model.heads[0])
    #expect(heads[1] != heads[0] && heads[2] != heads[1] && heads[2] != heads[0])
    // Their logits are averaged.
    let tuner = try Tuner(sample.base, labels: .three, recipe: recipe)
    let own = heads.map {
      tuner.logits(
        validation.map {
          TuningRow(tokens: $0.prepared.tokens, truth: $0.truth)
        }, parameters: three.model.parameters, head: $0)
    }
    let together = trainer.logits(of: validation, by: three, .network).values
    for (place, value) in together.enumerated() {
      let mean = own.reduce(0) { $0 + Double($1[place]) } / 3
      #expect(abs(value - mean) < 1e-6)
    }
  }

  // MARK: Weights

  /// The probability of `positive` that is learnt of one text with two labels.
  private static func probability(
    negatives: Int, positives: Int, weight: Float = 1, classWeights: ClassWeights = .none
  ) throws -> Double {
    let sample = try TuningSample(softmax: false)
    var recipe = TuningSample.recipe
    recipe.networkRate = 0
    recipe.featureDropout = 0
    recipe.labelSmoothing = 0
    recipe.classWeights = classWeights
    recipe.hidden = 0
    recipe.epochs = 120
    recipe.headRate = 0.1
    recipe.batchTokens = 1000
    recipe.adam.weightDecay = 0
    let text = "we saw the debate"
    let rows =
      (0..<negatives).map { _ in TuningSample.text(text, truth: 0) }
      + (0..<positives).map { _ in TuningSample.text(text, truth: 1, weight: weight) }
    let trainer = try Self.trainer(sample, recipe, labels: 2)
    let system = try trainer.fit(rows, validation: [])
    return trainer.logits(of: [rows[0]], by: system, .network).probabilities[0][1]
  }

  @Test func `rows count as their weights and their labels' weights say`() throws {
    #expect(abs(try Self.probability(negatives: 32, positives: 8) - 0.2) < 0.01)
    #expect(abs(try Self.probability(negatives: 32, positives: 8, weight: 4) - 0.5) < 0.01)
    #expect(
      abs(
        try Self.probability(negatives: 32, positives: 8, classWeights: .balanced) - 0.5) < 0.01)
    // Balance is between the labels' weights, not their rows.
    #expect(
      abs(
        try Self.probability(negatives: 32, positives: 8, weight: 2, classWeights: .balanced) - 0.5)
        < 0.01)
  }

  @Test(arguments: [2, 3])
  func `a label without rows is refused by name`(labels: Int) throws {
    let sample = try TuningSample(softmax: false)
    let trainer = try Self.trainer(sample, TuningSample.recipe, labels: labels)
    let rows = (0..<9).map { _ in TuningSample.text("so it was", truth: 0) }
    let missing = TuningSample.labels(labels).labels[1]
    #expect(throws: TrainingError.labelWithoutRows(missing, rows: 9)) {
      try trainer.fit(rows, validation: [])
    }
    // Rows that count nothing, or have no token, are as good as none.
    let empty = [
      TuningSample.text("so it was", truth: 1, weight: 0), TuningSample.text("", truth: 1),
    ]
    #expect(throws: TrainingError.labelWithoutRows(missing, rows: 10)) {
      try trainer.fit(rows + empty, validation: [])
    }
  }

  // MARK: Serving

  struct Served: CustomStringConvertible {
    var pooling: Pooling
    var labels: Int
    var members = 1
    var hidden = 12
    var coHead = false
    var description: String {
      "\(pooling.rawValue), \(labels) labels, \(members) members, hidden \(hidden)"
        + (coHead ? ", co-head" : "")
    }
  }

  static let served =
    Pooling.allCases.flatMap {
      [Served(pooling: $0, labels: 2, coHead: true), Served(pooling: $0, labels: 3, members: 2)]
    } + [
      Served(pooling: .meanMax, labels: 3, members: 2, hidden: 0, coHead: true),
      Served(pooling: .mean, labels: 3, coHead: true),
    ]

  // Training and serving add the same products in another order: a few roundings of 6e-8 a layer.
  @Test(arguments: served)
  func `a written system answers as the trainer did`(wanted: Served) throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    recipe.pooling = wanted.pooling
    recipe.hidden = wanted.hidden
    recipe.seeds = Array(1...UInt64(wanted.members))
    recipe.metric = .macroRecall
    if wanted.coHead {
      var linear = CoHeadRecipe()
      linear.bits = 10
      linear.minimumRows = 1
      linear.steps = 5
      recipe.coHead = linear
    }
    // Unbalanced, so that threshold and offsets have something to do.
    let rows = TuningSample.texts(90, labels: wanted.labels, seed: 1).enumerated().filter {
      $0.offset % 4 != 1 || $0.offset < 12
    }.map(\.element)
    let validation = TuningSample.texts(45, labels: wanted.labels, seed: 2)
    let trainer = try Self.trainer(sample, recipe, labels: wanted.labels)
    let system = try trainer.fit(rows, validation: validation)
    // A base that serves from a warm state: training began at zero, and so must the tuned model.
    var base = sample.base.manifest
    base.stateMode = .warm
    base.primingText = "the debate was so good"
    let manifest = system.manifest(
      basedOn: base, name: "tuned", cleaning: "tweet", facts: ["data": "made up"])
    let path = sample.directory + "/tuned"
    try trainer.write(system, manifest: manifest, to: path, storage: .float32)
    let bundle = try ModelBundle(directory: path)
    try bundle.verify()
    #expect(bundle.manifest.training["base"] == "base")
    #expect(bundle.manifest.stateMode == .zero)

    let texts = validation.map(\.prepared.clean) + ["unbelievablylongword saw été", "best", "😀"]
    let asked = texts.map { TuningSample.text($0, truth: 0) }
    let classifier = try SentimentClassifier(bundle)
    var workspace = classifier.workspace()
    let found = classifier.logits(asked.map(\.prepared), workspace: &workspace.network)
    let outputs = wanted.labels == 2 ? 1 : wanted.labels
    func compare(_ own: [Double], with part: ClassifierParts) {
      let logits = LabelLogits(
        own.map { Float($0) }, outputs: outputs, truths: asked.map(\.truth))
      let other = trainer.logits(of: asked, by: system, part).values
      #expect(logits.values.count == other.count)
      for (a, b) in zip(logits.values, other) { #expect(abs(a - b) < 2e-5 * max(1, abs(b))) }
    }
    compare(found.heads, with: .network)
    #expect((found.coHead != nil) == wanted.coHead)
    if let coHead = found.coHead { compare(coHead, with: .coHead) }

    // Factors, temperature, threshold and offsets.
    let answers = classifier.classify(texts, workspace: &workspace)
    let all = trainer.logits(of: asked, by: system, .all)
    let labels = TuningSample.labels(wanted.labels)
    var shifted = 0
    let explicit = try SentimentClassifier(
      bundle, decision: wanted.labels == 2 ? .threshold : .macroRecall)
    var other = explicit.workspace()
    let turned = explicit.classify(texts, workspace: &other).map(\.sentiment)
    for (row, answer) in answers.enumerated() {
      let probabilities = all.probabilities[row]
      for (a, b) in zip(answer.sentiment.probabilities, probabilities) {
        #expect(abs(a - b) < 2e-5)
      }
      let decision = labels.decide(
        probabilities, threshold: system.calibration.threshold.map(Double.init) ?? 0.5,
        offsets: system.calibration.offsets)
      #expect(turned[row].label == labels.labels[decision], "\(texts[row])")
      #expect(
        answer.sentiment.label == labels.answer(probabilities).map { labels.labels[$0] },
        "\(texts[row])")
      shifted += decision == labels.decide(probabilities, threshold: 0.5) ? 0 : 1
    }
    #expect((system.calibration.threshold != nil) == (wanted.labels == 2))
    #expect((system.calibration.offsets != nil) == (wanted.labels == 3))
    #expect(
      system.coHead == nil
        ? system.calibration.networkWeight == 1 : system.calibration.temperature == 1)
    print(
      wanted, "decided otherwise by threshold or offsets:", shifted,
      system.calibration.networkWeight,
      system.calibration.coHeadWeight, system.calibration.temperature,
      system.calibration.threshold ?? -1, system.calibration.offsets ?? [])
  }

  @Test func `the part's logits are weighed, mixed and cooled into those of all`() throws {
    let sample = try TuningSample()
    var recipe = TuningSample.recipe
    var linear = CoHeadRecipe()
    linear.bits = 10
    linear.minimumRows = 1
    recipe.coHead = linear
    let validation = TuningSample.texts(30, labels: 3, seed: 2)
    let trainer = try Self.trainer(sample, recipe)
    let system = try trainer.fit(
      TuningSample.texts(60, labels: 3, seed: 1), validation: validation)
    let (network, coHead, all) = (
      trainer.logits(of: validation, by: system, .network),
      trainer.logits(of: validation, by: system, .coHead),
      trainer.logits(of: validation, by: system, .all)
    )
    for place in all.values.indices {
      let sum =
        system.calibration.networkWeight * network.values[place] + system.calibration.coHeadWeight
        * coHead.values[place]
      let bias = try #require(system.calibration.biases)[place % all.labels]
      #expect(abs(all.values[place] - sum / system.calibration.temperature - bias) < 1e-12)
    }
    // The mixture is at least as likely as either part with its own best factor.
    #expect(all.nll <= network.nll + 1e-9 && all.nll <= coHead.nll + 1e-9)
  }
}
