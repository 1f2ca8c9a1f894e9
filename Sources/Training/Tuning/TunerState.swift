import Classifier
import ELMo
import Foundation

/// The numbers that tuning changes, with what Adam keeps of them.
struct TunerState {
  var parameters: [Float]
  var head: [Float]
  private(set) var steps = 0
  let gradient = Block<Float>()

  private let recipe: TuningRecipe
  private let headLayout: HeadLayout
  private let parts: [(range: Range<Int>, depth: Int)]  // of the network, depth 0 on top
  private let layers: Int
  private let kernels: [Range<Int>]
  private let networkOptimiser: Optimiser<Float>
  private let headOptimiser: Optimiser<Float>
  private var counts: [Int]  // steps of each depth, for Adam's corrections

  init(
    parameters: [Float], head: [Float], recipe: TuningRecipe, layout: ParameterLayout,
    headLayout: HeadLayout
  ) {
    self.parameters = parameters
    self.head = head
    self.recipe = recipe
    self.headLayout = headLayout
    layers = layout.options.layerCount + 1
    var parts: [(range: Range<Int>, depth: Int)] = [
      (layout.encoder, layout.options.layerCount)
    ]
    for direction in 0..<2 {
      for layer in 0..<layout.options.layerCount {
        parts.append(
          (
            layout.range(direction: direction, layer: layer), layout.options.layerCount - 1 - layer
          ))
      }
    }
    self.parts = parts
    kernels = layout.entries.filter { $0.shape.count > 1 }.map(\.range)
    var settings = PretrainingSettings()
    settings.firstMoment = recipe.adam.firstDecay
    settings.secondMoment = recipe.adam.secondDecay
    settings.epsilon = recipe.adam.epsilon
    networkOptimiser = Optimiser(settings, count: parameters.count)
    headOptimiser = Optimiser(settings, count: head.count)
    counts = Array(repeating: 0, count: layout.options.layerCount + 1)
  }

  /// One step: the head, and the network's layers that are open; false, and nothing is changed, when
  /// the gradient is no number.
  mutating func step(head gradient: Block<Float>, open: Int, share: Double) -> Bool {
    let headGradient = gradient.span(0..<head.count)
    var squares = Float.sumOfSquares(headGradient)
    let network = parts.filter { $0.depth < open }
    for part in network { squares += Float.sumOfSquares(self.gradient.span(part.range)) }
    let norm = squares.squareRoot()
    guard norm.isFinite else { return false }
    let limit = Double(recipe.adam.gradientNorm)
    let scale = Float(norm > limit ? limit / norm : 1)
    let course = course(at: share)
    steps += 1
    let headRate = Double(recipe.headRate) * course
    decay(&head, headLayout.decaying, rate: headRate)
    headOptimiser.step(
      &head, range: 0..<head.count, gradient: headGradient, scale: scale, rate: headRate,
      number: steps)
    for depth in 0..<min(open, counts.count) { counts[depth] += 1 }
    for part in network {
      let rate = Double(recipe.rate(atDepth: part.depth)) * course
      let own = kernels.filter {
        $0.lowerBound >= part.range.lowerBound && $0.upperBound <= part.range.upperBound
      }
      decay(&parameters, own, rate: rate)
      networkOptimiser.step(
        &parameters, range: part.range, gradient: self.gradient.span(part.range), scale: scale,
        rate: rate, number: counts[part.depth])
    }
    return true
  }

  private func decay(_ values: inout [Float], _ ranges: [Range<Int>], rate: Double) {
    let factor = Float(1 - rate * Double(recipe.adam.weightDecay))
    guard factor != 1 else { return }
    for range in ranges {
      var all = values.mutableSpan
      var own = all.part(range)
      own.scale(by: factor)
    }
  }

  /// The share of the greatest rate when a share of the steps is done: up in a line, down a cosine.
  private func course(at share: Double) -> Double {
    let warmUp = Double(recipe.warmUp)
    if share < warmUp { return max(share / warmUp, 1e-3) }
    let rest = (share - warmUp) / max(1e-9, 1 - warmUp)
    let floor = Double(recipe.finalRate)
    return floor + (1 - floor) * (1 + cos(Double.pi * rest)) / 2
  }
}
