import ELMo
import Foundation
import Testing
import Training

/// Training steps against Fixtures/make_step.py, which shares no line with the layers.
struct StepTests {
  private static let optimisers = PretrainingSettings.Optimiser.allCases

  /// Numbers by tensor against the script's; `floor` is what a difference is measured by where the
  /// wanted number is smaller.
  private static func compare(
    _ found: [String: [Double]], with wanted: [String: [Double]], tolerance: Double, floor: Double,
    _ title: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.keys.sorted() == wanted.keys.sorted(), sourceLocation: sourceLocation)
    for (name, numbers) in wanted {
      let own = found[name, default: []]
      #expect(own.count == numbers.count, "\(title): \(name)", sourceLocation: sourceLocation)
      for (place, (a, b)) in zip(own, numbers).enumerated()
      where !(abs(a - b) <= tolerance * max(abs(b), floor)) {
        Issue.record(
          "\(title): \(name)[\(place)] is \(a), the script says \(b)",
          sourceLocation: sourceLocation)
      }
    }
  }

  private static func compare(
    _ found: [Double], with wanted: [Double], tolerance: Double, _ title: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    compare(
      [title: found], with: [title: wanted], tolerance: tolerance, floor: 0, title,
      sourceLocation: sourceLocation)
  }

  @Test(arguments: StepFixture.names)
  func `the expected counts are those of the description`(name: String) throws {
    let fixture = try StepFixture(name)
    let sampler = LogUniformSampler(vocabularySize: fixture.vocabulary)
    for sample in fixture.samples {
      let found = (0..<fixture.vocabulary).map {
        log(sampler.expectedCount(of: $0, tries: sample.tries))
      }
      Self.compare(found, with: sample.corrections, tolerance: 1e-12, "corrections")
    }
  }

  @Test(arguments: StepFixture.names)
  func `losses and gradients in float64 are the script's`(name: String) throws {
    let fixture = try StepFixture(name)
    let found = MiniatureStep<Double>(fixture).evaluate()
    Self.compare(found.losses, with: fixture.sampled.losses, tolerance: 1e-12, "losses")
    Self.compare(
      found.gradient, with: fixture.sampled.gradient ?? [:], tolerance: 1e-9, floor: 1e-2, name)
  }

  // Sums of some tens of products in single precision, through at most 14 cells.
  @Test(arguments: StepFixture.names)
  func `losses and gradients in float32 are the script's within rounding`(name: String) throws {
    let fixture = try StepFixture(name)
    let found = MiniatureStep<Float>(fixture).evaluate()
    Self.compare(found.losses, with: fixture.sampled.losses, tolerance: 1e-6, "losses")
    Self.compare(
      found.gradient, with: fixture.sampled.gradient ?? [:], tolerance: 2e-5, floor: 1e-1, name)
  }

  @Test(arguments: StepFixture.names, optimisers)
  func `two steps against a sample move every weight as the script says`(
    name: String, optimiser: PretrainingSettings.Optimiser
  ) throws {
    let fixture = try StepFixture(name)
    let settings = fixture.settings(optimiser)
    let wanted = fixture.sampled.steps(optimiser)
    let rate = Double(settings.learningRate)
    var exact = MiniatureStep<Double>(fixture)
    let found = exact.train(settings)
    Self.compare(found.norms, with: wanted.norms, tolerance: 1e-9, "norms")
    Self.compare(found.moved, with: wanted.moved, tolerance: 1e-9, floor: rate, name)
    // A weight of about 1 moves by the rate of about 0.01, and is itself rounded to 6e-8.
    var rounded = MiniatureStep<Float>(fixture)
    let near = rounded.train(settings)
    Self.compare(near.norms, with: wanted.norms, tolerance: 1e-5, "norms")
    Self.compare(near.moved, with: wanted.moved, tolerance: 1e-4, floor: rate, name)
  }

  // Word 9 is in the vocabulary, but neither drawn nor foretold; word 8 is drawn alone.
  @Test(arguments: StepFixture.names, optimisers)
  func `a word without a gradient stays where it is`(
    name: String, optimiser: PretrainingSettings.Optimiser
  ) throws {
    let fixture = try StepFixture(name)
    var step = MiniatureStep<Float>(fixture)
    let before = step.softmax
    _ = step.train(fixture.settings(optimiser))
    let d = before.d
    #expect(step.softmax.weights[9 * d..<10 * d] == before.weights[9 * d..<10 * d])
    #expect(step.softmax.bias[9] == before.bias[9])
    #expect(step.softmax.weights[8 * d..<9 * d] != before.weights[8 * d..<9 * d])
  }

  @Test(arguments: StepFixture.names, optimisers)
  func `two steps of the pretrainer against all words are the script's`(
    name: String, optimiser: PretrainingSettings.Optimiser
  ) throws {
    let fixture = try StepFixture(name)
    let settings = fixture.settings(optimiser)
    let wanted = fixture.full.steps(optimiser)
    let trainer = try Pretrainer(
      options: fixture.options,
      corpus: Corpus(types: fixture.types, sentences: SentenceList(fixture.rows)),
      settings: settings)
    #expect(trainer.stepsTotal == 2 && trainer.vocabulary.size == fixture.vocabulary)
    let start = MiniatureStep<Float>(fixture)
    var state = trainer.state()
    state.arrays["parameters"] = .floats(start.parameters)
    state.arrays["softmax/W"] = .floats(start.softmax.weights)
    state.arrays["softmax/b"] = .floats(start.softmax.bias)
    try trainer.restore(state)
    let outcomes = [try trainer.step(), try trainer.step()]
    let mean = (fixture.full.losses[0] + fixture.full.losses[1]) / 2
    #expect(abs(outcomes[0].loss - mean) < 1e-6 * mean)
    #expect(outcomes.allSatisfy { Double($0.learningRate) == Double(settings.learningRate) })
    Self.compare(outcomes.map(\.gradientNorm), with: wanted.norms, tolerance: 1e-5, "norms")
    var after = trainer.state()
    let found = start.named(
      try after.takeFloats("parameters"), weights: try after.takeFloats("softmax/W"),
      bias: try after.takeFloats("softmax/b"))
    let moved = found.merging(fixture.parameters) { zip($0, $1).map { $0 - $1 } }
    Self.compare(
      moved, with: wanted.moved, tolerance: 1e-4, floor: Double(settings.learningRate), name)
    #expect(trainer.tokensDone == 2 * fixture.rows.reduce(0) { $0 + $1.count })
  }
}
