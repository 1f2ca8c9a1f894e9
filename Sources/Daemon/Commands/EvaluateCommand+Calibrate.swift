import Classifier
import Foundation
import Training
import Tweets

extension EvaluateCommand {
  /// Chooses a temperature, and what `--decide` names, on the rows of some files, and turns the answers to the measured
  /// rows by both. Returns the threshold of two labels and where it comes from.
  func calibrate(
    _ classifier: SentimentClassifier, on files: [DataSpecification], for measured: TrainingSet,
    _ answered: inout [EvaluatedRow]
  ) throws -> (value: Double, origin: String) {
    let labels = classifier.labelSet
    let read = try data.read(
      files, expected: labels, keepingNeutral: classifier.labels.contains(.neutral))
    StandardStream.error.say(read.report.text)
    let decided = evaluate(read.set, with: classifier).filter { !$0.probabilities.isEmpty }
    guard !decided.isEmpty else {
      throw CommandFailure("--calibrate: no row is left to choose on", code: .badInput)
    }
    tellShared(read.set, measured)
    let origin = files.map { URL(fileURLWithPath: $0.path).lastPathComponent }
      .joined(separator: ", ")
    let logits = LabelLogits(
      values: decided.flatMap(Self.logits), labels: labels.count, truths: decided.map(\.truth))
    let choice = PartDecision(
      logits, metric: decision.decision == .macroRecall ? .macroRecall : metric, origin: origin)
    let shift = try self.shift(choice, labels: labels)
    for row in answered.indices where !answered[row].probabilities.isEmpty {
      let cooled = Logistic.softmax(Self.logits(answered[row]).map { $0 / choice.temperature })
      answered[row].probabilities =
        labels.sentiment(shift?.applied(to: cooled) ?? cooled, truncated: false).probabilities
    }
    StandardStream.error.say(
      "temperature \(String(format: "%.4f", choice.temperature)) from \(origin)"
        + (shift == nil ? "" : choice.fact.map { "; \($0.key): \($0.words)" } ?? ""))
    return decision.decision == .threshold ? (choice.threshold, origin) : (0.5, "default")
  }

  private func shift(_ choice: PartDecision, labels: LabelSet) throws -> ProbabilityShift? {
    switch decision.decision {
    case .largest: return nil
    case .macroRecall:
      guard let offsets = choice.offsets else {
        throw CommandFailure(
          "--decide macro_recall chooses offsets of three labels, and the model has two",
          remedy: "give --decide threshold --metric macro_recall", code: .usage)
      }
      return ProbabilityShift(offsets: offsets)
    case .threshold:
      guard labels.count == 2 else {
        throw CommandFailure(
          "--decide threshold chooses a threshold of two labels, and the model has three",
          remedy: "give --decide macro_recall", code: .usage)
      }
      return ProbabilityShift(threshold: choice.threshold)
    }
  }

  private func tellShared(_ calibrating: TrainingSet, _ measured: TrainingSet) {
    let unseen = ExcludedTexts(calibrating.rows.map(\.text))
    let shared = measured.rows.count { unseen.contains($0.text) }
    guard shared > 0 else { return }
    StandardStream.error.say(
      "elmond: \(shared) of the measured rows have the text of a row that calibrates")
  }

  /// Logits with a row's probabilities; one that was rounded to 0 counts as half a millionth.
  private static func logits(_ row: EvaluatedRow) -> [Double] {
    row.probabilities.map { Logistic.log(max($0, 0.5e-6)) }
  }
}
