import ArgumentParser
import Classifier
import ELMo
import Foundation
import Training
import Tweets

extension ClassifierParts: ExpressibleByArgument {}

/// `elmond evaluate`: how good a bundle is on labelled rows.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on a labelled table.",
    discussion: """
      Weights, temperature, threshold and label offsets of a bundle belong to all its parts together. With \
      --parts network or co-head the logits of that part stand as they are, and the largest (or 0.5) decides; \
      --calibrate chooses them anew, on rows that are not measured.
      """)

  @OptionGroup var modelOption: ModelOption
  @OptionGroup var data: LabelledInput
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Leave out rows whose text, up to case, links and retweet marks, occurs in these files.",
      valueName: "file[:key=value,…]"))
  var excludeSeen: [String] = []
  @Option(help: "What answers: all, network (the heads alone) or co-head (the n-grams alone).")
  var parts: ClassifierParts = .all
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Choose temperature and threshold, or label offsets, on the rows of these files.",
      valueName: "file[:key=value,…]"))
  var calibrate: [String] = []
  @Option(
    help: "What --calibrate makes large: accuracy, macro_recall or macro_f1; nll as accuracy.")
  var metric: StoppingMetric = .macroRecall
  @Option(
    help: "The column of another system's labels: its figures, and McNemar's test between the two.")
  var against: String?
  @Option(help: "Write truth, answer and probabilities of every row to this CSV file.")
  var predictions: String?
  @Option(help: "The seed of the bootstrap.") var seed: UInt64 = 1
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    _ = try DataSpecification.all(excludeSeen + calibrate)
  }

  func run() throws {
    let classifier = try modelOption.classifier(parts: parts)
    let excluded = try DataSpecification.all(excludeSeen)
    let calibrating = try DataSpecification.all(calibrate)
    let files = try DataSpecification.all(data.data)
    if let predictions {
      try NewFile.require(predictions, among: (files + excluded + calibrating).map(\.path))
    }
    let read = try data.read(
      expected: classifier.labelSet, answer: against,
      keepingNeutral: classifier.labels.contains(.neutral), excluding: excluded, key: .group)
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
    var answered = evaluate(set, with: classifier)
    var decision = Decision(classifier)
    if !calibrating.isEmpty {
      decision = try self.calibrate(classifier, on: calibrating, for: set, &answered)
    }
    let metrics = EvaluationMetrics(
      answered, labels: classifier.labelSet, threshold: decision.threshold,
      thresholdOrigin: decision.origin, labelOffsets: decision.offsets, seed: seed)
    let comparison = against.map { column in
      SystemComparison(
        metrics, of: answered, against: column,
        answers: set.rows.map { $0.answer.flatMap(set.labels.index) }, seed: seed)
    }
    if let predictions {
      let table = PredictionTable(
        answered, answers: metrics.answers, of: set, files: files.map(\.path))
      try AtomicFile.write(table.csv, to: predictions)
    }
    if json {
      let further = comparison.map { [(key: "against", value: $0.json)] } ?? []
      StandardStream.output.write(metrics.json(adding: further) + "\n")
    } else {
      StandardStream.output.write(metrics.table + (comparison.map { "\n" + $0.table } ?? ""))
    }
  }

  /// How probabilities become answers.
  private struct Decision {
    var threshold: Double
    var origin: String
    var offsets: [Double]?

    init(_ classifier: SentimentClassifier) {
      threshold = classifier.threshold
      origin = classifier.thresholdOrigin
      offsets = classifier.labelOffsets
    }
  }

  /// Chooses temperature and decision on the rows of some files, and cools the answers.
  private func calibrate(
    _ classifier: SentimentClassifier, on files: [DataSpecification], for measured: TrainingSet,
    _ answered: inout [EvaluatedRow]
  ) throws -> Decision {
    let read = try data.read(
      files, expected: classifier.labelSet,
      keepingNeutral: classifier.labels.contains(.neutral))
    StandardStream.error.say(read.report.text)
    let decided = evaluate(read.set, with: classifier).filter { !$0.probabilities.isEmpty }
    guard !decided.isEmpty else {
      throw CommandFailure("--calibrate: no row is left to choose on", code: .badInput)
    }
    let unseen = ExcludedTexts(read.set.rows.map(\.text))
    let shared = measured.rows.count { unseen.contains($0.text) }
    if shared > 0 {
      StandardStream.error.say(
        "elmond: \(shared) of the measured rows have the text of a row that calibrates")
    }
    let origin = files.map { URL(fileURLWithPath: $0.path).lastPathComponent }
      .joined(separator: ", ")
    let logits = LabelLogits(
      values: decided.flatMap { finiteLogits(of: $0) },
      labels: classifier.labels.count, truths: decided.map(\.truth))
    let choice = PartDecision(logits, metric: metric, origin: origin)
    for row in answered.indices where !answered[row].probabilities.isEmpty {
      answered[row].probabilities = Logistic.softmax(
        finiteLogits(of: answered[row]).map { $0 / choice.temperature })
    }
    StandardStream.error.say(
      "temperature \(String(format: "%.4f", choice.temperature)) from \(origin)"
        + (choice.fact.map { "; \($0.key): \($0.words)" } ?? ""))
    var decision = Decision(classifier)
    decision.threshold = choice.threshold
    decision.origin = origin
    decision.offsets = choice.offsets
    return decision
  }

  // Logits with a row's probabilities; one that was rounded to 0 stays finite.
  private func finiteLogits(of row: EvaluatedRow) -> [Double] {
    row.probabilities.map { max(Logistic.log($0), -40) }
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
