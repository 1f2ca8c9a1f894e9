import Classifier
import ELMo
import Testing
import Tweets

struct SentimentClassifierTests {
  private static let texts = [
    "What a debate! I loved every minute of it", "terrible, simply terrible :(", "", "ok",
    "@somebody have you seen http://example.org/a ?", "   ", "Great great great answer #debate",
    "No. Just no.", "the moderators were the best part of the evening, by far",
  ]

  private static let labelSets = [["negative", "positive"], ["negative", "neutral", "positive"]]

  private static func checkBits(_ bundle: ModelBundle) throws {
    let classifier = try SentimentClassifier(bundle)
    // Without a memory, so that every call computes.
    var workspace = classifier.workspace(textCapacity: 0)
    let together = classifier.classify(texts, workspace: &workspace)
    let reversed = classifier.classify(texts.reversed(), workspace: &workspace)
    #expect(workspace.texts.figures.hits == 0 && workspace.texts.figures.count == 0)
    var small = classifier.workspace(tokenBudget: 1, textCapacity: 0)
    let cut = classifier.classify(texts, workspace: &small)
    for (index, text) in texts.enumerated() {
      let alone = classifier.classify([text], workspace: &workspace)[0]
      #expect(alone.sentiment == together[index].sentiment)
      #expect(alone.clean == together[index].clean)
      #expect(alone.sentiment == reversed[texts.count - 1 - index].sentiment)
      #expect(alone.sentiment == cut[index].sentiment)
      #expect((alone.sentiment == .unlabelled(.noWords)) == alone.clean.isEmpty)
    }
    #expect(Set(together.map(\.sentiment.score)).count > 4)
    #expect(classifier.labels.map(\.rawValue) == bundle.manifest.labels)
    #expect(classifier.modelName == "sample")
  }

  @Test(arguments: Pooling.allCases, labelSets)
  func `a text has the same answer alone, in any batch and in any order`(
    pooling: Pooling, labels: [String]
  ) throws {
    try Self.checkBits(Sample().bundle(labels: labels, pooling: pooling))
  }

  @Test(arguments: WeightStorage.allCases)
  func `so has a text of several heads and a co-head in any storage`(
    storage: WeightStorage
  ) throws {
    try Self.checkBits(
      Sample().bundle(
        labels: Self.labelSets[1], pooling: .meanMaxAttention, hidden: 0, members: 3,
        coHead: Sample.coHead(labels: 3), storage: storage))
  }

  @Test func `an equal text is read once and answered alike, one equal but for its form is read`()
    throws
  {
    let classifier = try SentimentClassifier(try Sample().bundle(labels: Self.labelSets[1]))
    var workspace = classifier.workspace(textCapacity: 0)
    // In composed and decomposed form: equal strings of other bytes.
    let forms = ["caf\u{E9} tonight", "cafe\u{301} tonight"]
    let texts = Self.texts + forms + Self.texts.reversed() + forms
    let wanted = texts.map { classifier.classify([$0], workspace: &workspace)[0].sentiment }
    var remembering = classifier.workspace()
    for round in 0..<2 {
      let answers = classifier.classify(texts, workspace: &remembering)
      #expect(answers.map(\.sentiment) == wanted, "round \(round)")
    }
    #expect(wanted[Self.texts.count] != wanted[Self.texts.count + 1])
    // Nine texts, two of them empty, and two forms: read once, asked for four times.
    #expect(remembering.texts.figures.misses == 9)
    #expect(remembering.texts.figures.hits == 27)
    // Another worker that shares what is remembered reads nothing.
    var other = classifier.workspace(sharing: remembering.texts)
    #expect(classifier.classify(texts, workspace: &other).map(\.sentiment) == wanted)
    #expect(other.network.cache.misses == 0)
    #expect(other.texts.figures.misses == 9)
  }

