import ELMo
import Foundation
import Testing
import Training

struct TuningRecipeTests {
  @Test func `layers are freed from the top down`() {
    var recipe = TuningRecipe()
    recipe.headEpochs = 2
    recipe.unfreezingEpochs = 2
    #expect((0..<6).map { recipe.openLayers(inEpoch: $0, of: 3) } == [0, 0, 1, 2, 3, 3])
    recipe.unfreezingEpochs = 0
    #expect((0..<4).map { recipe.openLayers(inEpoch: $0, of: 3) } == [0, 0, 3, 3])
    recipe.unfreezingEpochs = 5
    #expect((0..<8).map { recipe.openLayers(inEpoch: $0, of: 3) } == [0, 0, 1, 1, 2, 2, 3, 3])
    recipe.networkRate = 0
    #expect(recipe.openLayers(inEpoch: 7, of: 3) == 0)
  }

  @Test func `lower layers go slower`() {
    var recipe = TuningRecipe()
    recipe.lowerLayerFactor = 0.4
    recipe.networkRate = 1
    #expect(recipe.rate(atDepth: 0) == 1)
    #expect(abs(recipe.rate(atDepth: 2) - 0.16) < 1e-7)
  }

  @Test func `the language model's weight changes in a straight line`() {
    var recipe = TuningRecipe()
    recipe.languageModelWeightAtStart = 0.2
    recipe.languageModelWeightAtEnd = 0.1
    #expect(recipe.languageModelWeight(at: 0) == 0.2)
    #expect(abs(recipe.languageModelWeight(at: 0.5) - 0.15) < 1e-7)
    #expect(abs(recipe.languageModelWeight(at: 2) - 0.1) < 1e-7)
  }

  @Test func `smoothed targets sum to 1`() {
    var recipe = TuningRecipe()
    recipe.labelSmoothing = 0.06
    let targets = recipe.targets(truth: 1, labels: 3)
    #expect(abs(targets[1] - 0.96) < 1e-7 && abs(targets[0] - 0.02) < 1e-7)
    #expect(abs(targets.reduce(0, +) - 1) < 1e-6)
  }

  @Test func `a recipe survives JSON`() throws {
    var recipe = TuningRecipe()
    recipe.pooling = .meanMaxAttention
    recipe.coHead = nil
    recipe.seeds = [1, 2, 3]
    recipe.metric = .nll
    let back = try JSONDecoder().decode(
      TuningRecipe.self, from: try JSONEncoder().encode(recipe))
    #expect(back == recipe)
  }

  @Test func `training stops when patience is used up`() {
    var stopping = EarlyStopping(.macroRecall, patience: 2)
    #expect([0.5, 0.6, 0.6, 0.55].map { stopping.hear($0) } == [.best, .best, .goOn, .stop])
    #expect(stopping.best == 0.6 && stopping.bestEpoch == 1 && stopping.epochs == 4)
  }

  @Test func `of a loss the smallest is the best`() {
    var stopping = EarlyStopping(.nll, patience: 1)
    #expect([0.9, 0.7, 0.8].map { stopping.hear($0) } == [.best, .best, .stop])
    #expect(stopping.bestEpoch == 1)
  }

  @Test func `without patience training goes on, and NaN is never the best`() {
    var stopping = EarlyStopping(.accuracy, patience: nil, leastGain: 0.01)
    #expect(
      [.nan, 0.5, 0.505, .nan, 0.52].map { stopping.hear($0) }
        == [.goOn, .best, .goOn, .goOn, .best])
    #expect(stopping.bestEpoch == 4 && stopping.waited == 0)
  }
}
