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
    let model = try ModelLocator.load(bundle, stateMode: stateful ? .carry : nil)
    let profile = try CleaningProfile(named: bundle.manifest.cleaning)
    var workspace = ELMoWorkspace(for: model)
    var options = input
    // Tokens come one sentence a line, whatever a line begins with.
    if tokens && input.format == .auto { options.format = .text }
    var reader = TweetInput(files: [file], options: options)
    do {
      var target = try EmbeddingFile(output)
      var undecodable = 0
      while let item = try reader.next() {
        guard case .tweet(let tweet) = item else {
          undecodable += 1
          continue
        }
        let sentence =
          tokens
          ? ELMoToken.tokenLine(tweet.text.utf8)
          : ELMoToken.splitOnSpaces(profile.clean(tweet.text))
        for embedding in model.embed([sentence], workspace: &workspace) {
          try target.append(embedding)
        }
      }
      let records = target.records
      try target.finish()
      StandardStream.error.write(
        "wrote \(records) records to \(output)"
          + (undecodable > 0 ? ", \(undecodable) records could not be decoded" : "") + "\n")
    } catch let error as ModelError {
      throw CommandFailure("\(error)", code: .cannotCreate)
    }
  }
}
