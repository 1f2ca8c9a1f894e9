import Classifier
import ELMo
import LinearAlgebra
import Testing
import Training

@Suite struct TextHeadGradientTests {
  struct Case: CustomStringConvertible {
    var pooling: Pooling
    var hidden: Int
    var labels: Int
    var description: String { "\(pooling.rawValue), \(hidden) hidden, \(labels) labels" }
  }

  static let cases = Pooling.allCases.flatMap { pooling in
    [
      Case(pooling: pooling, hidden: 5, labels: 3), Case(pooling: pooling, hidden: 0, labels: 2),
      Case(pooling: pooling, hidden: 4, labels: 2),
    ]
  }

  /// A step of head and network together, so that what flows into the layers is checked too.
  final class Step {
    var step: SmallStep
    var head: [Double]
    let layout: HeadLayout
    let gradient: TextHeadGradient<Double>
    let labels: StepLabels<Double>

    init(_ wanted: Case) {
      let options = SmallNetwork.projected.options
      step = SmallStep(options)
      let shape = HeadShape(
        layers: 3, width: 2 * options.projectionSize, hidden: wanted.hidden,
        labels: wanted.labels, pooling: wanted.pooling)
      layout = HeadLayout(shape)
      var generator = SeededGenerator(seed: 23)
      head = (0..<layout.count).map { _ in generator.uniform() * 1.4 - 0.7 }
      head[layout.gamma] = 1.3
      gradient = TextHeadGradient(layout)
      labels = StepLabels(
        targets: (0..<4).map { row in
          (0..<wanted.labels).map {
            $0 == row % wanted.labels ? 0.9 : 0.1 / Double(wanted.labels - 1)
          }
        }, weights: [1, 0.5, 2, 0.25])
    }

    func run() -> (loss: Double, outputs: [[[Double]]]) {
      step.network.forward(
        step.batch, tokens: step.tokens, parameters: step.parameters, back: true)
      let outputs = (0..<2).map { direction in
        (0..<3).map { step.network.output(direction: direction, layer: $0, of: step.batch) }
      }
      let outcome = gradient.evaluate(
        step.batch, outputs: outputs, head: head, labels: labels,
        dropout: Dropout(probability: 0.25, seed: 99, step: 0, place: 60))
      return (outcome.loss, outcome.outputs)
    }
  }

  @Test(arguments: cases)
  func `the gradients of head and network agree with central differences`(wanted: Case) {
    let step = Step(wanted)
    let outcome = step.run()
    let ofHead = step.gradient.gradient.array(step.layout.count)
    let block = Block<Double>()
    _ = step.step.network.backward(
      step.step.batch, tokens: step.step.tokens, from: outcome.outputs, into: block)
    let ofNetwork = block.array(step.step.layout.count)
    let h = 1e-5
    for place in step.head.indices {
      let value = step.head[place]
      step.head[place] = value + h
      let above = step.run().loss
      step.head[place] = value - h
      let below = step.run().loss
      step.head[place] = value
      let numeric = (above - below) / (2 * h)
      #expect(
        GradientTests.error(ofHead[place], numeric) < 1e-6,
        "\(wanted): number \(place) of the head: \(ofHead[place]), differences say \(numeric)")
    }
    var generator = SeededGenerator(seed: 3)
    for entry in step.step.layout.entries {
      for _ in 0..<6 {
        let place = entry.range.lowerBound + generator.draw(below: entry.range.count)
        let value = step.step.parameters[place]
        step.step.parameters[place] = value + h
        let above = step.run().loss
        step.step.parameters[place] = value - h
        let below = step.run().loss
        step.step.parameters[place] = value
        let numeric = (above - below) / (2 * h)
        #expect(
          GradientTests.error(ofNetwork[place], numeric) < 1e-6,
          "\(wanted): \(entry.name): \(ofNetwork[place]), differences say \(numeric)")
      }
    }
  }
}
