import Classifier
import ELMo
import Foundation
import Testing
import Training
import Tweets

struct TrainedHeadTests {
  private static let good = ["lovely", "brilliant", "fine", "wonderful", "great"]
  private static let bad = ["awful", "terrible", "poor", "dreadful", "sad"]

  private static let texts: [LabelledText] = (0..<60).map { row in
    let words = row % 2 == 0 ? good : bad
    return LabelledText(
      text: "what a \(words[row % 5]) and \(words[row / 5 % 5]) debate number \(row)",
      label: row % 2 == 0 ? "Positive" : "Negative", row: row + 1)
  }

  @Test func `training ends in a bundle that answers as its training did`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/training-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try ModelBundle.random(
      options: .compact(cellSize: 24, projectionSize: 12), seed: 3, name: "base",
      directory: folder + "/base", cleaning: "article")
    let base = try ModelBundle(directory: folder + "/base")
    let data = try TrainingSet(
      Self.texts + [LabelledText(text: "so", label: "Neutral", row: 61)], dropping: ["neutral"])
    let embedder = try TextEmbedder(base)
    var workspace = embedder.workspace()
    var progress: [Int] = []
    let pooled = PooledTexts(
      data.rows.map(\.text), by: embedder, workspace: &workspace, block: 25,
      progress: { progress.append($0) })
    #expect(progress == [25, 50, 60])
    var recipe = TrainingRecipe()
    recipe.hidden = 32
    recipe.epochs = 40
    recipe.batch = 16
    recipe.learningRate = 0.01
    let trained = try HeadTrainer(recipe, labels: data.labels).train(
      pooled, truths: data.truths, split: .lastRows(of: data.rows.count))
    let manifest = trained.manifest(
      basedOn: base.manifest, name: "debate", data: data, facts: ["data": "sample.csv"])
    try trained.write(to: folder + "/debate", base: base, manifest: manifest)

    let bundle = try ModelBundle(directory: folder + "/debate")
    try bundle.verify()
    #expect(bundle.manifest.labels == ["negative", "positive"])
    #expect(bundle.manifest.scalarMix.gamma == trained.weights.gamma)
    let facts = bundle.manifest.training
    #expect(facts["rows"] == "60" && facts["rows_dropped"] == "1" && facts["seed"] == "1")
    #expect(facts["rows_training"] == "48" && facts["rows_validation"] == "12")
    #expect(facts["epochs"] == "40" && facts["majority_rate"] == "0.5000")
    #expect(facts["base"] == "base" && facts["data"] == "sample.csv")
    #expect(facts["validation_accuracy"] != nil && facts["validation_majority_rate"] != nil)

    let classifier = try SentimentClassifier(bundle)
    var other = classifier.workspace()
    let answers = classifier.classify(
      trained.split.validation.map { data.rows[$0].text }, workspace: &other)
    let rows = trained.validationRows(pooled, data: data)
    #expect(
      answers.map(\.sentiment.probabilities)
        == rows.map { Millionths.apportioned($0.probabilities).map(Millionths.number) })
    #expect(EvaluationMetrics(rows, labels: .two).accuracy > 0.9)
  }
}
