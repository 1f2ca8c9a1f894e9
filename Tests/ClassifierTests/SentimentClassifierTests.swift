import Classifier
import ELMo
import Foundation
import Testing
import Tweets

struct SentimentClassifierTests {
  /// A bundle of random weights with a random head, in a folder of its own.
  private final class Sample {
    let directory: String
    let base: ModelBundle

    init() throws {
      directory =
        FileManager.default.temporaryDirectory.path + "/classifier-\(UUID().uuidString)"
      let options = ELMoOptions.compact(cellSize: 24, projectionSize: 12)
      try ModelBundle.random(
        options: options, seed: 7, name: "sample", directory: directory + "/base",
        cleaning: "tweet")
      base = try ModelBundle(directory: directory + "/base")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func bundle(
      labels: [String] = ["negative", "positive"],
      change: (inout ModelManifest, inout HeadWeights) -> Void = { _, _ in }
    ) throws -> ModelBundle {
      let shape = HeadShape(
        layers: base.manifest.elmo.layerCount + 1, width: 2 * base.manifest.elmo.projectionSize,
        hidden: 16, labels: labels.count)
      var weights = HeadWeights(shape: shape)
      for index in weights.hiddenKernel.indices {
        weights.hiddenKernel[index] = Float((index * 7919) % 101 - 50) / 50
      }
      for index in weights.outputKernel.indices {
        weights.outputKernel[index] = Float((index * 104_729) % 31 - 15) / 8
      }
      var manifest = base.manifest
      manifest.labels = labels
      manifest.head = ModelManifest.Head(hidden: 16)
      manifest.scalarMix = weights.scalarMix
      change(&manifest, &weights)
      let kept = base.manifest.elmo.tensors.filter { base.tensors.contains($0.name) }
      let tensors =
        try kept.map { ($0.name, $0.shape, try base.tensors.floats(of: $0.name)) } + weights.tensors
      try ModelBundle.write(manifest, tensors: tensors, to: directory + "/model")
      return try ModelBundle(directory: directory + "/model")
    }
  }

  private static let texts = [
    "What a debate! I loved every minute of it", "terrible, simply terrible :(", "", "ok",
    "@somebody have you seen http://example.org/a ?", "   ", "Great great great answer #debate",
    "No. Just no.", "the moderators were the best part of the evening, by far",
  ]

  @Test(arguments: [["negative", "positive"], ["negative", "neutral", "positive"]])
  func `a text has the same answer alone, in any batch and in any order`(labels: [String]) throws {
    let sample = try Sample()
    let classifier = try SentimentClassifier(sample.bundle(labels: labels))
    var workspace = classifier.workspace()
    let together = classifier.classify(Self.texts, workspace: &workspace)
    let reversed = classifier.classify(Self.texts.reversed(), workspace: &workspace)
    var small = classifier.workspace(tokenBudget: 1)
    let cut = classifier.classify(Self.texts, workspace: &small)
    for (index, text) in Self.texts.enumerated() {
      let alone = classifier.classify([text], workspace: &workspace)[0]
      #expect(alone.sentiment == together[index].sentiment)
      #expect(alone.clean == together[index].clean)
      #expect(alone.sentiment == reversed[Self.texts.count - 1 - index].sentiment)
      #expect(alone.sentiment == cut[index].sentiment)
    }
    #expect(Set(together.map(\.sentiment.score)).count > 4)
    #expect(classifier.labels.map(\.rawValue) == labels)
    #expect(classifier.modelName == "sample")
  }

  @Test func `nothing left after cleaning is no decision`() throws {
    let classifier = try SentimentClassifier(Sample().bundle())
    var workspace = classifier.workspace()
    let answers = classifier.classify(["", "  \n"], workspace: &workspace)
    #expect(answers.allSatisfy { $0.sentiment == .undecided && $0.clean.isEmpty })
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

  @Test func `the threshold of the model decides, its temperature cools`() throws {
    let sample = try Sample()
    let plain = try SentimentClassifier(sample.bundle())
    var workspace = plain.workspace()
    let before = plain.classify(["a fine evening"], workspace: &workspace)[0].sentiment
    let strict = try SentimentClassifier(
      sample.bundle { manifest, _ in
        manifest.threshold = Float(before.score > 0.5 ? 0.99 : 0.01)
        manifest.temperature = 2
      })
    var other = strict.workspace()
    let after = strict.classify(["a fine evening"], workspace: &other)[0].sentiment
    #expect(abs(after.score - 0.5) < abs(before.score - 0.5))
    #expect(after.label != before.label)
    #expect(strict.thresholdOrigin == "model")
  }

  @Test func `a bundle without head is refused with the remedy`() throws {
    let sample = try Sample()
    let error = #expect(throws: ClassifierError.self) { try SentimentClassifier(sample.base) }
    #expect(error == .noHead(directory: sample.directory + "/base"))
    #expect(error?.description.contains("elmond train --base") == true)
  }

  @Test(arguments: [
    ("labels", "[good, bad]"), ("cleaning", "hard"), ("threshold", "1.5"), ("state mode", "carry"),
    ("temperature", "0.0"), ("pooling", "max"), ("scalar_mix", "2 weights"),
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
        case "pooling": manifest.head?.pooling = "max"
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
