import Classifier
import Foundation
import Testing
import Training
import Tweets

struct LinearTrainerTests {
  private struct Fit: Decodable {
    var rows: [[[Double]]]
    var truth: [Int]
    var weights: [Float]
    var l2: Double
    var columns: Int
    var kernel: [[Double]]
    var bias: [Double]
    var loss: Double
    var balancedKernel: [[Double]]
    var balancedBias: [Double]

    var sparse: SparseRows {
      rows.reduce(into: SparseRows()) { rows, entries in
        rows.append(entries.map { (Int32($0[0]), Float($0[1])) })
      }
    }
  }

  private static func fit(_ labels: Int) throws -> Fit {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Fit.self, from: Fixture.data("linear_\(labels).json"))
  }

  private static func recipe(bits: Int = 7, l2: Double) -> CoHeadRecipe {
    var recipe = CoHeadRecipe()
    recipe.bits = bits
    recipe.minimumRows = 1
    recipe.classWeights = .balanced
    recipe.l2 = l2
    recipe.steps = 400
    // Weights are Floats, whose rounding keeps the gradient from falling much further.
    recipe.tolerance = 3e-7
    return recipe
  }

  // Equal up to one number on all biases, which changes no probability.
  private static func expect(
    _ head: LinearHead, kernel: [[Double]], bias: [Double], tolerance: Double
  ) {
    let wanted = kernel.flatMap { $0 }
    #expect(head.kernel[wanted.count...].allSatisfy { $0 == 0 })
    for (place, value) in wanted.enumerated() {
      #expect(abs(Double(head.kernel[place]) - value) < tolerance, "weight \(place)")
    }
    let mean = { (numbers: [Double]) in
      numbers.count == 1 ? 0 : numbers.reduce(0, +) / Double(numbers.count)
    }
    let own = head.bias.map(Double.init)
    for (found, value) in zip(own, bias) {
      #expect(abs(found - mean(own) - (value - mean(bias))) < tolerance)
    }
  }

  // The loss is flat to a millionth within about a thousandth of the best weights, and that is as
  // near as Floats come.
  private static let nearness = 1e-3

  @Test(arguments: [2, 3])
  func `it finds what scikit-learn finds`(labels: Int) throws {
    let fit = try Self.fit(labels)
    let trainer = LinearTrainer(
      Self.recipe(bits: 5, l2: fit.l2), labels: labels == 2 ? .two : .three)
    let head = try trainer.train(fit.sparse, truths: fit.truth, weights: fit.weights)
    #expect(head.isDone, "after \(head.steps) steps the slope is \(head.largestSlope)")
    #expect(abs(head.loss - fit.loss) < 1e-6, "loss \(head.loss), wanted \(fit.loss)")
    #expect(head.outputs == (labels == 2 ? 1 : 3))
    Self.expect(head, kernel: fit.kernel, bias: fit.bias, tolerance: Self.nearness)
  }

  @Test(arguments: [2, 3])
  func `balanced weights are scikit-learn's`(labels: Int) throws {
    let fit = try Self.fit(labels)
    let head = try LinearTrainer(
      Self.recipe(bits: 5, l2: 1), labels: labels == 2 ? .two : .three
    ).train(fit.sparse, truths: fit.truth)
    Self.expect(
      head, kernel: fit.balancedKernel, bias: fit.balancedBias, tolerance: Self.nearness)
  }

  /// Rows whose label is told by two of 64 buckets, in noise.
  private static func synthetic(_ count: Int, seed: UInt64) -> (SparseRows, [Int]) {
    var generator = SeededGenerator(seed: seed)
    var rows = SparseRows()
    var truths: [Int] = []
    for _ in 0..<count {
      let truth = generator.draw(below: 3)
      var buckets = Set((0..<8).map { _ in 6 + generator.draw(below: 58) })
      buckets.insert(generator.uniform() < 0.8 ? truth * 2 + generator.draw(below: 2) : 5)
      rows.append(buckets.sorted().map { (Int32($0), 1 / Float(buckets.count).squareRoot()) })
      truths.append(truth)
    }
    return (rows, truths)
  }

  @Test func `the bits do not depend on the threads`() throws {
    let (rows, truths) = Self.synthetic(9000, seed: 5)
    var recipe = Self.recipe(l2: 1)
    recipe.steps = 12
    let heads = try [1, 2, 3].map {
      try LinearTrainer(recipe, labels: .three, threads: $0).train(rows, truths: truths)
    }
    #expect(heads[0] == heads[1] && heads[1] == heads[2])
  }

  @Test func `it learns what can be learned`() throws {
    let (rows, truths) = Self.synthetic(3000, seed: 11)
    let (test, wanted) = Self.synthetic(1000, seed: 12)
    var steps: [LinearStep] = []
    var recipe = Self.recipe(l2: 1)
    recipe.tolerance = 1e-5
    let head = try LinearTrainer(recipe, labels: .three)
      .train(rows, truths: truths) { steps.append($0) }
    #expect(head.isDone && steps.count == head.steps)
    for (before, after) in zip(steps, steps.dropFirst()) { #expect(after.loss <= before.loss) }
    let figures = ValidationFigures(
      LabelLogits(head.logits(test), outputs: 3, truths: wanted))
    #expect(figures.macroRecall > 0.75, "\(figures)")
  }

  @Test func `rare buckets keep the weight 0`() throws {
    var (rows, truths) = Self.synthetic(300, seed: 3)
    rows.append([(70, 1), (3, 0.5)])
    rows.append([(70, 1), (2, 0.5)])
    truths += [0, 0]
    var recipe = Self.recipe(l2: 1)
    recipe.minimumRows = 3
    let head = try LinearTrainer(recipe, labels: .three).train(rows, truths: truths)
    #expect(head.kept == 64)
    #expect(head.kernel[(70 * 3)...].allSatisfy { $0 == 0 })
    recipe.minimumRows = 2
    let other = try LinearTrainer(recipe, labels: .three).train(rows, truths: truths)
    #expect(other.kept == 65 && other.kernel[210] > 0)
  }

  @Test func `a row of weight 2 is two rows`() throws {
    let (rows, truths) = Self.synthetic(200, seed: 9)
    let doubled = rows.picking((0..<200).flatMap { $0 < 50 ? [$0, $0] : [$0] })
    let twice = (0..<200).flatMap { $0 < 50 ? [truths[$0], truths[$0]] : [truths[$0]] }
    let trainer = LinearTrainer(Self.recipe(l2: 1), labels: .three)
    let weighted = try trainer.train(
      rows, truths: truths, weights: (0..<200).map { $0 < 50 ? 2 : 1 })
    let repeated = try trainer.train(doubled, truths: twice)
    for (one, other) in zip(weighted.kernel, repeated.kernel) {
      #expect(abs(one - other) < 1e-3)
    }
  }

  @Test func `a label without rows is refused`() {
    let (rows, _) = Self.synthetic(30, seed: 9)
    #expect(throws: TrainingError.labelWithoutRows(.neutral, rows: 30)) {
      try LinearTrainer(CoHeadRecipe(), labels: .three)
        .train(rows, truths: (0..<30).map { $0 % 2 * 2 })
    }
  }

  @Test func `rarity weights are scikit-learn's`() {
    var statistics = BucketStatistics(buckets: 4)
    var rows = SparseRows()
    rows.append([(0, 1), (1, 0.5)])
    rows.append([(0, 1)])
    rows.append([(0, 1), (1, 2), (3, 1)])
    statistics.add(rows)
    #expect(statistics.rows == 3 && statistics.rowsOfBucket == [3, 2, 0, 1])
    let weights = statistics.weights(minimumRows: 2)
    // ln(4 / 4) + 1 and ln(4 / 3) + 1.
    #expect(weights == [1, Float(1.2876820724517808), 0, 0])
    #expect(statistics.weights(minimumRows: 1, rarity: false) == [1, 1, 0, 1])
    #expect(statistics.kept(minimumRows: 2) == 2)
  }

  @Test func `class weights`() {
    #expect(ClassWeights.none.factors(support: [3, 0, 1]) == [1, 1, 1])
    #expect(ClassWeights.balanced.factors(support: [10, 20, 30]) == [2, 1, 60.0 / 90])
    #expect(ClassWeights.balanced.factors(support: [10, 0, 30]) == [2, 0, 40.0 / 60])
  }
}
