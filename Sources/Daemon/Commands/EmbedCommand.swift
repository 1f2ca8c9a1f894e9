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
    // States are carried from record to record only when each is a call of its own.
    let batch = stateful ? 1 : 64
    do {
      var target = try EmbeddingFile(output)
      var undecodable = 0
      var pending: [[ELMoToken]] = []
      while let sentence = try sentences.next() {
        if let reason = sentence.fault {
          undecodable += 1
          let record = target.records + pending.count
          StandardStream.error.say("elmond: record \(record): \(reason)")
        }
        pending.append(sentence.tokens)
        if pending.count == batch { try write(&pending, to: &target, model, &workspace) }
      }
      try write(&pending, to: &target, model, &workspace)
      let records = target.records
      try target.finish()
      StandardStream.error.say(
        "wrote \(records) record\(records == 1 ? "" : "s") to \(output)"
          + (undecodable > 0 ? ", \(undecodable) of them empty: they could not be decoded" : ""))
    } catch let error as ModelError {
      throw CommandFailure("\(error)", code: .cannotCreate)
    }
  }

  private func write(
    _ sentences: inout [[ELMoToken]], to target: inout EmbeddingFile, _ model: ELMoModel,
    _ workspace: inout ELMoWorkspace
  ) throws {
    for embedding in model.embed(sentences, workspace: &workspace) {
      if embedding.isCut {
        StandardStream.error.say(
          "elmond: record \(target.records): cut to \(embedding.tokens) tokens")
      }
      try target.append(embedding)
    }
    sentences.removeAll(keepingCapacity: true)
  }
}
