package import Classifier
package import ELMo
import Foundation

/// All that tuning learns: network and heads, the co-head, and how both are weighed and decided.
package struct TunedSystem: Sendable {
  /// The labels, in the order of the probabilities.
  package let labels: LabelSet
  /// Network and heads.
  package internal(set) var model: TunedModel
  /// The linear head on hashed n-grams; nil for none.
  package internal(set) var coHead: TrainedCoHead?
  /// How network and co-head are weighed and decided.
  package internal(set) var calibration = Calibration.unchosen(hasCoHead: false)
  /// How calibration went, in words for the report and the model card.
  package internal(set) var facts: [String: String] = [:]

  /// The manifest of a base model with this system, whose sentences start as those of training did.
  package func manifest(
    basedOn base: ModelManifest, name: String, cleaning: String, facts: [String: String]
  ) -> ModelManifest {
    var manifest = base
    manifest.forgetHead()
    manifest.name = name
    manifest.cleaning = cleaning
    manifest.stateMode = .zero
    manifest.primingText = nil
    manifest.labels = labels.names
    let mixes = model.heads.map(\.scalarMix)
    manifest.head = ModelManifest.Head(
      pooling: model.heads[0].shape.pooling, hidden: model.heads[0].shape.hidden,
      members: model.heads.count, mixes: mixes.count > 1 ? mixes : nil)
    manifest.scalarMix = mixes[0]
    manifest.coHead = coHead.map { ModelManifest.CoHead(bits: $0.bits) }
    manifest.calibrate(calibration)
    manifest.training.merge(self.facts) { $1 }
    manifest.training["base"] = base.name
    manifest.training.merge(facts) { $1 }
    return manifest
  }

  /// The tensors of heads and co-head, as a bundle stores them.
  package var headTensors: [(name: String, shape: [Int], values: [Float])] {
    var tensors = model.heads.enumerated().flatMap { $1.tensors(member: $0) }
    if let coHead {
      var weights = CoHeadWeights(bits: coHead.bits, labels: labels.count)
      weights.weights = coHead.head.kernel
      weights.bias = coHead.head.bias
      weights.idf = coHead.idf
      tensors += weights.tensors
    }
    return tensors
  }
}