  /// The bits that the first bundles' classifier gave, before there was another pooling than the
  /// mean.
  @Test(arguments: [
    (
      labelSets[0],
      [
        0x3fdd_d0d9_cf6e_d976, 0x3fdc_e810_c7ac_861d, 0x3fdc_421f_7f93_395c, 0x3fdd_91a1_c9f1_be3b,
      ] as [UInt64]
    ),
    (
      labelSets[1],
      [
        0x3fe4_91d1_5cff_2404, 0x3fe5_107b_be5c_6129, 0x3fe4_7df8_96f7_b999, 0x3fe5_3469_5672_08ab,
      ]
    ),
  ])
  func `mean pooling answers what it always answered`(labels: [String], bits: [UInt64]) throws {
    let bundle = try Sample().bundle(labels: labels) { manifest, weights in
      weights.mix = [0.25, -0.5, 0.75]
      weights.gamma = 1.25
      manifest.scalarMix = weights.scalarMix
      manifest.temperature = 1.5
    }
    let classifier = try SentimentClassifier(bundle)
    var workspace = classifier.workspace()
    let texts = [Self.texts[0], Self.texts[1], Self.texts[3], Self.texts[8]]
    let logits = classifier.logits(
      texts.map(classifier.embedder.prepare), workspace: &workspace.network
    ).heads
    let outputs = logits.count / texts.count
    let scores = texts.indices.map { row in
      let own = logits[row * outputs..<(row + 1) * outputs].map { $0 / 1.5 }
      let probabilities = Head.probabilities(logits: own)
      return outputs == 1 ? probabilities[1] : probabilities[2] + probabilities[1] / 2
    }
    #expect(scores.map(\.bitPattern) == bits)
    let answers = classifier.classify(texts, workspace: &workspace)
    for (answer, score) in zip(answers, scores) {
      #expect(abs(try #require(answer.sentiment.score) - score) < 1e-6)
    }
  }

