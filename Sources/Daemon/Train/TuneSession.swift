import Classifier
import ELMo
import Foundation
import Training
import TweetText

/// `elmond train --recipe tune`: network, head and co-head on labelled rows, calibrated.
struct TuneSession {
  let base: ModelBundle
  let set: TrainingSet
  let split: ValidationSplit
  let cleaning: CleaningProfile
  let recipe: TuningRecipe
  let options: TuneOptions
  let output: String
  let name: String
  let data: String
  let report: TrainReport

  /// Trains, writes the bundle and the history, and tells the figures of the rows that did not train.
  func run(folds: GroupedSplit?) throws {
    let start = ContinuousClock.now
    let texts = texts()
    let trainer = try makeTrainer()
    report.split(split, groups: texts.map(\.group))
    report.say(TrainingHistory.opening(split))
    if recipe.languageModelWeightAtStart > 0, !trainer.hasHelper {
      StandardStream.error.say(
        "the base brings no softmax.safetensors: tuned without the loss of foretelling")
    }
    let (chosen, system) = try fit(
      trainer, split.training.map { texts[$0] }, validation: split.validation.map { texts[$0] })
    measure(
      chosen, trainer, split.validation.map { texts[$0] }, key: "validation",
      title: "validation, which chose epoch, factors and decision")
    let tested = measure(
      system, trainer, split.test.map { texts[$0] }, key: "test", title: "test, which chose nothing"
    )
    let manifest = system.manifest(
      basedOn: base.manifest, name: name, cleaning: cleaning.rawValue,
      facts: facts(of: system, tested: tested))
    do {
      try trainer.write(system, manifest: manifest, to: output, storage: options.weights)
      try write(system.model.history)
    } catch {
      throw CommandFailure("cannot write the bundle: \(error)", code: .cannotCreate)
    }
    tellChoices(of: system)
    if let folds { try crossValidate(trainer, texts, folds) }
    report.note("seconds", JSONText.number((ContinuousClock.now - start).inSeconds))
    report.finish()
    StandardStream.error.say("wrote \(output)")
  }

  private func makeTrainer() throws -> SystemTrainer {
    do {
      return try SystemTrainer(
        base, labels: set.labels, recipe: recipe, threads: options.threads,
        products: options.products)
    } catch {
      throw CommandFailure(model: error, in: base.directory)
    }
  }

  private func texts() -> [TuningText] {
    let weights = set.weights(byConfidence: recipe.confidenceWeights)
    let limit = base.manifest.maxTokens
    return set.rows.enumerated().map { index, row in
      TuningText(
        prepared: PreparedText(row.text, cleaning: cleaning, maxTokens: limit), truth: row.truth,
        weight: weights[index], group: TextGroup.key(row.text))
    }
  }

