package import Classifier
package import ELMo

extension PooledTexts {
  /// The pooled layers of texts by a language model; `progress` hears how many texts are done.
  package init(
    _ texts: [String], by embedder: TextEmbedder, workspace: inout ELMoWorkspace, block: Int = 128,
    progress: (Int) -> Void = { _ in }
  ) {
    self.init(
      rows: texts.count, layers: embedder.model.layerCount, width: embedder.model.width,
      block: block,
      embed: { range in
        embedder.pooledLayers(texts[range].map(embedder.prepare), workspace: &workspace)
      }, progress: progress)
  }
}
