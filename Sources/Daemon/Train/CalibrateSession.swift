import Classifier
import ELMo
import Foundation
import Training
import Tweets

/// `elmond train --recipe calibrate`: network, heads and co-head of a bundle stay, byte for byte; validation rows choose
/// factors, temperature, biases and the numbers of decisions anew.
struct CalibrateSession {
  let base: ModelBundle
  let set: TrainingSet
  let split: ValidationSplit
  let metric: StoppingMetric
  let seed: UInt64
  let output: String
  let name: String
  let data: String
  let report: TrainReport

  /// Chooses, writes the bundle, and tells the figures of validation and test rows before and after.
  func run() throws {
    let before = try classifier(base)
    guard before.labelSet == set.labels else {
      throw CommandFailure(
        "the rows have the labels \(set.labels.names.joined(separator: ", ")), the base "
          + before.labelSet.names.joined(separator: ", "),
        remedy: set.labels.count == 2 ? "give --keep-neutral" : "leave --keep-neutral out",
        code: .badInput)
    }
    let rows = split.validation.filter {
      !before.embedder.prepare(set.rows[$0].text).tokens.isEmpty
    }
    guard !rows.isEmpty else {
      throw CommandFailure("no validation row is left to calibrate on", code: .badInput)
    }
    report.split(split, groups: set.rows.map { TextGroup.key($0.text) })
    let (network, coHead) = logits(of: rows, by: before)
    let calibration = Calibration(
      network: network, coHead: coHead, metric: metric, origin: "validation")
    var manifest = base.manifest
    manifest.name = name
    manifest.calibrate(calibration)
    for (key, words) in calibration.facts { manifest.training[key] = words }
    manifest.training["calibration_data"] = data
    manifest.training["rows_validation"] = "\(split.validation.count)"
    do {
      try base.copy(to: output, manifest: manifest)
    } catch {
      throw CommandFailure("cannot write the bundle: \(error)", code: .cannotCreate)
    }
    let after = try ModelLocator.open(output)
    for (part, rows) in [("validation", split.validation), ("test", split.test)]
    where !rows.isEmpty {
      try measure(rows, by: base, key: "\(part)_before", title: "\(part), as calibrated before")
      try measure(rows, by: after, key: part, title: "\(part), calibrated anew")
    }
    for (key, words) in calibration.facts.sorted(by: { $0.key < $1.key }) {
      report.say("\(key): \(words)")
      report.note(key, text: words)
    }
    report.finish()
    StandardStream.error.say("wrote \(output)")
  }

  private func classifier(
    _ bundle: ModelBundle, _ decision: Decision = .largest
  ) throws -> SentimentClassifier {
    do { return try SentimentClassifier(bundle, decision: decision) } catch {
      throw CommandFailure(model: error, in: bundle.directory)
    }
  }

  /// The bare logits of network and co-head of some rows.
  private func logits(
    of rows: [Int], by classifier: SentimentClassifier
  ) -> (network: LabelLogits, coHead: LabelLogits?) {
    var workspace = classifier.workspace(tokenBudget: 4096)
    var network: [Double] = []
    var coHead: [Double] = []
    for start in stride(from: 0, to: rows.count, by: 256) {
      let texts = rows[start..<min(start + 256, rows.count)].map {
        classifier.embedder.prepare(set.rows[$0].text)
      }
      let found = classifier.logits(texts, workspace: &workspace.network)
      network += found.heads
      coHead += found.coHead ?? []
    }
    let truths = rows.map { set.rows[$0].truth }
    let outputs = set.labels.count == 2 ? 1 : set.labels.count
    func labelled(_ logits: [Double]) -> LabelLogits {
      LabelLogits(logits.map { Float($0) }, outputs: outputs, truths: truths)
    }
    return (labelled(network), coHead.isEmpty ? nil : labelled(coHead))
  }

  /// The figures of some rows by the largest probability, and by the decision that the bundle's numbers are for.
  private func measure(_ rows: [Int], by bundle: ModelBundle, key: String, title: String) throws {
    let manifest = bundle.manifest
    let chosen: Decision? =
      manifest.labelOffsets != nil ? .macroRecall : manifest.threshold != nil ? .threshold : nil
    for decision in [.largest, chosen].compactMap({ $0 }) {
      let metrics = EvaluationMetrics(
        try classifier(bundle, decision), rows: rows.map { set.rows[$0] }, seed: seed)
      let isDefault = decision == .largest
      report.figures(
        isDefault ? key : "\(key)_\(decision.rawValue)",
        isDefault ? title : "\(title), decided by \(decision.rawValue)", metrics)
    }
  }
}

extension EvaluationMetrics {
  /// Measures what a classifier answers to labelled rows.
  init(_ classifier: SentimentClassifier, rows: [TrainingSet.Row], seed: UInt64) {
    var workspace = classifier.workspace(tokenBudget: 4096)
    let answered = classifier.classify(rows.map(\.text), workspace: &workspace)
    let evaluated = zip(rows, answered).map { row, answer in
      EvaluatedRow(
        truth: row.truth, probabilities: answer.sentiment.probabilities,
        group: TextGroup.key(row.text))
    }
    self.init(
      evaluated, answers: evaluated.map { classifier.labelSet.answer($0.probabilities) },
      labels: classifier.labelSet, threshold: classifier.threshold,
      thresholdOrigin: classifier.thresholdOrigin, seed: seed)
  }
}
