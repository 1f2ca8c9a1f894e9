import JSON
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
    if recipe.wantsHelper, !trainer.hasHelper {
      StandardStream.error.say(
        "the base brings no softmax.safetensors: tuned without the loss of foretelling")
    }
    let (chosen, system) = try fit(
      trainer, split.training.map { texts[$0] }, validation: split.validation.map { texts[$0] },
      refits: recipe.refits)
    let validation = split.validation.map { texts[$0] }
    let decisions = decisions(of: chosen, trainer, on: validation)
    measure(
      chosen, trainer, validation, decisions, key: "validation",
      title: "validation, which chose epoch, factors and decision")
    let tested = measure(
      system, trainer, split.test.map { texts[$0] }, decisions, key: "test",
      title: "test, which chose nothing")
    let manifest = system.manifest(
      basedOn: base.manifest, name: name, cleaning: cleaning.rawValue,
      facts: facts(of: system, tested: tested, helped: trainer.hasHelper))
    do {
      try trainer.write(system, manifest: manifest, to: output, storage: options.weights)
      try write(system.model.history)
    } catch {
      throw CommandFailure("cannot write the bundle: \(error)", code: .cannotCreate)
    }
    tellChoices(of: system)
    do {
      if let folds { try crossValidate(trainer, texts, folds) }
    } catch {
      // The bundle is written and measured: a fold that cannot be trained does not take that back.
      report.finish()
      throw error
    }
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
    let coHeadWeights = set.weights(byConfidence: false)
    let limit = base.manifest.maxTokens
    return set.rows.enumerated().map { index, row in
      TuningText(
        prepared: PreparedText(row.text, cleaning: cleaning, maxTokens: limit), truth: row.truth,
        weight: weights[index], coHeadWeight: coHeadWeights[index], group: TextGroup.key(row.text))
    }
  }

  /// The system that the validation rows chose, and the one that is left: the same, or trained again on
  /// all of these rows.
  private func fit(
    _ trainer: SystemTrainer, _ training: [TuningText], validation: [TuningText],
    refits: Bool, title: String = "tune"
  ) throws -> (chosen: TunedSystem, final: TunedSystem) {
    do {
      var epochs = EpochLines(report, title, rows: training.count)
      let chosen = try trainer.fit(
        training, validation: validation, step: { epochs.progress.report(done: $1) },
        epoch: { epochs.say($0, $1) })
      guard refits, !validation.isEmpty else { return (chosen, chosen) }
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
    _ system: TunedSystem, _ trainer: SystemTrainer, _ rows: [TuningText],
    _ decisions: [(part: ClassifierParts, decision: PartDecision)], key: String, title: String
  ) -> EvaluationMetrics? {
    guard !rows.isEmpty else { return nil }
    let whole = EvaluationMetrics(
      evaluated(rows, trainer.logits(of: rows, by: system, .all)), labels: set.labels,
      threshold: Double(system.calibration.threshold ?? 0.5),
      thresholdOrigin: system.calibration.threshold == nil ? "fixed" : "validation",
      labelOffsets: system.calibration.offsets, seed: recipe.seeds[0])
    report.figures(key, title, whole)
    if system.calibration.threshold != nil || system.calibration.offsets != nil {
      report.figures(
        "\(key)_largest", "\(key), decided by the largest probability as `evaluate` does",
        EvaluationMetrics(
          evaluated(rows, trainer.logits(of: rows, by: system, .all)), labels: set.labels,
          thresholdOrigin: "default", seed: recipe.seeds[0]))
    }
    for (part, decision) in decisions {
      let logits = trainer.logits(of: rows, by: system, part)
        .scaled(by: 1 / decision.temperature)
      let (name, words) = part == .network ? ("network", "network") : ("co_head", "co-head")
      report.figures(
        "\(key)_\(name)", "\(key), \(words) alone, its own decision from \(decision.origin)",
        EvaluationMetrics(
          evaluated(rows, logits), labels: set.labels, threshold: decision.threshold,
          thresholdOrigin: decision.origin, labelOffsets: decision.offsets, seed: recipe.seeds[0]))
    }
    return whole
  }

  /// How network and co-head decide when each answers alone; nothing where there is no co-head.
  private func decisions(
    of system: TunedSystem, _ trainer: SystemTrainer, on rows: [TuningText]
  ) -> [(part: ClassifierParts, decision: PartDecision)] {
    guard system.coHead != nil else { return [] }
    return [.network, .coHead].map {
      ($0, PartDecision(trainer.logits(of: rows, by: system, $0), metric: recipe.metric))
    }
  }

  /// What was chosen, and on which rows.
  private func tellChoices(of system: TunedSystem) {
    report.say(
      split.validation.isEmpty
        ? "\nno validation rows: the last epoch, no calibration, a threshold of 0.5"
          + (system.coHead == nil ? "" : ", the mean of network and co-head")
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

  /// Each fold by a system that saw nothing of it: a tenth of the other rows, by group, calibrates, and
  /// does not train afterwards.
  private func crossValidate(
    _ trainer: SystemTrainer, _ texts: [TuningText], _ folds: GroupedSplit
  ) throws {
    let groups = texts.map(\.group)
    var found = [(row: EvaluatedRow, answer: Int)?](repeating: nil, count: texts.count)
    for fold in 0..<folds.folds {
      let own = folds.split(holdingOut: fold)
      var inner = ValidationSplit(training: own.training, validation: [])
      inner.setValidationApart(0.1, .group, groups: groups, seed: recipe.seeds[0])
      let (_, system) = try fit(
        trainer, inner.training.map { texts[$0] }, validation: inner.validation.map { texts[$0] },
        refits: false, title: "fold \(fold + 1) of \(folds.folds)")
      let rows = own.validation.map { texts[$0] }
      // Each fold decides by its own threshold or offsets; its probabilities stay as they are.
      let answered = evaluated(rows, trainer.logits(of: rows, by: system, .all))
      for (place, row) in zip(own.validation, answered) {
        let answer = set.labels.decide(
          row.probabilities, threshold: Double(system.calibration.threshold ?? 0.5),
          offsets: system.calibration.offsets)
        found[place] = (row, answer)
      }
    }
    let rows = found.compactMap { $0 }
    let metrics = EvaluationMetrics(
      rows.map(\.row), answers: rows.map(\.answer), labels: set.labels, threshold: nil,
      thresholdOrigin: "each fold's own", seed: recipe.seeds[0])
    report.figures("folds", "\(folds.folds)-fold by group", metrics)
    try folds.csv.write(toFile: output + "/folds.csv", atomically: true, encoding: .utf8)
    // All rows together also rank scores of different systems against each other.
    let ranked = (0..<folds.folds).compactMap { fold in
      EvaluationMetrics(
        folds.split(holdingOut: fold).validation.compactMap { found[$0]?.row },
        labels: set.labels, threshold: 0.5, thresholdOrigin: "fixed", seed: recipe.seeds[0]
      ).areaUnderROC
    }
    guard ranked.count == folds.folds else { return }  // three labels have none
    let mean = ranked.reduce(0, +) / Double(ranked.count)
    report.note("folds_roc_auc_mean", JSONText.number(mean))
    StandardStream.error.say(
      "ROC-AUC within folds: \(ranked.map { String(format: "%.4f", $0) }.joined(separator: " ")), mean "
        + String(format: "%.4f", mean))
  }

  private func facts(
    of system: TunedSystem, tested: EvaluationMetrics?, helped: Bool
  ) -> [String: String] {
    var facts = [
      "data": data, "rows_training": "\(split.training.count)",
      "rows_validation": "\(split.validation.count)",
      "rows_by_label": zip(set.labels.names, set.counts).map { "\($0) \($1)" }
        .joined(separator: ", "),
      "recipe": recipe.summary(helped: helped),
      "seed": recipe.seeds.map(String.init).joined(separator: " "),
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
