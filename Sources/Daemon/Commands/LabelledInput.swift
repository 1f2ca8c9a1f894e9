import ArgumentParser
import Classifier
import Foundation
import Training
import TweetText
import Tweets

/// A labelled table, as `train` and `evaluate` take it.
struct LabelledInput: ParsableArguments {
  @Option(help: "A CSV or TSV file with a header, plain or compressed.") var data: String
  @Option(help: "The column of the text.") var textColumn = "text"
  @Option(help: "The column of the label.") var labelColumn = "sentiment"
  @Option(help: "The column of the annotators' confidence.") var confidenceColumn: String?
  @Option(help: "Keep rows of a confidence above this only.") var minConfidence: Double?
  @Option(
    help: "A label whose rows are dropped (repeat); neutral without it, unless neutral is learned.")
  var drop: [String] = []
  @Option(help: "NAME=LABEL: read NAME as negative, neutral or positive (repeat).")
  var label: [String] = []

  func validate() throws {
    guard minConfidence == nil || confidenceColumn != nil else {
      throw ValidationError("--min-confidence needs --confidence-column")
    }
  }

  /// The file's name, for the model's training facts.
  var name: String { URL(fileURLWithPath: data).lastPathComponent }

  /// The rows; `expected` fixes the labels.
  ///
  /// Where no label is named to be dropped, neutral rows are: as the article did, and because a model of two
  /// labels cannot answer them. `keepingNeutral` keeps them.
  func read(expected: LabelSet? = nil, keepingNeutral: Bool) throws -> TrainingSet {
    let dropping = drop.isEmpty && !keepingNeutral ? [Label.neutral.rawValue] : drop
    do {
      var set = try TrainingSet(
        try LabelledTable.rows(
          of: data, text: textColumn, label: labelColumn, confidence: confidenceColumn),
        dropping: dropping, mapping: try mapping(), expected: expected)
      if !drop.isEmpty && set.dropped == 0 {
        StandardStream.error.say(
          "elmond: \(data): no row has a label to drop (\(drop.joined(separator: ", ")))")
      }
      if let minConfidence { set.keep(confidenceAbove: minConfidence) }
      return set
    } catch let error as TrainingDataError {
      throw CommandFailure("\(data): \(error)", code: .badInput)
    }
  }

  /// One line on what was read.
  func summary(of set: TrainingSet) -> String {
    let counts = zip(set.labels.names, set.counts).map { "\($0) \($1)" }
    return "\(data): \(set.rows.count) rows (\(counts.joined(separator: ", "))), "
      + "\(set.dropped) dropped"
  }

  private func mapping() throws -> [String: Label] {
    var mapping: [String: Label] = [:]
    for pair in label {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let label = Label(rawValue: parts[1].lowercased()) else {
        throw CommandFailure(
          "--label \(pair): expected NAME=negative, NAME=neutral or NAME=positive", code: .usage)
      }
      mapping[parts[0]] = label
    }
    return mapping
  }
}
