package import Classifier
package import ELMo
import Foundation
package import LinearAlgebra

/// Trains whole systems by one recipe: the network with its heads, the co-head, the calibration.
package final class SystemTrainer {
  private let labels: LabelSet
  private let recipe: TuningRecipe
  private let tuner: Tuner
  private let threads: Int

  /// A trainer of systems over these labels that start from a bundle.
  package init(
    _ bundle: ModelBundle, labels: LabelSet, recipe: TuningRecipe, threads: Int = 2,
    products: ProductPrecision = .fp32
  ) throws {
    self.labels = labels
    self.recipe = recipe
    self.threads = threads
    tuner = try Tuner(
      bundle, labels: labels, recipe: recipe, threads: threads, products: products)
  }

  /// Whether the loss of foretelling helps.
  package var hasHelper: Bool { tuner.hasHelper }

  /// Trains on some texts; those of `validation` choose the epoch and calibrate.
  package func fit(
    _ training: [TuningText], validation: [TuningText], step: (Int, Int) -> Void = { _, _ in },
    epoch: (EpochRecord, ValidationFigures?) -> Void = { _, _ in }
  ) throws(TrainingError) -> TunedSystem {
    let usable = usable(training)
    let model = try tuner.train(
      usable.map(\.row), validation: validation.map(\.row), step: step, epoch: epoch)
    var system = TunedSystem(labels: labels, model: model, coHead: try trainCoHead(usable))
    system.facts["epochs"] = "\(model.history.epochs.count), the best of them \(model.bestEpoch)"
    calibrate(&system, on: validation)
    return system
  }

  /// Trains once more on some texts, up to the epoch that was the best; factors, temperature and
  /// decision stay as they were chosen, and so does the history.
  package func refit(
    _ chosen: TunedSystem, on training: [TuningText], step: (Int, Int) -> Void = { _, _ in },
    epoch: (EpochRecord, ValidationFigures?) -> Void = { _, _ in }
  ) throws(TrainingError) -> TunedSystem {
    let usable = usable(training)
    var model = try tuner.train(
      usable.map(\.row), validation: [], lastEpoch: chosen.model.bestEpoch, step: step,
      epoch: epoch)
    model.history = chosen.model.history
    model.bestEpoch = chosen.model.bestEpoch
    var system = chosen
    system.model = model
    system.coHead = try trainCoHead(usable)
    system.facts["refit"] = "\(model.bestEpoch) epochs on \(training.count) rows"
    return system
  }

  // A text of which cleaning leaves nothing teaches nothing.
  private func usable(_ texts: [TuningText]) -> [TuningText] {
    texts.filter { !$0.prepared.tokens.isEmpty }
  }

  private func trainCoHead(_ texts: [TuningText]) throws(TrainingError) -> TrainedCoHead? {
    guard let recipe = recipe.coHead else { return nil }
    return try CoHeadTrainer(recipe, labels: labels, threads: threads).train(
      texts.map(\.prepared.clean), truths: texts.map(\.truth), weights: texts.map(\.coHeadWeight))
  }

  /// The factors, the temperature and the decision, from validation rows.
  private func calibrate(_ system: inout TunedSystem, on rows: [TuningText]) {
    guard !rows.isEmpty else {
      system.calibration = .unchosen(hasCoHead: system.coHead != nil)
      return
    }
    system.calibration = Calibration(
      network: logits(of: rows, by: system, .network),
      coHead: system.coHead == nil ? nil : logits(of: rows, by: system, .coHead),
      metric: recipe.metric, origin: "validation")
    system.facts.merge(system.calibration.facts) { $1 }
  }

  /// The logits of texts by a system or one part of it; each part alone stands without its factor.
  package func logits(
    of rows: [TuningText], by system: TunedSystem, _ parts: ClassifierParts
  ) -> LabelLogits {
    let truths = rows.map(\.truth)
    let outputs = system.model.heads[0].shape.outputs
    func network() -> LabelLogits {
      var sums = [Double](repeating: 0, count: rows.count * outputs)
      for head in system.model.heads {
        let own = tuner.logits(
          rows.map(\.row), parameters: system.model.parameters, head: head)
        for index in sums.indices { sums[index] += Double(own[index]) }
      }
      let count = Double(system.model.heads.count)
      return LabelLogits(sums.map { Float($0 / count) }, outputs: outputs, truths: truths)
    }
    func coHead(_ trained: TrainedCoHead) -> LabelLogits {
      LabelLogits(
        trained.logits(rows.map(\.prepared.clean), threads: threads), outputs: outputs,
        truths: truths)
    }
    switch parts {
    case .network: return network()
    case .coHead:
      guard let trained = system.coHead else { preconditionFailure("a system without co-head") }
      return coHead(trained)
    case .all:
      return system.calibration.logits(network: network(), coHead: system.coHead.map(coHead))
    }
  }

  /// Writes the base with a system into a new directory.
  package func write(
    _ system: TunedSystem, manifest: ModelManifest, to directory: String, storage: WeightStorage
  ) throws {
    try ModelBundle.write(
      manifest, tensors: tuner.tensors(system.model) + system.headTensors, to: directory,
      storage: storage)
  }
}
