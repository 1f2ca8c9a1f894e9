import Classifier
import Testing
import Training
import Tweets

struct HeadTrainerTests {
  /// Rows whose first layer tells the label, in noise.
  private static func sample(
    labels: Int, rows: Int, width: Int = 16, seed: UInt64
  ) -> (data: PooledTexts, truths: [Int]) {
    var generator = SeededGenerator(seed: seed)
    let truths = (0..<rows).map { _ in generator.draw(below: labels) }
    var values: [Float] = []
    for truth in truths {
      for index in 0..<(3 * width) {
        let signal = index == truth ? 1.5 : 0
        values.append(Float(generator.uniform() - 0.5 + signal))
      }
    }
    return (PooledTexts(rows: rows, layers: 3, width: width, values: values), truths)
  }

  private static func recipe(hidden: Int = 24, epochs: Int = 3, batch: Int = 32) -> TrainingRecipe {
    var recipe = TrainingRecipe()
    recipe.hidden = hidden
    recipe.epochs = epochs
    recipe.batch = batch
    recipe.learningRate = 0.01
    return recipe
  }

  @Test func `the recipe is the article's`() {
    let recipe = TrainingRecipe()
    #expect(recipe.hidden == 256 && recipe.epochs == 5 && recipe.batch == 256)
    #expect(recipe.l2 == 0.001 && recipe.learningRate == 0.001)
    #expect(recipe.decay == 0.9 && recipe.epsilon == 1e-7)
    #expect(recipe.trainsMix && recipe.validationShare == 0.2)
  }

  @Test(arguments: [2, 3])
  func `the same seed gives the same bits, another seed others`(labels: Int) throws {
    let sample = Self.sample(labels: labels, rows: 300, seed: 1)
    let split = ValidationSplit.lastRows(of: 300)
    let set: LabelSet = labels == 2 ? .two : .three
    var recipe = Self.recipe()
    let first = try HeadTrainer(recipe, labels: set).train(
      sample.data, truths: sample.truths, split: split)
    let second = try HeadTrainer(recipe, labels: set).train(
      sample.data, truths: sample.truths, split: split)
    #expect(first.weights == second.weights)
    #expect(first.history == second.history)
    recipe.seed = 2
    let third = try HeadTrainer(recipe, labels: set).train(
      sample.data, truths: sample.truths, split: split)
    #expect(first.weights != third.weights)
  }

  @Test(arguments: [2, 3])
  func `what can be told apart is learned`(labels: Int) throws {
    let sample = Self.sample(labels: labels, rows: 600, seed: 2)
    var steps: [[Int]] = []
    var epochs: [EpochRecord] = []
    let trained = try HeadTrainer(Self.recipe(epochs: 5), labels: labels == 2 ? .two : .three)
      .train(
        sample.data, truths: sample.truths, split: .lastRows(of: 600),
        step: { steps.append([$0, $1]) }, epoch: { epochs.append($0) })
    let last = try #require(trained.history.epochs.last)
    #expect(last.accuracy > 0.97)
    #expect(last.validationAccuracy ?? 0 > 0.97)
    #expect(last.loss < trained.history.epochs[0].loss)
    #expect(epochs == trained.history.epochs)
    #expect(steps.count == 5 * 15 && steps.last == [5, 480])
    #expect(trained.weights.mix != [0, 0, 0] && trained.weights.gamma != 1)
  }

  @Test func `the mix stays as it was when it is not trained`() throws {
    let sample = Self.sample(labels: 2, rows: 100, seed: 3)
    var recipe = Self.recipe()
    recipe.trainsMix = false
    let trained = try HeadTrainer(recipe, labels: .two).train(
      sample.data, truths: sample.truths, split: .lastRows(of: 100))
    #expect(trained.weights.mix == [0, 0, 0] && trained.weights.gamma == 1)
  }

  @Test func `validation figures are those of the finished head`() throws {
    let sample = Self.sample(labels: 2, rows: 200, seed: 4)
    let trained = try HeadTrainer(Self.recipe(), labels: .two).train(
      sample.data, truths: sample.truths, split: .lastRows(of: 200))
    let answers = sample.data.probabilities(
      of: trained.split.validation, by: Head(trained.weights))
    let right = zip(trained.split.validation, answers).count { row, probabilities in
      LabelSet.two.decide(probabilities, threshold: 0.5) == sample.truths[row]
    }
    #expect(trained.history.epochs.last?.validationAccuracy == Double(right) / 40)
  }

  @Test func `training without validation rows has no validation figures`() throws {
    let sample = Self.sample(labels: 2, rows: 50, seed: 5)
    let trained = try HeadTrainer(Self.recipe(), labels: .two).train(
      sample.data, truths: sample.truths, split: .lastRows(of: 50, share: 0))
    #expect(trained.history.epochs.allSatisfy { $0.validationLoss == nil })
  }

  @Test func `a label without rows is refused by name`() {
    let sample = Self.sample(labels: 2, rows: 50, seed: 6)
    #expect(throws: TrainingError.labelWithoutRows(.neutral, rows: 40)) {
      try HeadTrainer(Self.recipe(), labels: .three).train(
        sample.data, truths: sample.truths.map { $0 * 2 }, split: .lastRows(of: 50))
    }
  }

  @Test func `an embedding that is not finite is refused with its row`() {
    var values = [Float](repeating: 0, count: 4 * 6)
    values[13] = .infinity
    let data = PooledTexts(rows: 4, layers: 3, width: 2, values: values)
    #expect(throws: TrainingError.notFinite(row: 2)) {
      try HeadTrainer(Self.recipe(), labels: .two).train(
        data, truths: [0, 1, 0, 1], split: .lastRows(of: 4))
    }
  }

  @Test func `weights that leave the numbers are an error with a remedy`() {
    let sample = Self.sample(labels: 2, rows: 60, seed: 7)
    var recipe = Self.recipe()
    recipe.learningRate = .greatestFiniteMagnitude
    let error = #expect(throws: TrainingError.self) {
      try HeadTrainer(recipe, labels: .two).train(
        sample.data, truths: sample.truths, split: .lastRows(of: 60))
    }
    #expect(error?.description.contains("smaller learning rate") == true)
  }

  @Test func `every row is answered once by a head that did not see it`() throws {
    let sample = Self.sample(labels: 2, rows: 200, seed: 8)
    let groups = (0..<200).map { "group \($0 / 3)" }
    let folds = GroupedSplit(groups: groups, folds: 5, seed: 1)
    var finished: [Int] = []
    let validation = try CrossValidation(
      sample.data, truths: sample.truths, labels: .two, folds: folds,
      recipe: Self.recipe(epochs: 5), finished: { fold, _ in finished.append(fold) })
    #expect(finished == [0, 1, 2, 3, 4])
    #expect(validation.probabilities.allSatisfy { $0.count == 2 })
    let right = zip(sample.truths, validation.probabilities).count {
      LabelSet.two.decide($1, threshold: 0.5) == $0
    }
    #expect(right > 185)
  }
}
