import ELMo
import Foundation
import LinearAlgebra
import Training

/// One process's part of a pre-training: from a start or a checkpoint to the end or a signal.
struct PretrainSession {
  let folder: PretrainFolder
  let identity: RunIdentity
  let settings: PretrainingSettings
  let manifest: ModelManifest
  let cadence: PretrainCadence

  /// Trains until the passes are done; a signal ends it with a checkpoint and `tryLater`.
  ///
  /// The state that it goes on from is taken away from the caller.
  func run(
    options: ELMoOptions, corpus: Corpus, start: ModelBundle?,
    from restored: inout CheckpointState?
  ) throws {
    let stop = StopRequest()
    var journal = try PretrainJournal(restored)
    let pretrainer: Pretrainer
    do {
      pretrainer = try Pretrainer(
        options: options, corpus: corpus, settings: settings, start: start)
      if let restored { try pretrainer.restore(restored) }
      // The numbers are the pretrainer's now; kept here they would be held twice for the whole run.
      restored = nil
    } catch let error as CheckpointError {
      throw CommandFailure(checkpoint: error)
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
    StandardStream.error.say(
      "pretrain: \(options.parameterCount) parameters, \(pretrainer.stepsTotal) steps, "
        + "\(settings.threads) threads, \(settings.products.rawValue) products"
        + (pretrainer.stepsDone > 0 ? ", resumed after step \(pretrainer.stepsDone)" : ""))
    if pretrainer.stepsDone < pretrainer.stepsOfSoftmaxAlone {
      StandardStream.error.say(
        "pretrain: the bundle brings no softmax.safetensors; the first "
          + "\(pretrainer.stepsOfSoftmaxAlone) steps train a new softmax alone")
    }
    if start != nil, pretrainer.stepsDone == 0, corpus.heldOut.count > 0 {
      StandardStream.error.say(
        "pretrain: held-out perplexity before the first step "
          + PretrainText.perplexity(pretrainer.perplexity(of: corpus.heldOut)))
    }
    var bundle = manifest
    bundle.training.merge(PretrainText.facts(of: corpus, settings: settings)) { old, _ in old }
    try train(pretrainer, corpus, bundle, &journal, stop)
  }

  private func train(
    _ pretrainer: Pretrainer, _ corpus: Corpus, _ bundle: ModelManifest,
    _ journal: inout PretrainJournal, _ stop: StopRequest
  ) throws {
    let total = pretrainer.stepsTotal
    var progress = ConsolePretraining(pretrainer)
    var saved = ContinuousClock.now
    while pretrainer.stepsDone < total {
      let before = (tokens: pretrainer.tokensDone, time: ContinuousClock.now)
      let outcome = try step(pretrainer, &progress)
      let seconds = (ContinuousClock.now - before.time).inSeconds
      let step = pretrainer.stepsDone
      journal.note(outcome, seconds: seconds)
      progress.report(pretrainer, outcome, seconds: seconds)
      // Also when a signal has come: the run that goes on begins behind this step.
      let isMeasured =
        corpus.heldOut.count > 0
        && cadence.measures(
          after: step, of: total, tokens: pretrainer.tokensDone, before: before.tokens)
      if isMeasured {
        try measure(pretrainer, corpus, bundle, &journal, &progress)
      } else if cadence.records(after: step, of: total) {
        journal.record(step: step, tokens: pretrainer.tokensDone)
      }
      let isOver = stop.isStopping || step == total
      if isOver || (ContinuousClock.now - saved).inSeconds >= cadence.checkpointSeconds {
        progress.endLine()
        try save(pretrainer, journal)
        saved = .now
      }
      if stop.isStopping, step < total { throw interrupted(after: step) }
    }
    if corpus.heldOut.count == 0 {
      try write(pretrainer, bundle, journal.facts(perplexity: nil))
    }
    try folder.write(journal.history)
    StandardStream.error.say(
      "wrote \(folder.path)"
        + (journal.best.map { best in
          ": the weights after step \(best.step), held-out perplexity "
            + String(format: "%.2f", best.perplexity)
        } ?? ""))
  }

  private func step(
    _ pretrainer: Pretrainer, _ progress: inout ConsolePretraining
  ) throws -> Pretrainer.StepOutcome {
    do { return try pretrainer.step() } catch {
      progress.endLine()
      let good = folder.checkpoints.steps.last
      throw CommandFailure(
        "\(error)",
        remedy: (good.map { "the last good checkpoint is \(folder.checkpoints.file(ofStep: $0)); " }
          ?? "there is no checkpoint yet; ")
          + "train in a new --output with a smaller --learning-rate, from the best weights so far if "
          + "you like (--init \(folder.path))",
        code: .badInput)
    }
  }

  /// The held-out perplexity; the bundle too, when it is the best so far.
  private func measure(
    _ pretrainer: Pretrainer, _ corpus: Corpus, _ bundle: ModelManifest,
    _ journal: inout PretrainJournal, _ progress: inout ConsolePretraining
  ) throws {
    progress.endLine()
    let perplexity = pretrainer.perplexity(of: corpus.heldOut)
    let step = pretrainer.stepsDone
    let isBest = journal.record(step: step, tokens: pretrainer.tokensDone, perplexity)
    StandardStream.error.say(
      "pretrain: step \(step), held-out perplexity \(PretrainText.perplexity(perplexity))"
        + (isBest ? ", the best so far" : ""))
    if isBest { try write(pretrainer, bundle, journal.facts(perplexity: perplexity)) }
    try folder.write(journal.history)
  }

  private func write(
    _ pretrainer: Pretrainer, _ bundle: ModelManifest, _ facts: [String: String]
  ) throws {
    var manifest = bundle
    manifest.training.merge(facts) { $1 }
    try folder.replaceBundle { directory in
      try pretrainer.writeBundle(to: directory, manifest: manifest)
    }
  }

  private func save(_ pretrainer: Pretrainer, _ journal: PretrainJournal) throws {
    var state = pretrainer.state()
    identity.mark(&state)
    journal.mark(&state)
    do throws(CheckpointError) {
      try folder.checkpoints.write(state, step: pretrainer.stepsDone)
    } catch {
      throw CommandFailure(checkpoint: error)
    }
  }

  private func interrupted(after step: Int) -> CommandFailure {
    CommandFailure(
      "pretrain: stopped by a signal after step \(step), with the checkpoint "
        + folder.checkpoints.file(ofStep: step),
      remedy: "the same command with --resume goes on", code: .tryLater)
  }
}
