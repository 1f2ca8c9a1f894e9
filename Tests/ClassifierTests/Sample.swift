import Classifier
import ELMo
import Foundation

/// A bundle of random weights with made-up heads, in a folder of its own.
final class Sample {
  let directory: String
  let base: ModelBundle

  init() throws {
    directory =
      FileManager.default.temporaryDirectory.path + "/classifier-\(UUID().uuidString)"
    let options = ELMoOptions.compact(cellSize: 24, projectionSize: 12)
    try ModelBundle.random(
      options: options, seed: 7, name: "sample", directory: directory + "/base",
      cleaning: "tweet")
    base = try ModelBundle(directory: directory + "/base")
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func bundle(
    labels: [String] = ["negative", "positive"], pooling: Pooling = .mean, hidden: Int = 16,
    members: Int = 1, coHead: CoHeadWeights? = nil, storage: WeightStorage = .float32,
    change: (inout ModelManifest, inout HeadWeights) -> Void = { _, _ in }
  ) throws -> ModelBundle {
    let shape = HeadShape(
      layers: base.manifest.elmo.layerCount + 1, width: 2 * base.manifest.elmo.projectionSize,
      hidden: hidden, labels: labels.count, pooling: pooling)
    var manifest = base.manifest
    manifest.labels = labels
    manifest.head = ModelManifest.Head(pooling: pooling, hidden: hidden, members: members)
    manifest.coHead = coHead.map { ModelManifest.CoHead(bits: $0.bits, weight: 0.75) }
    var tensors: [(name: String, shape: [Int], values: [Float])] = []
    for member in 0..<members {
      var weights = Self.weights(shape, member: member)
      if member == 0 {
        manifest.scalarMix = weights.scalarMix
        change(&manifest, &weights)
      }
      tensors += weights.tensors(member: member)
    }
    tensors += coHead?.tensors ?? []
    let kept = base.manifest.elmo.tensors.filter { base.tensors.contains($0.name) }
    let own = try kept.map { ($0.name, $0.shape, try base.tensors.floats(of: $0.name)) }
    try ModelBundle.write(
      manifest, tensors: own + tensors, to: directory + "/model", storage: storage)
    return try ModelBundle(directory: directory + "/model")
  }

  static func weights(_ shape: HeadShape, member: Int = 0) -> HeadWeights {
    var weights = HeadWeights(shape: shape)
    for index in weights.hiddenKernel.indices {
      weights.hiddenKernel[index] = Float(((index + member) * 7919) % 101 - 50) / 50
    }
    for index in weights.outputKernel.indices {
      weights.outputKernel[index] = Float(((index + member) * 104_729) % 31 - 15) / 8
    }
    for index in weights.query.indices {
      weights.query[index] = Float(((index + member) * 1299) % 23 - 11) / 4
    }
    return weights
  }

  static func coHead(bits: Int = 12, labels: Int = 2) -> CoHeadWeights {
    var weights = CoHeadWeights(bits: bits, labels: labels)
    for index in weights.weights.indices {
      weights.weights[index] = Float((index * 7919) % 211 - 105) / 64
    }
    for index in weights.bias.indices { weights.bias[index] = Float(index) / 4 - 0.125 }
    return weights
  }
}
