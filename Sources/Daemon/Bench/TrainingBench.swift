import Foundation
import LinearAlgebra
import Training

/// Measures steps of pre-training on made-up tweets, beside the rate that plain products reach.
struct TrainingBench {
  /// The networks to train.
  let presets: [PretrainPreset]
  /// Cores that work.
  let threads: Int
  /// Runs of four steps each, of which the median counts.
  let runs: Int

  private static let stepsOfRun = 4

  /// The table: for each network and precision the tokens a second, the operations of the step's matrix
  /// products a second, and what share that is of what plain products reach just before and after.
  func table() throws -> String {
    let settings = PretrainingSettings()
    // As many rows as the steps read, and some more; about as many types a step as real tweets have.
    let rows = (1 + runs * Self.stepsOfRun) * settings.batchTokens / 12
    var builder = CorpusBuilder(dropsRepeats: false)
    for text in BenchText(count: rows, words: 20_000).texts { builder.add(text) }
    let corpus = try builder.finish(heldOut: 0)
    var lines = [
      "training, \(rows) made-up tweets, \(corpus.types.count - 3) types, steps of at most "
        + "\(settings.batchTokens) tokens, \(settings.negatives) negatives, \(threads) threads, "
        + "median of \(runs) runs of \(Self.stepsOfRun) steps",
      line("", "tokens/s", "GFLOP/s", "peak", "share"),
    ]
    let yardstick = ProductPeak.openBLAS(threads: threads, runs: runs)
    for preset in presets {
      for precision in ProductPrecision.allCases {
        StandardStream.error.say("preset \(preset.rawValue), \(precision.rawValue)")
        let peak = ProductPeak(precision: precision, threads: threads)
        let before = peak.operationsPerSecond(runs: runs)
        let (tokens, operations) = try rates(preset, precision, corpus)
        let ours = (before + peak.operationsPerSecond(runs: runs)) / 2
        let reached = precision == .fp32 ? max(ours, yardstick) : ours
        lines.append(
          line(
            "\(preset.rawValue) \(precision.rawValue)", number(tokens), number(operations / 1e9),
            number(reached / 1e9), "\(number(100 * operations / reached)) %"))
      }
    }
    lines.append(
      "GFLOP/s: of the step's matrix products, over all of its time; peak: of plain products alone, "
        + "by the faster of ours and OpenBLAS")
    lines.append(
      "OpenBLAS (\(OpenBLAS.coreName)), fp32, \(threads) threads, 1536^3: "
        + "\(number(yardstick / 1e9)) GFLOP/s")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Tokens and operations a second of the median run; a first step warms up.
  private func rates(
    _ preset: PretrainPreset, _ precision: ProductPrecision, _ corpus: Corpus
  ) throws -> (tokens: Double, operations: Double) {
    var settings = PretrainingSettings()
    settings.products = precision
    settings.threads = threads
    settings.passes = 1
    let trainer = try Pretrainer(options: preset.options, corpus: corpus, settings: settings)
    _ = try trainer.step()
    var rates: [(tokens: Double, operations: Double)] = []
    for _ in 0..<runs {
      var (tokens, operations) = (0, 0.0)
      let start = ContinuousClock.now
      for _ in 0..<Self.stepsOfRun {
        let outcome = try trainer.step()
        tokens += outcome.tokens
        operations += outcome.operations
      }
      let seconds = (ContinuousClock.now - start).inSeconds
      rates.append((Double(tokens) / seconds, operations / seconds))
    }
    return rates.sorted { $0.operations < $1.operations }[runs / 2]
  }

  private func number(_ value: Double) -> String { String(Int(value.rounded())) }

  private func line(_ title: String, _ cells: String...) -> String {
    title + String(repeating: " ", count: max(0, 10 - title.count))
      + cells.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }.joined()
  }
}
