import ArgumentParser
import Classifier
import ELMo
import Ingest
import TweetText

extension Engine: ExpressibleByArgument {}

/// The model of a command.
struct ModelOption: ParsableArguments {
  @Option(help: "The model bundle's directory.") var model: String?
  @Option(help: "What the network's products are computed in; as the bundle says without it.")
  var engine: Engine?

  func open() throws -> ModelBundle {
    try ModelLocator.open(try ModelLocator.find(flag: model))
  }

  /// The classifier of the bundle; a bundle that has none is refused.
  func classifier(
    parts: ClassifierParts = .all, decision: Decision = .largest
  ) throws -> SentimentClassifier {
    let bundle = try open()
    do {
      return try SentimentClassifier(bundle, parts: parts, engine: engine, decision: decision)
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
  }
}
