import ArgumentParser
import ELMo
import Foundation
import Ingest
import TweetText
import Tweets

/// `elmond embed`: every output of the network for every record, in one safetensors file.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Writes the ELMo vectors of each record to a safetensors file.")

  @OptionGroup var modelOption: ModelOption
  @OptionGroup var input: InputOptions
  @Flag(
    help: """
      The input is tokens and is not cleaned: each line is a JSON array of tokens, or tokens between single blanks; an \
      empty line is an empty record.
      """) var tokens = false
  @Option(
    help: "A file with one number a line: how many tokens of the row count; the rest is padding.")
  var lengths: String?
  @Flag(help: "Carry the LSTM states from record to record.") var stateful = false
  @Option(help: "The file to write; - is standard output.") var output: String
  @Argument(help: "The input; - or none is standard input.") var file = "-"

  func validate() throws {
    if lengths != nil, !tokens { throw ValidationError("--lengths goes with --tokens") }
    if tokens, input.format == .csv {
      throw ValidationError("--tokens reads --format jsonl (JSON arrays) or text, not csv")
    }
    if lengths == "-", file == "-" {
      throw ValidationError("tokens and lengths cannot both come from standard input")
    }
  }

  func run() throws {
    let bundle = try modelOption.open()
    let model = try ModelLocator.load(
      bundle, stateMode: stateful ? .carry : nil,
      engine: modelOption.engine)
    let profile = try CleaningProfile(named: bundle.manifest.cleaning)
    var workspace = ELMoWorkspace(for: model)
    var sentences = SentenceInput(
      file: file, options: input, lengths: lengths, cleaning: tokens ? nil : profile)
    // States are carried from record to record only when each is a call of its own.
    let batch = stateful ? 1 : 64
    do {
      var target = try makeTarget()
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
        "wrote \(records) record\(records == 1 ? "" : "s") to \(output == "-" ? "standard output" : output)"
          + (undecodable > 0 ? ", \(undecodable) of them empty: they could not be decoded" : ""))
    } catch let error as ModelError {
      throw CommandFailure("\(error)", code: .cannotCreate)
    }
  }

  private func makeTarget() throws -> EmbeddingFile {
    guard output == "-" else { return try EmbeddingFile(output) }
    guard isatty(STDOUT_FILENO) == 0 else {
      throw CommandFailure(
        "vectors are no text for a terminal", remedy: "send standard output to a file or a pipe",
        code: .usage)
    }
    return try EmbeddingFile(
      standardOutputVia: FileManager.default.temporaryDirectory.path)
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
