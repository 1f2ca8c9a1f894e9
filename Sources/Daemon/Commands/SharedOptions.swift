import ArgumentParser
import ELMo
import Ingest
import TweetText

extension InputFormat: ExpressibleByArgument {}

/// The model of a command.
struct ModelOption: ParsableArguments {
  @Option(help: "The model bundle's directory.") var model: String?

  func open() throws -> ModelBundle {
    try ModelLocator.open(try ModelLocator.find(flag: model))
  }
}

/// How a command reads its input.
struct InputOptions: ParsableArguments {
  @Option(help: "auto, text, jsonl or csv.") var format: InputFormat = .auto
  @Option(help: "The CSV column of the text.") var textColumn: String?
  @Option(help: "The CSV column of the id.") var idColumn: String?

  var mapping: CSVMapping { CSVMapping(text: textColumn, id: idColumn) }
}
