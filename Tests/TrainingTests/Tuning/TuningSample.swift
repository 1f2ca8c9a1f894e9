import Classifier
import ELMo
import Foundation
import Training
import TweetText

/// A small biLM with its softmax in a folder of its own, and made-up texts whose words tell the label.
final class TuningSample {
  let directory: String
  let base: ModelBundle

  /// Words of each label, in the order of three labels, and words that tell nothing.
  private static let telling = [
    ["awful", "bad", "sad", "worst"], ["plain", "usual", "middling", "flat"],
    ["good", "great", "glad", "best"],
  ]
  private static let others = ["the", "a", "debate", "tonight", "we", "saw", "it", "was", "so"]

  static let options = ELMoOptions(
    cellSize: 12, projectionSize: 8, layerCount: 2, cellClip: 3, projectionClip: 3,
    usesSkipConnections: true, characterSize: 6,
    filters: [.init(width: 1, count: 6), .init(width: 3, count: 10)], highwayCount: 1,
    charactersPerToken: 12)

  /// A run on texts of the same words, far enough that words have vectors of their own.
  private static let trained = Result { () throws -> CheckpointState in
    let trainer = try TuningSample.trainer()
    while trainer.stepsDone < trainer.stepsTotal { _ = try trainer.step() }
    return trainer.state()
  }

  private static func trainer() throws -> Pretrainer {
    // "best", the last of all types, stays outside the vocabulary.
    let words = ((telling.joined() + others).filter { $0 != "best" } + ["best"])
    var types = TypeTable()
    for word in words { types.append(ArraySlice(Array(word.utf8)), occurrences: 1) }
    let sentences = texts(300, labels: 3, seed: 70).map { text in
      text.prepared.clean.split(separator: " ").compactMap { word in
        words.firstIndex { $0 == word }.map { Int32($0) + TypeTable.firstType }
      }
    }
    var settings = PretrainingSettings()
    settings.passes = 8
    settings.batchTokens = 128
    settings.learningRate = 1e-2
    settings.vocabularySize = types.count - 1
    settings.weights = .fp32
    return try Pretrainer(
      options: options, corpus: Corpus(types: types, sentences: SentenceList(sentences)),
      settings: settings)
  }

  init(softmax: Bool = true) throws {
    directory = FileManager.default.temporaryDirectory.path + "/elmond-tuning-\(UUID().uuidString)"
    let trainer = try Self.trainer()
    try trainer.restore(try Self.trained.get())
    let path = directory + "/base"
    try trainer.writeBundle(
      to: path, manifest: ModelManifest(name: "base", elmo: Self.options, cleaning: "tweet"))
    if !softmax { try FileManager.default.removeItem(atPath: path + "/softmax.safetensors") }
    base = try ModelBundle(directory: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  static func text(
    _ text: String, truth: Int, weight: Float = 1, cleaning: CleaningProfile = .tweet
  ) -> TuningText {
    TuningText(
      prepared: PreparedText(text, cleaning: cleaning, maxTokens: 256), truth: truth,
      weight: weight, group: text)
  }

  /// Texts of 2 to 9 words, the labels in turn.
  static func texts(_ count: Int, labels: Int, seed: UInt64) -> [TuningText] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { row in
      let truth = row % labels
      let own = telling[labels == 2 ? 2 * truth : truth]
      var words = (0..<1 + generator.draw(below: 8)).map { _ in
        others[generator.draw(below: others.count)]
      }
      words.insert(
        own[generator.draw(below: own.count)], at: generator.draw(below: words.count + 1))
      return text(words.joined(separator: " "), truth: truth)
    }
  }

  /// A quick recipe of everything: all layers freed, the helper, dropout; no co-head.
  static var recipe: TuningRecipe {
    var recipe = TuningRecipe()
    recipe.unfreezingEpochs = 2
    recipe.languageModelWeightAtStart = 0.2
    recipe.languageModelWeightAtEnd = 0.05
    recipe.epochs = 4
    recipe.headRate = 2e-2
    recipe.networkRate = 2e-2
    recipe.lowerLayerFactor = 0.7
    recipe.batchTokens = 64
    recipe.featureDropout = 0.2
    recipe.hidden = 16
    recipe.coHead = nil
    recipe.patience = nil
    return recipe
  }

  static func labels(_ count: Int) -> LabelSet { count == 2 ? .two : .three }
}
