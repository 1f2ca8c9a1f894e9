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

  /// Trains, writes the bundle and the history, and prints the figures of the validation rows.
  func run(folds: GroupedSplit?) throws {
    let texts = texts()
    let trainer = try makeTrainer()
    StandardStream.output.write(TrainingHistory.opening(split) + "\n")
    if recipe.languageModelWeightAtStart > 0, !trainer.hasHelper {
      StandardStream.error.say(
        "the base brings no softmax.safetensors: tuned without the loss of foretelling")
    }
    let system = try fit(
      trainer, split.training.map { texts[$0] }, validation: split.validation.map { texts[$0] })
    let manifest = system.manifest(
      basedOn: base.manifest, name: name, cleaning: cleaning.rawValue,
      facts: facts(of: system))
    do {
      try trainer.write(system, manifest: manifest, to: output, storage: options.weights)
    } catch {
      throw CommandFailure("cannot write the bundle: \(error)", code: .cannotCreate)
    }
    try report(system, trainer, texts)
    if let folds { try crossValidate(trainer, texts, folds) }
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

  private func fit(
    _ trainer: SystemTrainer, _ training: [TuningText], validation: [TuningText],
    title: String = "tune"
  ) throws -> TunedSystem {
    var start = ContinuousClock.now
    var progress = ConsoleProgress(title, total: training.count, unit: "tweets")
    var current = 1
    do {
      return try trainer.fit(
        training, validation: validation,
        step: { epoch, done in
          if epoch != current {
            current = epoch
            progress = ConsoleProgress(title, total: training.count, unit: "tweets")
          }
          progress.report(done: done)
        },
        epoch: { record, figures in
          let now = ContinuousClock.now
          var line = record.line(seconds: (now - start).inSeconds)
          if let figures {
            line += String(
              format: " - val_macro_recall: %.4f - val_macro_f1: %.4f", figures.macroRecall,
              figures.macroF1)
          }
          StandardStream.output.write(record.heading + "\n" + line + "\n")
          start = now
        })
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
  }

  private func report(
    _ system: TunedSystem, _ trainer: SystemTrainer, _ texts: [TuningText]
  ) throws {
    let rows = split.validation.map { texts[$0] }
    if !rows.isEmpty {
      var parts: [(String, SystemTrainer.Parts)] = [("validation", .all)]
      if system.coHead != nil {
        parts += [("validation, network alone", .network), ("validation, co-head alone", .coHead)]
      }
      for (title, part) in parts {
        let logits = trainer.logits(of: rows, by: system, part)
        let metrics = EvaluationMetrics(
          evaluated(rows, logits), labels: set.labels,
          threshold: part == .all ? Double(system.threshold ?? 0.5) : 0.5,
          thresholdOrigin: part == .all && system.threshold != nil ? "validation" : "fixed",
          labelOffsets: part == .all ? system.offsets : nil, seed: recipe.seeds[0])
        StandardStream.output.write("\n\(title):\n\(metrics.table)")
      }
    }
    for (key, value) in system.facts.sorted(by: { $0.key < $1.key }) {
      StandardStream.output.write("\(key): \(value)\n")
    }
    try system.model.history.csv.write(
      toFile: output + "/history.csv", atomically: true, encoding: .utf8)
    try system.model.history.svg.write(
      toFile: output + "/history.svg", atomically: true, encoding: .utf8)
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
      let system = try fit(
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
    StandardStream.output.write("\n\(folds.folds)-fold by group:\n\(metrics.table)")
    try folds.csv.write(toFile: output + "/folds.csv", atomically: true, encoding: .utf8)
  }

  private func facts(of system: TunedSystem) -> [String: String] {
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
    return facts
  }
}
