import ArgumentParser
import Classifier
import ELMo
import Foundation
import JSON
import Training
import Tweets

extension ClassifierParts: ExpressibleByArgument {}

/// `elmond evaluate`: how good a bundle is on labelled rows.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on a labelled table.",
    discussion: """
      The largest printed probability is the answer; --decide macro_recall or threshold shifts the probabilities by what \
      the bundle's training chose. A bundle's calibration belongs to all its parts together: with --parts network or \
      co-head the logits of that part stand as they are. --calibrate chooses a temperature anew, and what --decide \
      names, on rows that are not measured.
      """)

  @OptionGroup var modelOption: ModelOption
  @OptionGroup var decision: DecisionOption
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
      "Choose the temperature, and the offsets or threshold of --decide, on the rows of these files.",
      valueName: "file[:key=value,…]"))
  var calibrate: [String] = []
  @Option(
    help:
      "What the threshold of --calibrate makes large: accuracy, macro_recall or macro_f1; nll as accuracy."
  )
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
    let classifier = try modelOption.classifier(
      parts: parts, decision: calibrate.isEmpty ? decision.decision : .largest)
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
    let start = ContinuousClock.now
    var answered = evaluate(set, with: classifier)
    let elapsed = Elapsed(tweets: answered.count, since: start)
    var threshold = (value: classifier.threshold, origin: classifier.thresholdOrigin)
    if !calibrating.isEmpty {
      threshold = try self.calibrate(classifier, on: calibrating, for: set, &answered)
    }
    let metrics = EvaluationMetrics(
      answered, answers: answered.map { classifier.labelSet.answer($0.probabilities) },
      labels: classifier.labelSet, threshold: threshold.value, thresholdOrigin: threshold.origin,
      seed: seed)
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
      var further = [
        (key: "decision", value: JSONText.quote(decision.decision.rawValue)),
        (key: "seconds", value: JSONText.number(elapsed.seconds)),
        (key: "tweets_per_second", value: JSONText.number(elapsed.tweetsPerSecond)),
      ]
      if let comparison { further.append((key: "against", value: comparison.json)) }
      StandardStream.output.write(metrics.json(adding: further) + "\n")
    } else {
      StandardStream.output.write(metrics.table + (comparison.map { "\n" + $0.table } ?? ""))
    }
    StandardStream.error.say("elmond: \(elapsed.line)")
  }

  func evaluate(
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