  /// The system that the validation rows chose, and the one that is left: the same, or trained again on
  /// all of these rows.
  private func fit(
    _ trainer: SystemTrainer, _ training: [TuningText], validation: [TuningText],
    title: String = "tune"
  ) throws -> (chosen: TunedSystem, final: TunedSystem) {
    do {
      var epochs = EpochLines(report, title, rows: training.count)
      let chosen = try trainer.fit(
        training, validation: validation, step: { epochs.progress.report(done: $1) },
        epoch: { epochs.say($0, $1) })
      guard recipe.refits, !validation.isEmpty else { return (chosen, chosen) }
      let all = training + validation
      epochs = EpochLines(report, title + " again", rows: all.count)
      let final = try trainer.refit(
        chosen, on: all, step: { epochs.progress.report(done: $1) }, epoch: { epochs.say($0, $1) })
      return (chosen, final)
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
  }

  /// The figures of some rows, by the whole system, and those of its parts; nil without rows.
  @discardableResult
  private func measure(
    _ system: TunedSystem, _ trainer: SystemTrainer, _ rows: [TuningText], key: String,
    title: String
  ) -> EvaluationMetrics? {
    guard !rows.isEmpty else { return nil }
    let whole = metrics(of: rows, by: system, trainer, .all)
    report.figures(key, title, whole)
    if system.coHead != nil {
      for (part, name) in [(ClassifierParts.network, "network"), (.coHead, "co-head")] {
        report.figures(
          "\(key)_\(name == "network" ? name : "co_head")", "\(key), \(name) alone",
          metrics(of: rows, by: system, trainer, part))
      }
    }
    return whole
  }

  private func metrics(
    of rows: [TuningText], by system: TunedSystem, _ trainer: SystemTrainer, _ part: ClassifierParts
  ) -> EvaluationMetrics {
    let isWhole = part == .all
    return EvaluationMetrics(
      evaluated(rows, trainer.logits(of: rows, by: system, part)), labels: set.labels,
      threshold: isWhole ? Double(system.threshold ?? 0.5) : 0.5,
      thresholdOrigin: isWhole && system.threshold != nil ? "validation" : "fixed",
      labelOffsets: isWhole ? system.offsets : nil, seed: recipe.seeds[0])
  }

  /// What was chosen, and on which rows.
  private func tellChoices(of system: TunedSystem) {
    report.say(
      split.validation.isEmpty
        ? "\nno validation rows: the last epoch, no calibration, a threshold of 0.5"
        : "\nchosen on \(split.validation.count) validation rows"
          + (split.test.isEmpty
            ? ", whose figures flatter for it (--test sets rows apart that choose nothing)"
            : ", none of which is a test row"))
    for (key, value) in system.facts.sorted(by: { $0.key < $1.key }) {
      report.say("\(key): \(value)")
      report.note(key, text: value)
    }
  }

  private func write(_ history: TrainingHistory) throws {
    try history.csv.write(toFile: output + "/history.csv", atomically: true, encoding: .utf8)
    try history.svg.write(toFile: output + "/history.svg", atomically: true, encoding: .utf8)
  }

  private func evaluated(_ rows: [TuningText], _ logits: LabelLogits) -> [EvaluatedRow] {
    zip(rows, logits.probabilities).map {
      EvaluatedRow(truth: $0.truth, probabilities: $1, group: $0.group)
    }
  }

  /// Each fold by a system that saw nothing of it: a tenth of the other rows, by group, calibrates.
  private func crossValidate(
    _ trainer: SystemTrainer, _ texts: [TuningText], _ folds: GroupedSplit
  ) throws {
    var answers = [EvaluatedRow?](repeating: nil, count: texts.count)
    for fold in 0..<folds.folds {
      let own = folds.split(holdingOut: fold)
      let inner = GroupedSplit(
        groups: own.training.map { texts[$0].group }, folds: 10, seed: recipe.seeds[0]
      ).split(holdingOut: 0)
      let (_, system) = try fit(
        trainer, inner.training.map { texts[own.training[$0]] },
        validation: inner.validation.map { texts[own.training[$0]] },
        title: "fold \(fold + 1) of \(folds.folds)")
      let rows = own.validation.map { texts[$0] }
      let logits = trainer.logits(of: rows, by: system, .all)
      // The fold's own threshold is moved to 0.5, so that all folds can be judged together.
      let shift = system.threshold.map { log(Double($0) / (1 - Double($0))) } ?? 0
      for (row, (text, z)) in zip(own.validation, zip(rows, (0..<rows.count).map { logits[$0] })) {
        var shifted = z
        if set.labels.count == 2 { shifted[1] -= shift }
        if let offsets = system.offsets {
          for label in shifted.indices { shifted[label] += offsets[label] }
        }
        answers[row] = EvaluatedRow(
          truth: text.truth, probabilities: Logistic.softmax(shifted), group: text.group)
      }
    }
    let metrics = EvaluationMetrics(
      answers.compactMap { $0 }, labels: set.labels, threshold: 0.5,
      thresholdOrigin: "validation part of each fold", seed: recipe.seeds[0])
    report.figures("folds", "\(folds.folds)-fold by group", metrics)
    try folds.csv.write(toFile: output + "/folds.csv", atomically: true, encoding: .utf8)
  }

  private func facts(of system: TunedSystem, tested: EvaluationMetrics?) -> [String: String] {
    var facts = [
      "data": data, "rows_training": "\(split.training.count)",
      "rows_validation": "\(split.validation.count)",
      "rows_by_label": zip(set.labels.names, set.counts).map { "\($0) \($1)" }
        .joined(separator: ", "),
      "recipe": recipe.summary, "seed": recipe.seeds.map(String.init).joined(separator: " "),
    ]
    if let best = system.model.history.epochs.first(where: { $0.number == system.model.bestEpoch })
    {
      facts["validation_accuracy"] = best.validationAccuracy.map { String(format: "%.4f", $0) }
    }
    if let tested {
      facts["rows_test"] = "\(tested.rows)"
      facts["test"] = String(
        format: "accuracy %.4f, macro recall %.4f, macro F1 %.4f, ROC-AUC %.4f", tested.accuracy,
        tested.balancedAccuracy, tested.macroF1, tested.areaUnderROC ?? .nan)
    }
    return facts
  }
}
