import ArgumentParser
import ELMo
import Ingest
import TweetText
import Tweets

/// `elmond embed`: every output of the network for every record, in one safetensors file.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Writes the ELMo vectors of each record to a safetensors file.")

  @OptionGroup var modelOption: ModelOption
  @OptionGroup var input: InputOptions
  @Flag(help: "The input is tokens, split on single spaces and not cleaned.") var tokens = false
  @Flag(help: "Carry the LSTM states from record to record.") var stateful = false
  @Option(help: "The file to write.") var output: String
  @Argument(help: "The input; - or none is standard input.") var file = "-"

  func run() throws {
    let bundle = try modelOption.open()
    let model = try ModelLocator.load(
      bundle, stateMode: stateful ? .carry : nil,
      engine: modelOption.engine)
    let profile = try CleaningProfile(named: bundle.manifest.cleaning)
    var workspace = ELMoWorkspace(for: model)
    var sentences = SentenceInput(file: file, options: input, cleaning: tokens ? nil : profile)
    do {
      var target = try EmbeddingFile(output)
      var undecodable = 0
      while let sentence = try sentences.next() {
        if let reason = sentence.fault {
          undecodable += 1
          StandardStream.error.say("elmond: record \(target.records): \(reason)")
        }
        for embedding in model.embed([sentence.tokens], workspace: &workspace) {
          if embedding.isCut {
            StandardStream.error.say(
              "elmond: record \(target.records): cut to \(embedding.tokens) tokens")
          }
          try target.append(embedding)
        }
      }
      let records = target.records
      try target.finish()
      StandardStream.error.say(
        "wrote \(records) record\(records == 1 ? "" : "s") to \(output)"
          + (undecodable > 0 ? ", \(undecodable) of them empty: they could not be decoded" : ""))
    } catch let error as ModelError {
      throw CommandFailure("\(error)", code: .cannotCreate)
    }
  }
}
