import JSON
import ArgumentParser
import Classifier
import ELMo
import Foundation
import Training
import TweetText

/// `elmond bench`: what each stage does a second, as a table.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures each stage of classifying made-up tweets, or steps of pre-training on them."
  )

  @OptionGroup var modelOption: ModelOption
  @Option(help: "Instead of a bundle: random weights of a size that pretrain knows.")
  var modelSize: PretrainPreset?
  @Option(help: "Made-up tweets of the workload.") var tweets = 512
  @Option(help: "Instead of made-up tweets: those of a file, one a line.") var text: String?
  @Flag(help: "Print one JSON object instead of the table.") var json = false
  @Option(help: "Runs of each stage, of which the median counts.") var runs = 3
  @Flag(help: "Instead: pre-training, in tokens and operations a second, beside plain products.")
  var training = false
  @Option(parsing: .upToNextOption, help: "With --training: the networks; A B C without it.")
  var preset: [PretrainPreset] = []
  @Option(help: "With --training: cores that work; two at most have work.") var threads = 2

  func validate() throws {
    guard tweets > 0, runs > 0 else { throw ValidationError("--tweets and --runs take 1 or more") }
    guard (1...2).contains(threads) else { throw ValidationError("--threads takes 1 or 2") }
    guard training || preset.isEmpty else {
      throw ValidationError("--preset goes with --training; --model-size names a network otherwise")
    }
  }

  func run() async throws {
    if training {
      let bench = TrainingBench(
        presets: preset.isEmpty ? [.A, .B, .C] : preset, threads: threads, runs: runs)
      StandardStream.output.write(try bench.table())
      return
    }
    guard let modelSize else {
      try await measure(try modelOption.open())
      return
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent(
        "elmond-\(modelSize.rawValue)-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    StandardStream.error.say("making a random model of the size \(modelSize.rawValue)")
    try ModelBundle.random(
      options: modelSize.options, seed: 1,
      name: "random-\(modelSize.rawValue)", directory: folder.path)
    try await measure(try ModelLocator.open(folder.path))
  }

  private func measure(_ bundle: ModelBundle) async throws {
    let heads: HeadEnsemble
    let coHead: CoHead?
    do {
      heads = HeadEnsemble(try members(of: bundle))
      coHead = try CoHeadWeights(bundle).map(CoHead.init)
    } catch {
      throw CommandFailure(model: error, in: bundle.directory)
    }
    let work = BenchWorkload(
      heads: heads, coHead: coHead, cleaning: try CleaningProfile(named: bundle.manifest.cleaning),
      text: try workload(), runs: runs)
    var results: [BenchResult] = []
    var figures: [EngineBench.Figures] = []
    for engine in modelOption.engine.map({ [$0] }) ?? Engine.allCases {
      StandardStream.error.say("engine \(engine.rawValue)")
      let start = ContinuousClock.now
      let model = try ModelLocator.load(bundle, engine: engine)
      let load = ContinuousClock.now - start
      // No engine changes them, and the object does not tell them.
      if figures.isEmpty, !json {
        results += try await StageBench(model: model, work: work).results()
      }
      results.append(
        BenchResult(
          stage: "load", rate: load.inSeconds * 1e3, unit: "ms",
          detail: "\(engine.rawValue), \(bundle.manifest.elmo.parameterCount) parameters"))
      figures.append(EngineBench(model: model, work: work).figures())
      results += figures[figures.count - 1].results
    }
    results.append(
      BenchResult(
        stage: "memory", rate: Double(ProcessMemory.peakKiB) / 1024, unit: "MB",
        detail: "peak of the process"))
    StandardStream.output.write(
      json
        ? object(of: bundle.manifest.name, figures)
        : table(of: bundle.manifest.name, tweets: work.text.texts.count, results))
  }

  private func workload() throws -> BenchText {
    guard let path = text else { return BenchText(count: tweets) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(
        "cannot read \(path): no such file, or no permission", code: .inputMissing)
    }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    guard !lines.isEmpty else {
      throw CommandFailure("\(path) holds no line", code: .badInput)
    }
    return BenchText(lines)
  }

  /// The figures by engine, under keys that other programs rely on.
  private func object(of name: String, _ figures: [EngineBench.Figures]) -> String {
    let engines = figures.map { "\(JSONText.quote($0.engine.rawValue)):\($0.json)" }
    return "{\"model\":\(JSONText.quote(name)),\"engines\":{\(engines.joined(separator: ","))},"
      + "\"peak_memory_mb\":\(JSONText.number(Double(ProcessMemory.peakKiB) / 1024))}\n"
  }

  private func table(of name: String, tweets: Int, _ results: [BenchResult]) -> String {
    let unitWidth = results.map(\.unit.count).max() ?? 0
    var table = "\(name), \(tweets) tweets, median of \(runs) runs\n"
    for result in results {
      let rate = String(repeating: " ", count: max(0, 10 - result.rateText.count)) + result.rateText
      let stage = result.stage + String(repeating: " ", count: max(0, 11 - result.stage.count))
      let unit = result.unit + String(repeating: " ", count: unitWidth - result.unit.count)
      table += "\(stage)\(rate) \(unit)  \(result.detail)\n"
    }
    return table
  }

  /// The bundle's own heads; a random one of the article's shape for a bare language model.
  private func members(of bundle: ModelBundle) throws -> [HeadWeights] {
    let manifest = bundle.manifest
    guard manifest.head == nil else { return try HeadWeights.members(of: bundle) }
    var generator = SeededGenerator(seed: 1)
    let shape = HeadShape(
      layers: manifest.scalarMix.weights.count, width: 2 * manifest.elmo.projectionSize,
      hidden: 256, labels: 2)
    return [HeadWeights.glorot(shape: shape, using: &generator)]
  }
}
