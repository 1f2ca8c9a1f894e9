import Classifier
package import ELMo
import Foundation

extension TrainedHead {
  /// The manifest of a base model with this head: labels, head, mix, and the facts of the training.
  ///
  /// `facts` are added to those known here and to those of the base, and win over both. Calibration
  /// and co-head of an earlier head are dropped.
  package func manifest(
    basedOn base: ModelManifest, name: String, cleaning: String? = nil, data: TrainingSet,
    facts: [String: String] = [:]
  ) -> ModelManifest {
    var manifest = base
    manifest.forgetHead()
    manifest.name = name
    manifest.cleaning = cleaning ?? base.cleaning
    manifest.labels = labels.names
    manifest.head = ModelManifest.Head(
      pooling: weights.shape.pooling, hidden: weights.shape.hidden)
    manifest.scalarMix = weights.scalarMix
    manifest.training.merge(self.facts(of: data)) { $1 }
    manifest.training["base"] = base.name
    manifest.training.merge(facts) { $1 }
    return manifest
  }

  /// What the model card tells of the training, free text by key.
  package func facts(of data: TrainingSet) -> [String: String] {
    var facts = [
      "rows": "\(data.rows.count)",
      "rows_dropped": "\(data.dropped)",
      "rows_by_label": zip(labels.names, data.counts).map { "\($0) \($1)" }.joined(separator: ", "),
      "rows_training": "\(split.training.count)",
      "rows_validation": "\(split.validation.count)",
      "recipe": "hidden \(recipe.hidden), l2 \(recipe.l2), RMSprop \(recipe.learningRate), batch "
        + "\(recipe.batch)" + (recipe.trainsMix ? ", mix trained" : ", mix fixed"),
      "seed": "\(recipe.seed)",
      "epochs": "\(recipe.epochs)",
      "majority_rate": figure(data.majorityRate),
    ]
    if let last = history.epochs.last {
      facts["accuracy"] = figure(last.accuracy)
      facts["validation_accuracy"] = last.validationAccuracy.map(figure)
      facts["validation_majority_rate"] = validationMajority(data).map(figure)
    }
    return facts
  }

  /// Writes the base model with this head into a new directory.
  package func write(
    to directory: String, base: ModelBundle, manifest: ModelManifest
  ) throws {
    let own = weights.tensors
    let kept = base.manifest.elmo.tensors.filter { base.tensors.contains($0.name) }
    let added = own.map { TensorRequirement($0.name, $0.shape) }
    try ModelBundle.write(manifest, tensors: kept + added, to: directory) { writer in
      for tensor in kept {
        let values = try base.tensors.floats(of: tensor.name)
        try writer.append(values.span)
      }
      for tensor in own {
        let values = tensor.values
        try writer.append(values.span)
      }
    }
  }

  /// The share of the most frequent label among the validation rows; nil without such rows.
  package func validationMajority(_ data: TrainingSet) -> Double? {
    guard !split.validation.isEmpty else { return nil }
    let counts = split.validation.reduce(into: [Int](repeating: 0, count: labels.count)) {
      $0[data.rows[$1].truth] += 1
    }
    return Double(counts.max() ?? 0) / Double(split.validation.count)
  }

  private func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
