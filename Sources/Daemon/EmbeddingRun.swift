import ELMo
import Training
import TweetText

/// Embeds many texts once, with progress, for training.
struct EmbeddingRun {
  let model: ELMoModel
  let cleaning: CleaningProfile

  /// The pooled layers of the texts, cleaned first.
  func pool(_ texts: [String]) -> PooledTexts {
    var workspace = ELMoWorkspace(for: model, tokenBudget: 4096, cacheCapacity: 65_536)
    var progress = ConsoleProgress("embed", total: texts.count, unit: "tweets")
    return PooledTexts(
      rows: texts.count, layers: model.layerCount, width: model.width, block: 256,
      embed: { range in
        model.pooledLayers(
          texts[range].map { ELMoToken.splitOnSpaces(cleaning.clean($0)) }, workspace: &workspace)
      },
      progress: { progress.report(done: $0) })
  }
}
