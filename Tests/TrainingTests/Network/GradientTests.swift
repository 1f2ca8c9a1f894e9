import ELMo
import Foundation
import Testing
import Training

/// Networks of every shape that the layers tell apart, small enough for central differences.
enum SmallNetwork: String, CaseIterable {
  case projected, tanh, bare, clipped, deep

  var options: ELMoOptions {
    let filters = [
      ELMoOptions.Filter(width: 1, count: 3), ELMoOptions.Filter(width: 2, count: 4),
      ELMoOptions.Filter(width: 3, count: 5),
    ]
    return switch self {
    case .projected:
      ELMoOptions(
        cellSize: 7, projectionSize: 4, layerCount: 2, cellClip: 3, projectionClip: 3,
        usesSkipConnections: true, activation: .relu, characterSize: 3, filters: filters,
        highwayCount: 1, charactersPerToken: 10)
    case .tanh:
      ELMoOptions(
        cellSize: 6, projectionSize: 5, layerCount: 1, cellClip: nil, projectionClip: nil,
        usesSkipConnections: false, activation: .tanh, characterSize: 3, filters: filters,
        highwayCount: 0, charactersPerToken: 8)
    case .bare:
      ELMoOptions(
        cellSize: 12, projectionSize: 12, layerCount: 2, cellClip: 3, projectionClip: 3,
        usesSkipConnections: true, activation: .relu, characterSize: 3, filters: filters,
        highwayCount: 2, charactersPerToken: 10)
    case .clipped:
      ELMoOptions(
        cellSize: 7, projectionSize: 4, layerCount: 2, cellClip: 0.3, projectionClip: 0.1,
        usesSkipConnections: true, activation: .relu, characterSize: 3, filters: filters,
        highwayCount: 1, charactersPerToken: 10)
    case .deep:
      ELMoOptions(
        cellSize: 5, projectionSize: 3, layerCount: 3, cellClip: 3, projectionClip: 3,
        usesSkipConnections: false, activation: .relu, characterSize: 2, filters: filters,
        highwayCount: 1, charactersPerToken: 6)
    }
  }
}

/// A step in float64: ids from 3 on are words of various lengths, some longer than a token may be.
struct SmallStep {
  let layout: ParameterLayout
  let batch = SentenceBatch(rows: [[3, 4, 5], [6], [4, 4, 7, 8, 3], [9, 5]])
  let tokens: [ELMoToken]
  var parameters: [Double]
  var softmax: SoftmaxWeights<Double>
  let network: BiLMNetwork<Double>

  init(_ options: ELMoOptions, seed: UInt64 = 5) {
    layout = ParameterLayout(options)
    let words = ["<S>", "</S>", "<UNK>", "a", "never", "good", "é", "unbelievably", "no", "so"]
    tokens = batch.distinct.map {
      $0 == 0 ? .begin : $0 == 1 ? .end : ELMoToken(words[Int($0)])
    }
    var generator = SeededGenerator(seed: seed)
    parameters = (0..<layout.count).map { _ in generator.uniform() * 1.2 - 0.6 }
    let (v, d) = (9, options.projectionSize)
    softmax = SoftmaxWeights(
      size: v, d: d, weights: (0..<v * d).map { _ in generator.uniform() * 2 - 1 },
      bias: (0..<v).map { _ in generator.uniform() - 0.5 })
    network = BiLMNetwork(options)
  }

  func samples(full: Bool) -> [SoftmaxSample] {
    (0..<2).map { direction in
      var generator = SeededGenerator(seed: 40 + UInt64(direction))
      return full
        ? SoftmaxSample(all: softmax.size)
        : SoftmaxSample(5, of: LogUniformSampler(vocabularySize: softmax.size), using: &generator)
    }
  }

  /// The mean of both directions' mean losses, and the gradient.
  func loss(full: Bool, dropout: StepDropout?, gradient: Block<Double>) -> Double {
    let losses = network.foretell(
      batch, tokens: tokens, parameters: parameters, softmax: softmax,
      samples: samples(full: full), dropout: dropout, gradient: gradient)
    return (losses[0] + losses[1]) / 2
  }
}

@Suite struct GradientTests {
  /// |a - b| relative to the greater, with a floor where differences are rounding alone.
  static func error(_ a: Double, _ b: Double) -> Double {
    abs(a - b) / max(abs(a), abs(b), 1e-4)
  }

  @Test(arguments: SmallNetwork.allCases, [true, false])
  func `the gradient of every tensor agrees with central differences`(
    network: SmallNetwork, full: Bool
  ) {
    var step = SmallStep(network.options)
    let dropout = full ? nil : StepDropout(probability: 0.25, seed: 3, step: 11)
    let gradient = Block<Double>()
    _ = step.loss(full: full, dropout: dropout, gradient: gradient)
    let found = gradient.array(step.layout.count)
    let scratch = Block<Double>()
    let h = 1e-5
    var generator = SeededGenerator(seed: 17)
    for entry in step.layout.entries {
      // All of a small tensor, some of a large one.
      let places =
        entry.range.count <= 40
        ? Array(entry.range)
        : (0..<40).map { _ in entry.range.lowerBound + generator.draw(below: entry.range.count) }
      for place in places {
        let value = step.parameters[place]
        step.parameters[place] = value + h
        let above = step.loss(full: full, dropout: dropout, gradient: scratch)
        step.parameters[place] = value - h
        let below = step.loss(full: full, dropout: dropout, gradient: scratch)
        step.parameters[place] = value
        let numeric = (above - below) / (2 * h)
        #expect(
          Self.error(found[place], numeric) < 1e-6,
          "\(network) \(entry.name)[\(place - entry.range.lowerBound)]: \(found[place]), differences say \(numeric)"
        )
      }
    }
  }

  @Test(arguments: [true, false])
  func `the gradient of the softmax agrees with central differences`(full: Bool) {
    var step = SmallStep(SmallNetwork.projected.options)
    let gradient = Block<Double>()
    _ = step.loss(full: full, dropout: nil, gradient: gradient)
    let rows = step.network.softmaxGradients(samples: step.samples(full: full))
    let d = step.softmax.d
    let weights = rows.gradient.array(rows.ids.count * d)
    let bias = rows.bias.array(rows.ids.count)
    let h = 1e-5
    let scratch = Block<Double>()
    for id in 0..<step.softmax.size {
      let place = rows.ids.firstIndex(of: Int32(id))
      for column in 0...d {
        func shift(_ amount: Double) {
          if column < d {
            step.softmax.weights[id * d + column] += amount
          } else {
            step.softmax.bias[id] += amount
          }
        }
        shift(h)
        let above = step.loss(full: full, dropout: nil, gradient: scratch)
        shift(-2 * h)
        let below = step.loss(full: full, dropout: nil, gradient: scratch)
        shift(h)
        let numeric = (above - below) / (2 * h)
        let own = place.map { column < d ? weights[$0 * d + column] : bias[$0] } ?? 0
        #expect(Self.error(own, numeric) < 1e-6, "word \(id), column \(column)")
      }
    }
  }
}
