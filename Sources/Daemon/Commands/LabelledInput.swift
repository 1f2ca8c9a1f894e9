import ArgumentParser
import Classifier
import Foundation
import Training
import TweetText
import Tweets

/// Labelled files, as `train` and `evaluate` take them.
struct LabelledInput: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files with labelled texts, plain or compressed: tables with a header, or SemEval's lines.",
      discussion: """
        FILE:key=value,… says more of one file: text=COLUMN, label=COLUMN, confidence=COLUMN, id=COLUMN, \
        format=auto|csv|tsv|semeval|lines, labels=FILE (one label a line, for one text a line), \
        escapes=semeval, weight=NUMBER, and NAME=negative|neutral|positive|drop for labels of other names.
        """, valueName: "file[:key=value,…]"))
  var data: [String]
  @Option(help: "The column of the text, by name or number.") var textColumn = "text"
  @Option(help: "The column of the label, by name or number.") var labelColumn = "sentiment"
  @Flag(help: "The tables have no heading; name their columns by number from 1.")
  var noHeader = false
  @OptionGroup var bytes: ByteOptions
  @Option(help: "The column of the annotators' confidence.") var confidenceColumn: String?
  @Option(help: "Keep rows of a confidence above this only.") var minConfidence: Double?
  @Option(
    help: "A label whose rows are dropped (repeat); neutral without it, unless neutral is learned.")
  var drop: [String] = []
  @Option(help: "NAME=LABEL: read NAME as negative, neutral or positive (repeat).")
  var label: [String] = []

  func validate() throws {
    _ = try DataSpecification.all(data)
  }

  /// The files' names, for the model's training facts.
  var name: String {
    let paths = (try? DataSpecification.all(data))?.map(\.path) ?? data
    return paths.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", ")
  }

  /// What the files are called in messages.
  var title: String {
    ((try? DataSpecification.all(data))?.map(\.path) ?? data).joined(separator: ", ")
  }

  /// The rows of all files, or of others that are read in the same way; `expected` fixes the labels,
  /// and `answer` is the column of another system's.
  ///
  /// Where no label is named to be dropped, neutral rows are: as the article did, and because a model of two
  /// labels cannot answer them. `keepingNeutral` keeps them.
  func read(
    _ others: [DataSpecification]? = nil, expected: LabelSet? = nil, answer: String? = nil,
    keepingNeutral: Bool, validation: [DataSpecification] = [],
    test: [DataSpecification] = [],
    excluding excluded: [DataSpecification] = [], distinct: Bool = false,
    key: TextKey = .letters
  ) throws -> TrainingData {
    let reader = reader(answer: answer)
    let files = try others ?? DataSpecification.all(data)
    if minConfidence != nil, confidenceColumn == nil,
      let file = (files + validation + test).first(where: { $0.confidenceColumn == nil })
    {
      throw CommandFailure(
        "--min-confidence needs a column of confidence, and \(file.path) names none",
        remedy: "name it: --confidence-column COLUMN, or \(file.path):confidence=COLUMN",
        code: .usage)
    }
    var rules = TrainingData.Rules()
    rules.drops = drop
    rules.droppedLabel = drop.isEmpty && !keepingNeutral ? .neutral : nil
    rules.mapping = try mapping()
    rules.expected = expected
    rules.confidenceAbove = minConfidence
    rules.isDistinct = distinct
    rules.key = key
    let training = try files.map(reader.file)
    let held = try validation.map(reader.file)
    let tested = try test.map(reader.file)
    let texts = try excluded.flatMap(reader.texts)
    let read: TrainingData
    do throws(TrainingDataError) {
      read = try TrainingData(
        training: training, validation: held, test: tested, excluding: texts, rules: rules)
    } catch {
      if case .inFile = error { throw CommandFailure("\(error)", code: .badInput) }
      throw CommandFailure("\(title): \(error)", code: .badInput)
    }
    if !drop.isEmpty && read.set.dropped == 0 {
      StandardStream.error.say(
        "elmond: \(title): no row has a label to drop (\(drop.joined(separator: ", ")))")
    }
    return read
  }

  /// Reads files by these options' columns.
  private func reader(answer: String?) -> LabelledReader {
    LabelledReader(
      textColumn: textColumn, labelColumn: labelColumn, confidenceColumn: confidenceColumn,
      answerColumn: answer, options: bytes.ingest(hasHeading: noHeader ? false : nil))
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

extension DataSpecification {
  /// What an option says of files; what cannot be read so is a mistake of the caller's.
  static func all(_ texts: [String]) throws -> [DataSpecification] {
    try texts.map { text in
      do throws(DataSpecificationError) { return try DataSpecification(text) } catch {
        throw ValidationError("\(error)")
      }
    }
  }
}
