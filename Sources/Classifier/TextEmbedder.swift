package import ELMo
package import TweetText

/// Texts to pooled layers: the part that a classifier and the training of its head share.
package final class TextEmbedder: Sendable {
  /// The language model.
  package let model: ELMoModel
  /// How texts are cleaned.
  package let cleaning: CleaningProfile
  /// The most tokens of a text that are read.
  package let maxTokens: Int

  /// The embedder of a bundle, with or without a head; `cleaning` replaces the profile of the manifest,
  /// `maxTokens` lowers its cap, `engine` replaces its engine.
  package init(
    _ bundle: ModelBundle, cleaning: CleaningProfile? = nil, maxTokens: Int? = nil,
    engine: Engine? = nil
  ) throws {
    let manifest = bundle.manifest
    guard let profile = cleaning ?? CleaningProfile(rawValue: manifest.cleaning) else {
      throw ClassifierError.cleaning(manifest.cleaning, directory: bundle.directory)
    }
    guard manifest.stateMode != .carry else {
      throw ClassifierError.stateMode(directory: bundle.directory)
    }
    self.cleaning = profile
    self.maxTokens = min(maxTokens ?? manifest.maxTokens, manifest.maxTokens)
    model = try ELMoModel(bundle, engine: engine)
  }

  /// Scratch for calls of this embedder; one a worker.
  package func workspace(tokenBudget: Int = 1024) -> ELMoWorkspace {
    ELMoWorkspace(for: model, tokenBudget: tokenBudget)
  }

  /// A text cleaned, split and cut.
  package func prepare(_ text: String) -> PreparedText {
    PreparedText(text, cleaning: cleaning, maxTokens: maxTokens)
  }

  /// The pooled layers [texts, layers, width] of prepared texts; zeros where nothing is left of
  /// one.
  package func pooledLayers(
    _ texts: [PreparedText], workspace: inout ELMoWorkspace
  ) -> [Float] {
    model.pooledLayers(texts.map(\.tokens), workspace: &workspace)
  }
}
