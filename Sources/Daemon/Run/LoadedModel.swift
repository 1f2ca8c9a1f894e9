import Aggregates
import Classifier
import ELMo
import Glibc

/// The classifier that the settings name, loaded and ready.
struct LoadedModel: Sendable {
  /// The model with its workspaces.
  let classifier: ClassifierPool
  /// The name in log, report and the `model` column.
  let name: String
  /// What its products are computed in, and the path: such as `int8 on avx2`.
  let engine: String
  /// The languages whose tweets are scored; nil: all.
  let languages: Set<String>?
  /// Scores of a two-label model that count as neutral.
  let neutralBand: NeutralBand?

  /// The bundle that it was loaded from.
  let bundle: ModelBundle
  /// A number that is another one once a file of the bundle is replaced.
  let identity: Int64

  /// Loads the model; one that is missing or broken is refused.
  init(_ settings: Settings.Model) throws {
    let bundle = try ModelLocator.open(try ModelLocator.find(flag: nil, settings: settings.path))
    do {
      let classifier = try SentimentClassifier(
        bundle, maxTokens: settings.maxTokens, engine: settings.engine, decision: settings.decision)
      let band =
        settings.neutralBand.map { [$0.lowerBound, $0.upperBound] }
        ?? bundle.manifest.neutralBand?.map(Double.init)
      self.classifier = ClassifierPool(classifier)
      self.bundle = bundle
      identity = LoadedModel.identity(of: [
        "\(bundle.directory)/model.json", bundle.tensors.path,
      ])
      languages = settings.anyLanguage ? nil : classifier.languages
      name = classifier.modelName
      engine = classifier.embedder.model.engineDescription
      neutralBand = band.flatMap { $0.count == 2 ? NeutralBand(low: $0[0], high: $0[1]) : nil }
    } catch {
      throw CommandFailure("\(error)", code: .configuration)
    }
  }

  private static func identity(of paths: [String]) -> Int64 {
    var hash = SipHash()
    for path in paths {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { continue }
      let facts = [
        Int64(status.st_size), Int64(bitPattern: UInt64(status.st_ino)),
        Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
      ]
      for fact in facts { hash.append("\(fact) ".utf8) }
    }
    return Int64(truncatingIfNeeded: hash.finish() >> 1)
  }
}
