import ArgumentParser
import Classifier
import ELMo
import Training
import Tweets

/// `elmond evaluate`: how good a bundle is on labelled rows.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on a labelled table.")

  @OptionGroup var modelOption: ModelOption
  @OptionGroup var data: LabelledInput
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Leave out rows whose text, up to case, links and retweet marks, occurs in these files.",
      valueName: "file[:key=value,…]"))
  var excludeSeen: [String] = []
  @Option(help: "The seed of the bootstrap.") var seed: UInt64 = 1
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    _ = try data.specifications(excludeSeen)
  }

  func run() throws {
    let classifier = try modelOption.classifier()
    let excluded = try data.specifications(excludeSeen)
    let read = try data.read(
      expected: classifier.labelSet, keepingNeutral: classifier.labels.contains(.neutral),
      excluding: excluded, key: .group)
    if !excluded.isEmpty {
      let count = read.report.files.reduce(0) { $0 + $1.excluded }
      let names = excluded.map(\.path).joined(separator: ", ")
      StandardStream.error.say("\(count) rows left out: their text occurs in \(names)")
    }
    StandardStream.error.say(read.report.text)
    let set = read.set
    guard !set.rows.isEmpty else {
      throw CommandFailure("\(data.title): no row is left to measure on", code: .badInput)
    }
    let metrics = EvaluationMetrics(
      evaluate(set, with: classifier), labels: classifier.labelSet,
      threshold: classifier.threshold, thresholdOrigin: classifier.thresholdOrigin,
      labelOffsets: classifier.labelOffsets, seed: seed)
    StandardStream.output.write(json ? metrics.json + "\n" : metrics.table)
  }

  private func evaluate(
    _ set: TrainingSet, with classifier: SentimentClassifier
  ) -> [EvaluatedRow] {
    var workspace = classifier.workspace(tokenBudget: 4096)
    var progress = ConsoleProgress("classify", total: set.rows.count, unit: "tweets")
    var rows: [EvaluatedRow] = []
    for start in stride(from: 0, to: set.rows.count, by: 256) {
      let block = set.rows[start..<min(start + 256, set.rows.count)]
      let answers = classifier.classify(block.map(\.text), workspace: &workspace)
      for (row, answer) in zip(block, answers) {
        rows.append(
          EvaluatedRow(
            truth: row.truth, probabilities: answer.sentiment.probabilities,
            group: TextGroup.key(row.text)))
      }
      progress.report(done: rows.count)
    }
    return rows
  }
}
