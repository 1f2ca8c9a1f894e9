import Classifier
import Foundation
import Testing
import Training

struct HeadGradientTests {
  /// A random head in both precisions and data for it; every number is exact in single precision.
  private static func sample(
    labels: Int, rows: Int, seed: UInt64
  ) -> (twin: DoubleHead, weights: HeadWeights, data: PooledTexts, truths: [Int]) {
    var generator = SeededGenerator(seed: seed)
    func numbers(_ count: Int, _ limit: Double) -> [Float] {
      (0..<count).map { _ in Float((2 * generator.uniform() - 1) * limit) }
    }
    let shape = HeadShape(layers: 3, width: 10, hidden: 9, labels: labels)
    var weights = HeadWeights(shape: shape)
    weights.mix = numbers(3, 1)
    weights.gamma = 1.3
    weights.hiddenKernel = numbers(90, 0.6)
    weights.hiddenBias = numbers(9, 0.3)
    weights.outputKernel = numbers(9 * shape.outputs, 0.8)
    weights.outputBias = numbers(shape.outputs, 0.3)
    let data = PooledTexts(rows: rows, layers: 3, width: 10, values: numbers(rows * 30, 2))
    let truths = (0..<rows).map { _ in generator.draw(below: labels) }
    let twin = DoubleHead(
      layers: 3, width: 10, hidden: 9, outputs: shape.outputs, l2: Double(Float(0.001)),
      mix: weights.mix.map(Double.init), gamma: Double(weights.gamma),
      hiddenKernel: weights.hiddenKernel.map(Double.init),
      hiddenBias: weights.hiddenBias.map(Double.init),
      outputKernel: weights.outputKernel.map(Double.init),
      outputBias: weights.outputBias.map(Double.init))
    return (twin, weights, data, truths)
  }

  private static func parameters(_ weights: HeadWeights) -> [Double] {
    let all = weights.mix + [weights.gamma] + weights.hiddenKernel + weights.hiddenBias
    return (all + weights.outputKernel + weights.outputBias).map(Double.init)
  }

  @Test(arguments: [2, 3])
  func `the twin's gradient is the slope of its loss`(labels: Int) {
    let sample = Self.sample(labels: labels, rows: 12, seed: 11)
    let data = sample.data.values.map(Double.init)
    let gradient = sample.twin.gradient(data, sample.truths)
    for index in gradient.indices {
      // The fourth-order difference; its error is far below the bound unless a relu turns over,
      // which a seed avoids.
      func loss(_ shift: Double) -> Double {
        var moved = sample.twin
        moved.parameters[index] += shift
        return moved.loss(data, sample.truths)
      }
      let h = 1e-4
      let slope = (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * h)
      let error = abs(slope - gradient[index]) / max(abs(slope), abs(gradient[index]), 1e-3)
      #expect(error < 1e-6, "parameter \(index), slope \(slope), gradient \(gradient[index])")
    }
  }

  // Single precision: sums of 12 rows and 10 columns, so some 22 roundings of 6e-8 each, on terms
  // of order 1.
  @Test(arguments: [2, 3])
  func `the gradient is the twin's to 2e-6`(labels: Int) {
    let sample = Self.sample(labels: labels, rows: 12, seed: 12)
    let data = sample.data.values.map(Double.init)
    var gradient = HeadGradient(shape: sample.weights.shape, recipe: TrainingRecipe())
    let rows = Array(0..<12)
    let outcome = gradient.evaluate(
      sample.weights, data: sample.data, truths: sample.truths, rows: rows[...])
    let wanted = sample.twin.gradient(data, sample.truths)
    for (index, found) in Self.parameters(outcome.gradient).enumerated() {
      #expect(abs(found - wanted[index]) < 2e-6, "parameter \(index)")
    }
    let loss = outcome.crossEntropy + outcome.penalty
    #expect(abs(loss - sample.twin.loss(data, sample.truths)) < 2e-6)
  }

  @Test func `rows are taken in the order they are named`() {
    let sample = Self.sample(labels: 2, rows: 9, seed: 13)
    var gradient = HeadGradient(shape: sample.weights.shape, recipe: TrainingRecipe())
    let picked = gradient.evaluate(
      sample.weights, data: sample.data, truths: sample.truths, rows: [7, 2, 5][...])
    let values = [7, 2, 5].flatMap { sample.data.values[($0 * 30)..<($0 * 30 + 30)] }
    let own = gradient.evaluate(
      sample.weights, data: PooledTexts(rows: 3, layers: 3, width: 10, values: values),
      truths: [7, 2, 5].map { sample.truths[$0] }, rows: [0, 1, 2][...])
    #expect(picked.gradient == own.gradient)
    #expect(picked.crossEntropy == own.crossEntropy)
  }

  private struct Step: Decodable {
    struct Arrays: Decodable {
      var mix: [Double]
      var gamma: [Double]
      var hiddenKernel: [Double]
      var hiddenBias: [Double]
      var outputKernel: [Double]
      var outputBias: [Double]
      var all: [Double] { mix + gamma + hiddenKernel + hiddenBias + outputKernel + outputBias }
    }
    var layers: Int
    var width: Int
    var hidden: Int
    var labels: Int
    var data: [Float]
    var truths: [Int]
    var weights: Arrays
    var loss: Double
    var gradient: Arrays
    var afterTwoSteps: Arrays
  }

  // The fixture's gradient is a central difference (error 1e-9); what is left is single precision.
  @Test(arguments: [2, 3])
  func `loss, gradient and two steps of RMSprop are those of the Python script`(labels: Int) throws
  {
    let step = try JSONDecoder().decode(Step.self, from: Fixture.data("head_step_\(labels).json"))
    let shape = HeadShape(
      layers: step.layers, width: step.width, hidden: step.hidden, labels: labels)
    var weights = HeadWeights(shape: shape)
    weights.mix = step.weights.mix.map(Float.init)
    weights.gamma = Float(step.weights.gamma[0])
    weights.hiddenKernel = step.weights.hiddenKernel.map(Float.init)
    weights.hiddenBias = step.weights.hiddenBias.map(Float.init)
    weights.outputKernel = step.weights.outputKernel.map(Float.init)
    weights.outputBias = step.weights.outputBias.map(Float.init)
    let rows = step.truths.count
    let data = PooledTexts(rows: rows, layers: step.layers, width: step.width, values: step.data)

    var gradient = HeadGradient(shape: shape, recipe: TrainingRecipe())
    let outcome = gradient.evaluate(
      weights, data: data, truths: step.truths, rows: Array(0..<rows)[...])
    #expect(abs(outcome.crossEntropy + outcome.penalty - step.loss) < 1e-6)
    for (found, wanted) in zip(Self.parameters(outcome.gradient), step.gradient.all) {
      #expect(abs(found - wanted) < 1e-6)
    }

    var optimiser = RMSprop(TrainingRecipe(), shape: shape)
    optimiser.step(&weights, gradient: outcome.gradient)
    optimiser.step(&weights, gradient: outcome.gradient)
    for (index, found) in Self.parameters(weights).enumerated() {
      // A gradient near 0 is moved by its sign alone, so that its own error shows in the step:
      // leave those out.
      guard abs(step.gradient.all[index]) > 1e-4 else { continue }
      #expect(abs(found - step.afterTwoSteps.all[index]) < 1e-6, "parameter \(index)")
    }
  }
}
