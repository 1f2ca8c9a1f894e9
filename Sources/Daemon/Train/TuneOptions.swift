import ArgumentParser
import ELMo
import LinearAlgebra
import Training

extension Pooling: ExpressibleByArgument {}
extension ClassWeights: ExpressibleByArgument {}
extension StoppingMetric: ExpressibleByArgument {}

/// The numbers of `--recipe tune`, which tunes the network with the head (ELMO.md 8.5, 9.5).
struct TuneOptions: ParsableArguments {
  private static let defaults = TuningRecipe()

  @Option(help: "Epochs of the head alone, before layers are freed.")
  var headEpochs = defaults.headEpochs
  @Option(help: "Epochs in which the layers are freed, the top one first.")
  var unfreezingEpochs = defaults.unfreezingEpochs
  @Option(help: "The largest rate of head, mix and query.") var headRate = defaults.headRate
  @Option(help: "The largest rate of the network's top layer; 0 leaves the network as it is.")
  var networkRate = defaults.networkRate
  @Option(help: "The rate of each lower layer, as a share of the one above it.")
  var layerFactor = defaults.lowerLayerFactor
  @Option(help: "The most tokens of a step's rows.") var stepTokens = defaults.batchTokens
  @Option(help: "The share of pooled features that a step drops.")
  var featureDropout = defaults.featureDropout
  @Option(help: "The share of numbers between the network's layers that a step drops.")
  var networkDropout = defaults.networkDropout
  @Option(help: "mean, mean_max, attention or mean_max_attention.") var pooling = defaults.pooling
  @Option(help: "How rows of rare labels count: none or balanced.")
  var classWeights = defaults.classWeights
  @Option(help: "The share of the truth that is spread over all labels.")
  var labelSmoothing = defaults.labelSmoothing
  @Flag(help: "A row of the network's training counts as much as its annotators were sure.")
  var confidenceWeights = false
  @Option(
    help: "The weight of the loss of foretelling in the first step; needs the base's softmax.")
  var helperWeight = defaults.languageModelWeightAtStart
  @Option(help: "The same in the last step.") var helperEnd = defaults.languageModelWeightAtEnd
  @Option(help: "Epochs without a better validation figure that end training; 0 for never.")
  var patience = defaults.patience ?? 0
  @Option(help: "The figure that decides: accuracy, macro_recall, macro_f1 or nll.")
  var metric = defaults.metric
  @Flag(
    help: ArgumentHelp(
      "Train again on training and validation rows together, once the latter have chosen.",
      discussion:
        "For as many epochs as were best; factors, temperature and decision stay. Not in --folds."))
  var refit = false
  @Option(parsing: .upToNextOption, help: "Seeds; each beyond the first adds a head.")
  var seeds: [UInt64] = []
  @Flag(inversion: .prefixedNo, help: "The linear head on hashed n-grams beside the network's.")
  var coHead = true
  @Option(help: "The co-head hashes into 2^BITS buckets.") var coHeadBits = CoHeadRecipe().bits
  @Option(help: "The weights in the bundle: fp32, fp16, bf16 or int8.") var weights = WeightStorage
    .float16
  @Option(help: "How products are rounded: fp32 or bf16.") var products = ProductPrecision.fp32
  @Option(help: "Threads that work.") var threads = 2

  func validate() throws {
    for (flag, value) in [
      ("--feature-dropout", featureDropout), ("--network-dropout", networkDropout),
      ("--label-smoothing", labelSmoothing),
    ] where !(0..<1).contains(value) {
      throw ValidationError("\(flag) takes a share of 0 up to, not including, 1, not \(value)")
    }
    for (flag, value) in [
      ("--head-rate", headRate), ("--network-rate", networkRate), ("--layer-factor", layerFactor),
      ("--helper-weight", helperWeight), ("--helper-end", helperEnd),
    ] where !(value >= 0 && value.isFinite) {
      throw ValidationError("\(flag) takes 0 or more, not \(value)")
    }
    for (flag, value) in [
      ("--head-epochs", headEpochs), ("--unfreezing-epochs", unfreezingEpochs),
      ("--patience", patience),
    ] where value < 0 {
      throw ValidationError("\(flag) takes 0 or more, not \(value)")
    }
    guard stepTokens > 0, threads > 0 else {
      throw ValidationError("--step-tokens and --threads take 1 or more")
    }
    guard (8...24).contains(coHeadBits) else {
      throw ValidationError("--co-head-bits takes 8 to 24, not \(coHeadBits)")
    }
  }

  /// What these options are called on the command line.
  var flags: [String] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let label = child.label, label.hasPrefix("_") else { return nil }
      return "--"
        + label.dropFirst().map { $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined()
    } + ["--no-co-head"]
  }

  /// The recipe, with what the command's own options say.
  func recipe(epochs: Int?, hidden: Int?, seed: UInt64) -> TuningRecipe {
    var recipe = TuningRecipe()
    recipe.headEpochs = headEpochs
    recipe.unfreezingEpochs = unfreezingEpochs
    recipe.epochs = epochs ?? recipe.epochs
    recipe.headRate = headRate
    recipe.networkRate = networkRate
    recipe.lowerLayerFactor = layerFactor
    recipe.batchTokens = stepTokens
    recipe.featureDropout = featureDropout
    recipe.networkDropout = networkDropout
    recipe.pooling = pooling
    recipe.hidden = hidden ?? recipe.hidden
    recipe.classWeights = classWeights
    recipe.labelSmoothing = labelSmoothing
    recipe.confidenceWeights = confidenceWeights
    recipe.languageModelWeightAtStart = helperWeight
    recipe.languageModelWeightAtEnd = helperEnd
    recipe.patience = patience > 0 ? patience : nil
    recipe.metric = metric
    recipe.refits = refit
    recipe.seeds = seeds.isEmpty ? [seed] : seeds
    var linear = CoHeadRecipe()
    linear.bits = coHeadBits
    linear.classWeights = classWeights
    recipe.coHead = coHead ? linear : nil
    return recipe
  }
}