  @Test(arguments: Pooling.allCases)
  func `the answer is the mean of the members' logits and the weighted co-head`(
    pooling: Pooling
  ) throws {
    let sample = try Sample()
    let mixes = [ScalarMix(weights: [0, 1, 0]), ScalarMix(weights: [1, 0, -1], gamma: 0.5)]
    let coHead = Sample.coHead()
    let classifier = try SentimentClassifier(
      sample.bundle(pooling: pooling, members: 2, coHead: coHead) { manifest, _ in
        manifest.head?.mixes = mixes
        manifest.headWeight = 0.5
        manifest.temperature = 2
      })
    var workspace = classifier.workspace()
    let prepared = Self.texts.map(classifier.embedder.prepare)
    let model = classifier.embedder.model
    let members = mixes.enumerated().map { member, mix in
      let shape = HeadShape(
        layers: model.layerCount, width: model.width, hidden: 16, labels: 2, pooling: pooling)
      var weights = Sample.weights(shape, member: member)
      (weights.mix, weights.gamma) = (mix.weights, mix.gamma)
      return HeadEnsemble([weights]).logits(
        prepared.map(\.tokens), model: model, workspace: &workspace.network)
    }
    let nGrams = CoHead(coHead).logits(prepared.map(\.clean))
    let logits = classifier.logits(prepared, workspace: &workspace.network)
    #expect(logits.heads == zip(members[0], members[1]).map { ($0 + $1) / 2 })
    #expect(logits.coHead == nGrams)
    let answers = classifier.classify(Self.texts, workspace: &workspace)
    for (row, answer) in answers.enumerated() where answer.sentiment.label != nil {
      let sum = 0.5 * logits.heads[row] + 0.75 * nGrams[row]
      #expect(
        answer.sentiment.probabilities == Self.printed([-sum / 2, sum / 2].map(Logistic.sigmoid)))
    }
  }

  @Test func `a part alone answers by its own logits, without weights and calibration`() throws {
    let sample = try Sample()
    let bundle = try sample.bundle(labels: Self.labelSets[1], coHead: Sample.coHead(labels: 3)) {
      manifest, _ in
      manifest.headWeight = 0.5
      manifest.temperature = 2
      manifest.labelOffsets = [-1, 50, 0.5]
    }
    let whole = try SentimentClassifier(bundle)
    var workspace = whole.workspace()
    let logits = whole.logits(Self.texts.map(whole.embedder.prepare), workspace: &workspace.network)
    let coHead = try #require(logits.coHead)
    for (parts, own) in [(ClassifierParts.network, logits.heads), (.coHead, coHead)] {
      let alone = try SentimentClassifier(bundle, parts: parts)
      #expect(throws: ClassifierError.decision(.macroRecall, directory: bundle.directory)) {
        try SentimentClassifier(bundle, parts: parts, decision: .macroRecall)
      }
      var scratch = alone.workspace()
      let answers = alone.classify(Self.texts, workspace: &scratch)
      for (row, answer) in answers.enumerated() where !answer.clean.isEmpty {
        #expect(
          answer.sentiment.probabilities
            == Self.printed(Logistic.softmax(Array(own[3 * row..<3 * row + 3]))))
      }
      #expect(answers.map { $0.sentiment == .unlabelled(.noWords) } == answers.map(\.clean.isEmpty))
    }
    let bare = try sample.bundle()
    #expect(throws: ClassifierError.noCoHead(directory: sample.directory + "/model")) {
      try SentimentClassifier(bare, parts: .coHead)
    }
  }

  @Test func `label offsets act by choice alone, on probabilities, score and label`() throws {
    let sample = try Sample()
    let bundle = try sample.bundle(labels: Self.labelSets[1]) { manifest, _ in
      manifest.labelOffsets = [-1, 50, 0.5]
    }
    func answers(_ bundle: ModelBundle, _ decision: Decision) throws -> [Sentiment] {
      let classifier = try SentimentClassifier(bundle, decision: decision)
      #expect(classifier.modelName == (decision == .largest ? "sample" : "sample:macro_recall"))
      var workspace = classifier.workspace()
      return classifier.classify(Self.texts, workspace: &workspace).map(\.sentiment)
    }
    let plain = try answers(sample.bundle(labels: Self.labelSets[1]), .largest)
    let left = try answers(bundle, .largest)
    #expect(left == plain)
    #expect(left.contains { $0.label != .neutral && $0.label != nil })
    for (shifted, before) in zip(try answers(bundle, .macroRecall), left) {
      guard before.label != nil else {
        #expect(shifted == .unlabelled(.noWords))
        continue
      }
      #expect(shifted.label == .neutral && shifted.score == 0.5)
      #expect(shifted.probabilities == [0, 1, 0])
    }
    #expect(throws: ClassifierError.decision(.threshold, directory: bundle.directory)) {
      try SentimentClassifier(bundle, decision: .threshold)
    }
  }

  private static func printed(_ probabilities: [Double]) -> [Double] {
    Millionths.apportioned(probabilities).map(Millionths.number)
  }

  @Test func `an int8 co-head of 2^18 buckets is small and answers nearly the same`() throws {
    let sample = try Sample()
    let coHead = Sample.coHead(bits: 18, labels: 3)
    func scores(_ storage: WeightStorage) throws -> (scores: [Double], bytes: Int) {
      let bundle = try sample.bundle(
        labels: Self.labelSets[1], coHead: coHead, storage: storage)
      try bundle.verify()
      let classifier = try SentimentClassifier(bundle)
      var workspace = classifier.workspace()
      return (
        classifier.classify(Self.texts, workspace: &workspace).map { $0.sentiment.score ?? 0.5 },
        bundle.tensors.byteCount
      )
    }
    let whole = try scores(.float32)
    for (storage, tolerance) in [(WeightStorage.float16, 1e-3), (.int8, 1e-2)] {
      let small = try scores(storage)
      for (own, wanted) in zip(small.scores, whole.scores) {
        #expect(abs(own - wanted) < tolerance, "\(storage)")
      }
      #expect(small.bytes < whole.bytes * (storage == .int8 ? 27 : 51) / 100)
    }
  }

  @Test(arguments: Pooling.allCases, [0, 16])
  func `every tensor of a head is checked by name`(pooling: Pooling, hidden: Int) throws {
    let sample = try Sample()
    let whole = try sample.bundle(
      pooling: pooling, hidden: hidden, members: 2, coHead: Sample.coHead(bits: 8))
    let heads = whole.tensors.names.filter { $0.hasPrefix("head") || $0.hasPrefix("cohead") }
    #expect(heads.count == 2 * ((hidden > 0 ? 4 : 2) + (pooling.hasQuery ? 1 : 0)) + 2)
    for name in heads {
      let tensors = try whole.tensors.names.compactMap { tensor in
        tensor == name
          ? nil
          : (
            tensor, whole.tensors.shape(of: tensor) ?? [], try whole.tensors.floats(of: tensor)
          )
      }
      let directory = sample.directory + "/incomplete"
      try ModelBundle.write(whole.manifest, tensors: tensors, to: directory)
      #expect(
        throws: ModelError.missingTensor(name: name, wanted: whole.tensors.shape(of: name) ?? [])
      ) { try ModelBundle(directory: directory) }
    }
  }

  @Test func `nothing left after cleaning is no decision`() throws {
    let classifier = try SentimentClassifier(Sample().bundle())
    var workspace = classifier.workspace()
    let answers = classifier.classify(["", "  \n"], workspace: &workspace)
    #expect(answers.allSatisfy { $0.sentiment == .unlabelled(.noWords) && $0.clean.isEmpty })
    #expect(classifier.classify([], workspace: &workspace).isEmpty)
  }

  @Test func `a text over the cap is cut and flagged`() throws {
    let classifier = try SentimentClassifier(Sample().bundle())
    var workspace = classifier.workspace()
    let cap = Array(repeating: "word", count: 256).joined(separator: " ")
    let answers = classifier.classify([cap, cap + " more words"], workspace: &workspace)
    #expect(!answers[0].sentiment.truncated)
    #expect(answers[1].sentiment.truncated)
    #expect(answers[0].sentiment.score == answers[1].sentiment.score)
  }

  @Test func `the temperature of the model cools, its threshold acts by choice alone`() throws {
    let sample = try Sample()
    func answer(_ bundle: ModelBundle, _ decision: Decision = .largest) throws -> Sentiment {
      let classifier = try SentimentClassifier(bundle, decision: decision)
      #expect(classifier.thresholdOrigin == (decision == .threshold ? "model" : "default"))
      var workspace = classifier.workspace()
      return classifier.classify(["a fine evening"], workspace: &workspace)[0].sentiment
    }
    let before = try answer(sample.bundle())
    let score = try #require(before.score)
    let bundle = try sample.bundle { manifest, _ in
      manifest.threshold = Float(score > 0.5 ? 0.99 : 0.01)
      manifest.temperature = 2
    }
    let cooled = try answer(bundle)
    #expect(abs(try #require(cooled.score) - 0.5) < abs(score - 0.5))
    #expect(cooled.label == before.label)
    let turned = try answer(bundle, .threshold)
    #expect(turned.label != before.label)
    let shifted = try #require(turned.score)
    #expect((shifted < 0.5) == (turned.label == .negative))
  }

  @Test func `a bundle without head is refused with the remedy`() throws {
    let sample = try Sample()
    let error = #expect(throws: ClassifierError.self) { try SentimentClassifier(sample.base) }
    #expect(error == .noHead(directory: sample.directory + "/base"))
    #expect(error?.description.contains("elmond train --base") == true)
  }

  @Test(arguments: [
    ("labels", "[good, bad]"), ("cleaning", "hard"), ("threshold", "1.5"), ("state mode", "carry"),
    ("temperature", "0.0"), ("scalar_mix", "2 weights"),
  ])
  func `a field that means nothing is refused by name and place`(field: String, found: String)
    throws
  {
    let sample = try Sample()
    let error = #expect(throws: (any Error).self) {
      let bundle = try sample.bundle { manifest, _ in
        switch field {
        case "labels": manifest.labels = ["good", "bad"]
        case "cleaning": manifest.cleaning = "hard"
        case "temperature": manifest.temperature = 0
        case "threshold": manifest.threshold = 1.5
        case "state mode": manifest.stateMode = .carry
        default: manifest.scalarMix.weights = [0, 0]
        }
      }
      _ = try SentimentClassifier(bundle)
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(field) && text.contains(found), "\(text)")
    #expect(text.contains(sample.directory + "/model"), "\(text)")
  }

  @Test(arguments: HeadTensors.names)
  func `a head tensor of another shape is refused by name`(name: String) throws {
    let sample = try Sample()
    let whole = try sample.bundle()
    let tensors = try whole.tensors.names.map { tensor in
      let values = try whole.tensors.floats(of: tensor)
      return tensor == name
        ? (tensor, [values.count + 1], values + [0])
        : (tensor, whole.tensors.shape(of: tensor) ?? [], values)
    }
    let directory = sample.directory + "/misshapen"
    try ModelBundle.write(whole.manifest, tensors: tensors, to: directory)
    let error = #expect(throws: ModelError.self) {
      try SentimentClassifier(ModelBundle(directory: directory))
    }
    #expect(error?.description.contains(name) == true)
  }

  @Test func `a head that is not finite is refused`() throws {
    let bundle = try Sample().bundle { $1.hiddenBias[3] = .nan }
    #expect(throws: ModelError.notFinite(name: "head/dense_0/bias", index: 3)) {
      try SentimentClassifier(bundle)
    }
  }
}

private enum HeadTensors {
  static let names = [
    "head/dense_0/kernel", "head/dense_0/bias", "head/dense_1/kernel", "head/dense_1/bias",
  ]
}
