import JSON
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
  @Option(help: "The terms of the weights; the base's without it.") var licence: String?
  @Option(help: "The cleaning profile: article or tweet; the base's without it.")
  var cleaning: CleaningProfile?
  @Flag(help: "Learn the label neutral too, instead of dropping its rows.") var keepNeutral = false
  @Option(
    help: ArgumentHelp(
      "How validation rows are set apart, or test rows: last (the article's last rows) or group.",
      discussion: "With --test it is how test rows are."))
  var split: ValidationSplit.Manner = .last
  @Option(help: "How validation rows are chosen beside --test: last or group.")
  var validationSplit: ValidationSplit.Manner = .group
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The share of the rows that validates, or files whose rows validate; their texts do not train.",
      discussion: """
        With --recipe tune they choose the epoch, the factors of network and co-head, and the threshold or \
        offsets; with --recipe calibrate all of it but the epoch. 0.2 without it; beside --test, 0.1 of the rows that are left.
        """, valueName: "share|file[:key=value,…]"))
  var validation: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "With --recipe tune: the share of the rows, or files, to measure on; they choose nothing.",
      valueName: "share|file[:key=value,…]"))
  var test: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files whose texts neither train nor validate, such as test sets.",
      valueName: "file[:key=value,…]"))
  var exclude: [String] = []
  @Flag(help: "Keep only the first training row of each text.") var distinct = false
  @Option(
    help: "Which texts are the same: letters (equal letters a to z) or group (ELMo's groups).")
  var sameText = TextKey.letters
  @Option(
    help:
      "article: a head on the embeddings as published; tune: network, head and co-head; calibrate: none of them, temperature and decision alone."
  )
  var recipe: Recipe = .article
  @Option(help: "Passes over the training rows; 5 by article, 6 by tune.") var epochs: Int?
  @Option(help: "Rows of a training step.") var batch = 256
  @Option(help: "Units of the hidden layer; 256 without it.") var hidden: Int?
  @Option(help: "RMSprop's step.") var learningRate: Float = 0.001
  @Option(help: "The l2 penalty on the hidden kernel.") var l2: Float = 0.001
  @Option(help: "The seed of starts and shuffling.") var seed: UInt64 = 1
  @Flag(help: "Keep the scalar mix as it is.") var freezeMix = false
  @Option(
    help: ArgumentHelp(
      "Also cross-validate over this many folds by group, and write folds.csv.",
      discussion: "With --recipe tune, a tenth of each fold's training rows, by group, chooses."))
  var folds: Int?
  @Flag(help: "Print one JSON object; the rest goes to standard error.") var json = false

  @OptionGroup(title: "With --recipe tune") var tune: TuneOptions

  /// The ways to train.
  enum Recipe: String, ExpressibleByArgument {
    case article, tune, calibrate
  }

  func validate() throws {
    guard epochs ?? 1 > 0, batch > 0, hidden ?? 1 >= (recipe == .tune ? 0 : 1) else {
      throw ValidationError("--epochs, --batch and --hidden take 1 or more")
    }
    for (flag, values) in [("--validation", validation), ("--test", test)] {
      let shares = values.compactMap(Double.init)
      guard shares.isEmpty || values.count == 1, shares.allSatisfy((0..<1).contains) else {
        throw ValidationError(
          "\(flag) takes one share of 0 up to, not including, 1, or names of files")
      }
      guard folds == nil || values.count == shares.count else {
        throw ValidationError("--folds divides all rows, so that \(flag) cannot name files")
      }
    }
    guard folds.map({ $0 >= 2 }) ?? true else { throw ValidationError("--folds takes 2 or more") }
    guard test.isEmpty || recipe != .article else {
      throw ValidationError(
        "--test goes with --recipe tune or calibrate; validation rows choose nothing in the article's recipe"
      )
    }
    _ = try DataSpecification.all(files(validation) + files(test) + exclude)
    // The parser fills in defaults: what was given can only be seen in the words themselves.
    for word in ProcessInfo.processInfo.arguments
    where foreignFlags.contains(where: { word == $0 || word.hasPrefix($0 + "=") }) {
      throw ValidationError(
        "\(word) means nothing to --recipe \(recipe.rawValue)"
          + (recipe == .article ? "; it goes with --recipe tune" : ""))
    }
  }

  /// The options that mean nothing to the recipe.
  private var foreignFlags: [String] {
    let article = ["--batch", "--learning-rate", "--l2", "--freeze-mix"]
    return switch recipe {
    case .article: tune.flags
    case .tune: article
    case .calibrate:
      article + tune.flags.filter { $0 != "--metric" }
        + ["--epochs", "--hidden", "--folds", "--cleaning"]
    }
  }

  /// The share of the rows that validates.
  private var validationShare: Double {
    validation.first.flatMap(Double.init) ?? (test.isEmpty ? 0.2 : 0.1)
  }

  private func files(_ values: [String]) -> [String] { values.filter { Double($0) == nil } }

  func run() throws {
    try NewDirectory.require(output)
    var bundle = try ModelLocator.open(try ModelLocator.find(flag: base))
    bundle.manifest.licence = licence ?? bundle.manifest.licence
    let read = try data.read(
      keepingNeutral: keepNeutral, validation: try DataSpecification.all(files(validation)),
      test: try DataSpecification.all(files(test)),
      excluding: try DataSpecification.all(exclude), distinct: distinct, key: sameText)
    StandardStream.error.say(read.report.text)
    let set = read.set
    let groups = set.rows.map { TextGroup.key($0.text) }
    let rows = divide(groups, files: read.split)
    guard !rows.training.isEmpty else {
      throw CommandFailure("\(data.title): no row is left to train on", code: .badInput)
    }
    let report = TrainReport(json: json)
    report.note("recipe", text: recipe.rawValue)
    report.note("base", text: bundle.manifest.name)
    report.note("data", text: data.name)
    report.note("seed", "\(seed)")
    if tune.confidenceWeights, !set.rows.contains(where: { $0.confidence != nil }) {
      throw CommandFailure(
        "--confidence-weights needs a column of confidence, and \(data.title) names none",
        remedy: "name it: --confidence-column COLUMN", code: .usage)
    }
    if recipe == .calibrate { return try calibrate(bundle, set, rows, report) }
    if recipe == .tune { return try tune(bundle, set, rows, groups, report) }
    guard set.weights(byConfidence: false).allSatisfy({ $0 == 1 }) else {
      throw CommandFailure(
        "the article's recipe counts every row alike", remedy: "leave the weights out",
        code: .usage)
    }
    let embedder: TextEmbedder
    do { embedder = try TextEmbedder(bundle, cleaning: cleaning, engine: .fp32) } catch {
      throw CommandFailure(model: error, in: bundle.directory)
    }
    let start = ContinuousClock.now
    report.split(rows, groups: groups)
    let pooled = pool(set.rows.map(\.text), by: embedder)
    let trained = try train(set, pooled, rows: rows, report)
    let folded = try folds.map { try crossValidate(set, pooled, folds: $0) }
    bundle = try write(trained, base: bundle, set: set, cleaning: embedder.cleaning)
    try tell(trained, set: set, pooled: pooled, report)
    if let folded { try tell(folded, of: set, report) }
    report.note("seconds", JSONText.number((ContinuousClock.now - start).inSeconds))
    report.finish()
    StandardStream.error.say("wrote \(bundle.directory)")
  }

  /// Which rows train, validate and test, where files do not say so.
  private func divide(_ groups: [String], files given: ValidationSplit?) -> ValidationSplit {
    var rows = given ?? ValidationSplit(training: Array(groups.indices), validation: [])
    if let share = test.first.flatMap(Double.init) {
      rows.setTestApart(share, split, groups: groups, seed: seed)
    }
    if files(validation).isEmpty {
      rows.setValidationApart(
        validationShare, test.isEmpty ? split : validationSplit, groups: groups, seed: seed)
    }
    return rows
  }

  private func tune(
    _ bundle: ModelBundle, _ set: TrainingSet, _ rows: ValidationSplit, _ groups: [String],
    _ report: TrainReport
  ) throws {
    let session = TuneSession(
      base: bundle, set: set, split: rows,
      cleaning: try cleaning ?? CleaningProfile(named: bundle.manifest.cleaning),
      recipe: tune.recipe(epochs: epochs, hidden: hidden, seed: seed), options: tune,
      output: output, name: title, data: data.name, report: report)
    try session.run(
      folds: folds.map { GroupedSplit(groups: groups, folds: $0, seed: seed) })
  }

  private func calibrate(
    _ bundle: ModelBundle, _ set: TrainingSet, _ rows: ValidationSplit, _ report: TrainReport
  ) throws {
    try CalibrateSession(
      base: bundle, set: set, split: rows, metric: tune.metric, seed: seed, output: output,
      name: title, data: data.name, report: report
    ).run()
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
    _ set: TrainingSet, _ pooled: PooledTexts, rows: ValidationSplit, _ report: TrainReport
  ) throws -> TrainedHead {
    report.say(TrainingHistory.opening(rows))
    var epochStart = ContinuousClock.now
    do {
      return try HeadTrainer(articleRecipe, labels: set.labels).train(
        pooled, truths: set.truths, split: rows,
        epoch: { epoch in
          let now = ContinuousClock.now
          let line = epoch.line(seconds: (now - epochStart).inSeconds)
          report.say(epoch.heading + "\n" + line)
          epochStart = now
        })
    } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
  }

  /// Both splits' figures beside the majority rate, history.csv and history.svg.
  private func tell(
    _ trained: TrainedHead, set: TrainingSet, pooled: PooledTexts, _ report: TrainReport
  ) throws {
    for (title, rows) in [
      ("training", trained.split.training), ("validation", trained.split.validation),
    ] where !rows.isEmpty {
      let metrics = EvaluationMetrics(
        trained.evaluatedRows(rows, of: pooled, data: set), labels: set.labels, threshold: 0.5,
        thresholdOrigin: "fixed", seed: seed)
      report.figures(title, title, metrics)
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
  private func tell(
    _ folded: (split: GroupedSplit, validation: CrossValidation), of set: TrainingSet,
    _ report: TrainReport
  ) throws {
    let metrics = EvaluationMetrics(
      folded.validation.evaluatedRows(set), labels: set.labels, threshold: 0.5,
      thresholdOrigin: "fixed", seed: seed)
    report.figures("folds", "\(folded.split.folds)-fold by group", metrics)
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
extension ValidationSplit.Manner: ExpressibleByArgument {}

extension CleaningProfile: ExpressibleByArgument {
  /// The profile that a bundle names.
  init(named name: String) throws {
    guard let profile = CleaningProfile(rawValue: name) else {
      throw CommandFailure(
        "the bundle's cleaning profile \(name) is not known; known are "
          + CleaningProfile.allCases.map(\.rawValue).joined(separator: ", "),
        code: .badInput)
    }
    self = profile
  }
}
