package import ELMo
package import TweetText
package import Tweets

/// Texts to sentiments: a bundle's cleaning, language model and head.
///
/// A text's answer has the same bits alone, in any batch and in any order.
package final class SentimentClassifier: Sendable {
  /// Cleaning and language model.
  package let embedder: TextEmbedder
  /// The labels in the order of a sentiment's probabilities.
  package let labels: [Label]
  /// The name that the `model` column of the database shows.
  package let modelName: String
  /// The score from which a two-label model answers `positive`.
  package let threshold: Double
  /// Where the threshold comes from: `model` or `default`.
  package let thresholdOrigin: String

  /// The labels as a set.
  package let labelSet: LabelSet
  private let head: Head
  private let temperature: Float?

  /// The classifier of a bundle; `maxTokens` lowers the bundle's cap.
  ///
  /// Refuses a bundle without head, labels other than the two sets, an unknown cleaning profile, a
  /// threshold that is no probability, and tensors of another shape or not finite: what, where, and
  /// the remedy.
  package init(_ bundle: ModelBundle, maxTokens: Int? = nil) throws {
    let manifest = bundle.manifest
    guard manifest.head != nil, let names = manifest.labels else {
      throw ClassifierError.noHead(directory: bundle.directory)
    }
    guard let labelSet = LabelSet(names: names) else {
      throw ClassifierError.labels(names, directory: bundle.directory)
    }
    if let threshold = manifest.threshold, !(0...1).contains(threshold) {
      throw ClassifierError.threshold(threshold, directory: bundle.directory)
    }
    head = Head(try HeadWeights(bundle))
    embedder = try TextEmbedder(bundle, maxTokens: maxTokens)
    self.labelSet = labelSet
    labels = labelSet.labels
    modelName = manifest.name
    temperature = manifest.temperature
    threshold = manifest.threshold.map(Double.init) ?? 0.5
    thresholdOrigin = manifest.threshold == nil ? "default" : "model"
  }

  /// How texts are cleaned.
  package var cleaning: CleaningProfile { embedder.cleaning }

  /// Scratch for calls of `classify`; one a worker.
  package func workspace(tokenBudget: Int = 1024) -> ELMoWorkspace {
    embedder.workspace(tokenBudget: tokenBudget)
  }

  /// One answer a text, in order: the text as the model read it, and what the model says of it.
  package func classify(
    _ texts: [String], workspace: inout ELMoWorkspace
  ) -> [(clean: String, sentiment: Sentiment)] {
    let prepared = texts.map(embedder.prepare)
    let pooled = embedder.pooledLayers(prepared, workspace: &workspace)
    let probabilities = head.probabilities(
      pooled: pooled.span, rows: texts.count, temperature: temperature)
    return zip(prepared, probabilities).map { text, probabilities in
      guard !text.tokens.isEmpty else { return (text.clean, .undecided) }
      let sentiment = labelSet.sentiment(
        probabilities, threshold: threshold, truncated: text.truncated)
      return (text.clean, sentiment)
    }
  }
}
