import ArgumentParser
import ELMo
import Foundation
import Training
import TweetText

/// `elmond pretrain`: a language model in both directions from plain text, from scratch or from a bundle.
struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Trains the language model itself on text, one tweet a line, plain or compressed.",
    discussion: """
      The directory of --output holds the best bundle so far (by the perplexity of held-out sentences), \
      softmax.safetensors and vocabulary.txt beside it, history.csv, history.svg, and the checkpoints of \
      the run. SIGINT and SIGTERM end the run with a checkpoint, and the command with 75; the same command \
      with --resume goes on where it stood, with the same bits.
      """)

  @OptionGroup var start: PretrainStart
  @Option(parsing: .upToNextOption, help: "Text files: one sentence a line, plain or compressed.")
  var corpus: [String]
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files whose texts stay out of the corpus, such as test sets.",
      discussion: """
        A line goes before anything else when its letters a to z are those of such a text, upper and \
        lower case alike, links and mentions left out; the files are read as by train --exclude. The rest \
        is the corpus, so that a run goes on with files from which the same lines were taken by hand.
        """, valueName: "file[:key=value,…]"))
  var exclude: [String] = []
  @Option(help: "The directory of the run and its bundle.") var output: String
  @Flag(help: "Go on with the run in --output; begin it where nothing is there.")
  var resume = false
  @Option(help: "The cleaning profile; that of --init, or tweet-2, without it.")
  var clean: CleaningProfile?
  @OptionGroup(title: "The numbers of the run") var numbers: PretrainOptions
  @Option(help: "Minutes between checkpoints.") var checkpointEvery = 5.0
  @Option(
    help: "Steps between measurements of the held-out sentences; a twentieth of the run else.")
  var evaluateEvery: Int?
  @Option(help: "Tokens between measurements of the held-out sentences, instead of steps.")
  var evaluateEveryTokens: Int?
  @Option(help: "The bundle's name; the directory's without it.") var name: String?
  @Option(help: "The terms of the weights.") var licence: String?

  func validate() throws {
    guard !corpus.isEmpty else { throw ValidationError("--corpus takes one file or more") }
    _ = try DataSpecification.all(exclude)
    guard checkpointEvery >= 0 else {
      throw ValidationError("--checkpoint-every takes 0 minutes or more")
    }
    guard (evaluateEvery ?? 1) > 0, (evaluateEveryTokens ?? 1) > 0 else {
      throw ValidationError("--evaluate-every and --evaluate-every-tokens take 1 or more")
    }
    guard evaluateEvery == nil || evaluateEveryTokens == nil else {
      throw ValidationError("give --evaluate-every or --evaluate-every-tokens, not both")
    }
  }

  func run() throws {
    let folder = PretrainFolder(output)
    try folder.check(resuming: resume)
    let network = try start.network()
    do { try network.bundle?.checkSoftmax() } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
    let cleaning =
      try clean ?? network.bundle.map { try CleaningProfile(named: $0.manifest.cleaning) }
      ?? .tweet2
    let settings = numbers.settings
    var identity = RunIdentity(settings.facts)
    identity.facts["network"] = try networkText(network.options)
    identity.facts["init"] = network.bundle?.manifest.weights.sha256 ?? "none"
    identity.facts["clean"] = cleaning.rawValue
    var restored = try folder.restore(identity)
    let text = try readCorpus(settings, cleaning)
    identity.facts["corpus"] =
      "\(text.facts.lines) lines \(String(text.facts.digest, radix: 16))"
    if let restored {
      do throws(CheckpointError) { try identity.require(sameAs: restored) } catch {
        throw CommandFailure(checkpoint: error)
      }
    }
    try folder.prepare()
    let session = PretrainSession(
      folder: folder, identity: identity, settings: settings,
      manifest: manifest(network, cleaning, folder),
      cadence: PretrainCadence(
        checkpointSeconds: checkpointEvery * 60, evaluationSteps: evaluateEvery,
        evaluationTokens: evaluateEveryTokens))
    try session.run(options: network.options, corpus: text, start: network.bundle, from: &restored)
  }

  private func readCorpus(
    _ settings: PretrainingSettings, _ cleaning: CleaningProfile
  ) throws -> Corpus {
    var builder = CorpusBuilder(
      maxTokens: settings.maxTokens, dropsRepeats: settings.dropsRepeats, seed: settings.seed)
    let texts = try DataSpecification.all(exclude).flatMap(
      LabelledReader(textColumn: "text", labelColumn: "sentiment").texts)
    let input = CorpusInput(
      files: corpus, cleaning: cleaning, threads: settings.threads, excluded: ExcludedTexts(texts))
    let skipped = try input.read(into: &builder) { path, soFar in
      StandardStream.error.say(
        "read \(path): \(PretrainingProgress.amount(soFar.sentenceCount)) sentences, "
          + "\(PretrainingProgress.amount(soFar.tokenCount)) tokens so far")
    }
    if skipped > 0 {
      StandardStream.error.say("elmond: \(skipped) lines skipped: longer than a record may be")
    }
    do {
      let corpus = try builder.finish(heldOut: settings.heldOut)
      StandardStream.error.say(PretrainText.summary(of: corpus, settings: settings))
      return corpus
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
  }

  private func networkText(_ options: ELMoOptions) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(options), as: UTF8.self)
  }

  private func manifest(
    _ network: (options: ELMoOptions, bundle: ModelBundle?), _ cleaning: CleaningProfile,
    _ folder: PretrainFolder
  ) -> ModelManifest {
    var manifest = ModelManifest(
      name: name ?? folder.name, elmo: network.options, cleaning: cleaning.rawValue,
      licence: licence ?? network.bundle?.manifest.licence)
    if let base = network.bundle?.manifest {
      manifest.maxTokens = base.maxTokens
      manifest.training["base"] = base.name
    }
    manifest.training["corpus"] = names(corpus)
    // Read once in `validate`.
    if let excluded = try? DataSpecification.all(exclude), !excluded.isEmpty {
      manifest.training["excluded"] = names(excluded.map(\.path))
    }
    return manifest
  }

  private func names(_ paths: [String]) -> String {
    paths.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", ")
  }
}
