import ArgumentParser
import Classifier
import ELMo
import Foundation
import Training
import TweetText
import Tweets

/// `elmond train`: a head on a bundle's embeddings, by the article's recipe unless told otherwise.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract:
      "Trains a sentiment head on the embeddings of a bundle; the article's recipe is the default.")

  @Option(help: "The bundle whose network gives the embeddings.") var base: String
  @OptionGroup var data: LabelledInput
  @Option(help: "The directory of the new bundle.") var output: String
  @Option(help: "The bundle's name; the directory's without it.") var name: String?
  @Option(help: "The cleaning profile: article or tweet; the base's without it.")
  var cleaning: CleaningProfile?
  @Flag(help: "Learn the label neutral too, instead of dropping its rows.") var keepNeutral = false
  @Option(help: "How validation rows are chosen: last (the article's last rows) or group.")
  var split: SplitChoice = .last
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The share of the rows that validates, or files whose rows validate; their texts do not train.",
      valueName: "share|file[:key=value,…]"))
  var validation: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files whose texts do not train, such as test sets.", valueName: "file[:key=value,…]"))
  var exclude: [String] = []
  @Flag(help: "Keep only the first training row of each text.") var distinct = false
  @Option(
    help: "Which texts are the same: letters (equal letters a to z) or group (ELMo's groups).")
  var sameText = TextKey.letters
  @Option(
    help: "article: a head on the embeddings as published; tune: network, head and co-head.")
  var recipe: Recipe = .article
  @Option(help: "Passes over the training rows; 5 by article, 6 by tune.") var epochs: Int?
  @Option(help: "Rows of a training step.") var batch = 256
  @Option(help: "Units of the hidden layer; 256 without it.") var hidden: Int?
  @Option(help: "RMSprop's step.") var learningRate: Float = 0.001
  @Option(help: "The l2 penalty on the hidden kernel.") var l2: Float = 0.001
  @Option(help: "The seed of starts and shuffling.") var seed: UInt64 = 1
  @Flag(help: "Keep the scalar mix as it is.") var freezeMix = false
  @Option(help: "Also cross-validate over this many folds by group, and write folds.csv.")
  var folds: Int?

  @OptionGroup(title: "With --recipe tune") var tune: TuneOptions

  /// The ways to train.
  enum Recipe: String, ExpressibleByArgument {
    case article, tune
  }

  /// How rows are kept for validation.
  enum SplitChoice: String, ExpressibleByArgument {
    case last, group
  }

  func validate() throws {
    guard epochs ?? 1 > 0, batch > 0, hidden ?? 1 >= (recipe == .tune ? 0 : 1) else {
      throw ValidationError("--epochs, --batch and --hidden take 1 or more")
    }
    let shares = validation.compactMap(Double.init)
    guard shares.isEmpty || validation.count == 1, shares.allSatisfy((0..<1).contains) else {
      throw ValidationError(
        "--validation takes one share of 0 up to, not including, 1, or names of files")
    }
    guard folds.map({ $0 >= 2 }) ?? true else { throw ValidationError("--folds takes 2 or more") }
    guard folds == nil || validation.count == shares.count else {
      throw ValidationError("--folds divides all rows, so that none can validate from a file")
    }
    _ = try validationFiles
    _ = try data.specifications(exclude)
  }

  /// The share of the rows that validates.
  private var validationShare: Double { validation.first.flatMap(Double.init) ?? 0.2 }

  private var validationFiles: [DataSpecification] {
    get throws {
      try data.specifications(validation.filter { Double($0) == nil })
    }
  }

  func run() throws {
    try NewDirectory.require(output)
    var bundle = try ModelLocator.open(try ModelLocator.find(flag: base))
    let read = try data.read(
      keepingNeutral: keepNeutral, validation: try validationFiles,
      excluding: try data.specifications(exclude), distinct: distinct, key: sameText)
    StandardStream.error.say(read.report.text)
    let set = read.set
    if recipe == .tune { return try tune(bundle, set, rows: read.split) }
    guard set.weights(byConfidence: false).allSatisfy({ $0 == 1 }) else {
      throw CommandFailure(
        "the article's recipe counts every row alike", remedy: "leave the weights out",
        code: .usage)
    }
    let embedder: TextEmbedder
    do { embedder = try TextEmbedder(bundle, cleaning: cleaning) } catch {
      throw CommandFailure(model: error, in: bundle.directory)
    }
    let pooled = pool(set.rows.map(\.text), by: embedder)
    let trained = try train(set, pooled, rows: read.split ?? validationRows(of: set))
    let folded = try folds.map { try crossValidate(set, pooled, folds: $0) }
    bundle = try write(trained, base: bundle, set: set, cleaning: embedder.cleaning)
    try report(trained, set: set, pooled: pooled)
    if let folded { try report(folded, of: set) }
    StandardStream.error.say("wrote \(bundle.directory)")
  }

  private func tune(_ bundle: ModelBundle, _ set: TrainingSet, rows: ValidationSplit?) throws {
    let session = TuneSession(
      base: bundle, set: set, split: rows ?? validationRows(of: set),
      cleaning: try cleaning ?? CleaningProfile(named: bundle.manifest.cleaning),
      recipe: tune.recipe(epochs: epochs, hidden: hidden, seed: seed), options: tune,
      output: output, name: title, data: data.name)
    try session.run(
      folds: folds.map {
        GroupedSplit(groups: set.rows.map { TextGroup.key($0.text) }, folds: $0, seed: seed)
      })
  }

  private var title: String { name ?? URL(fileURLWithPath: output).lastPathComponent }

  private var articleRecipe: TrainingRecipe {
    var recipe = TrainingRecipe()
    recipe.hidden = hidden ?? recipe.hidden
    recipe.l2 = l2
    recipe.learningRate = learningRate
    recipe.epochs = epochs ?? recipe.epochs
    recipe.batch = batch
    recipe.validationShare = validationShare
    recipe.trainsMix = !freezeMix
    recipe.seed = seed
    return recipe
  }

  private func pool(_ texts: [String], by embedder: TextEmbedder) -> PooledTexts {
    var workspace = embedder.workspace(tokenBudget: 4096)
    var progress = ConsoleProgress("embed", total: texts.count, unit: "tweets")
    return PooledTexts(texts, by: embedder, workspace: &workspace, block: 256) {
      progress.report(done: $0)
    }
  }

  private func train(
    _ set: TrainingSet, _ pooled: PooledTexts, rows: ValidationSplit
  ) throws -> TrainedHead {
    StandardStream.output.write(TrainingHistory.opening(rows) + "\n")
    var epochStart = ContinuousClock.now
    do {
      return try HeadTrainer(articleRecipe, labels: set.labels).train(
        pooled, truths: set.truths, split: rows,
        epoch: { epoch in
          let now = ContinuousClock.now
          let line = epoch.line(seconds: (now - epochStart).inSeconds)
          StandardStream.output.write(epoch.heading + "\n" + line + "\n")
          epochStart = now
        })
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
  }

  private func validationRows(of set: TrainingSet) -> ValidationSplit {
    guard split == .group, validationShare > 0 else {
      return .lastRows(of: set.rows.count, share: validationShare)
    }
    let folds = max(2, Int((1 / validationShare).rounded()))
    return GroupedSplit(
      groups: set.rows.map { TextGroup.key($0.text) }, folds: folds, seed: seed
    ).split(holdingOut: 0)
  }

  /// Both splits' figures beside the majority rate, history.csv and history.svg.
  private func report(_ trained: TrainedHead, set: TrainingSet, pooled: PooledTexts) throws {
    for (title, rows) in [
      ("training", trained.split.training), ("validation", trained.split.validation),
    ] where !rows.isEmpty {
      let metrics = EvaluationMetrics(
        trained.evaluatedRows(rows, of: pooled, data: set), labels: set.labels, threshold: 0.5,
        thresholdOrigin: "fixed", seed: seed)
      StandardStream.output.write("\n\(title):\n\(metrics.table)")
    }
    try trained.history.csv.write(
      toFile: output + "/history.csv", atomically: true, encoding: .utf8)
    try trained.history.svg.write(
      toFile: output + "/history.svg", atomically: true, encoding: .utf8)
  }

  private func crossValidate(
    _ set: TrainingSet, _ pooled: PooledTexts, folds: Int
  ) throws -> (split: GroupedSplit, validation: CrossValidation) {
    let split = GroupedSplit(
      groups: set.rows.map { TextGroup.key($0.text) }, folds: folds, seed: seed)
    do {
      return (
        split,
        try CrossValidation(
          pooled, truths: set.truths, labels: set.labels, folds: split, recipe: articleRecipe)
      )
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
  }

  /// The figures over all folds, and the fold of every row in folds.csv.
  private func report(
    _ folded: (split: GroupedSplit, validation: CrossValidation), of set: TrainingSet
  ) throws {
    let metrics = EvaluationMetrics(
      folded.validation.evaluatedRows(set), labels: set.labels, threshold: 0.5,
      thresholdOrigin: "fixed", seed: seed)
    StandardStream.output.write("\n\(folded.split.folds)-fold by group:\n\(metrics.table)")
    try folded.split.csv.write(
      toFile: output + "/folds.csv", atomically: true, encoding: .utf8)
  }

  private func write(
    _ trained: TrainedHead, base: ModelBundle, set: TrainingSet, cleaning: CleaningProfile
  ) throws -> ModelBundle {
    let manifest = trained.manifest(
      basedOn: base.manifest, name: title, cleaning: cleaning.rawValue, data: set,
      facts: ["data": data.name])
    do {
      try trained.write(to: output, base: base, manifest: manifest)
      return try ModelBundle(directory: output)
    } catch {
      throw CommandFailure("cannot write the bundle: \(error)", code: .cannotCreate)
    }
  }
}

extension TextKey: ExpressibleByArgument {}

extension CleaningProfile: ExpressibleByArgument {
  /// The profile that a bundle names.
  init(named name: String) throws {
    guard let profile = CleaningProfile(rawValue: name) else {
      throw CommandFailure(
        "the bundle's cleaning profile \(name) is not known; known are article and tweet",
        code: .badInput)
    }
    self = profile
  }
}
