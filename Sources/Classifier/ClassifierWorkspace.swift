package import ELMo
import Synchronization

/// What one worker needs to classify: the network's scratch memory with its cache of tokens, and the answers that
/// are remembered.
package struct ClassifierWorkspace: ~Copyable {
  /// Scratch memory and token cache of the network.
  package var network: ELMoWorkspace
  /// The answers to the texts seen last.
  package let texts: RememberedTexts

  init(network: consuming ELMoWorkspace, texts: RememberedTexts) {
    self.network = network
    self.texts = texts
  }
}

/// The answers of one classifier to the texts seen last; its workers may share them.
package final class RememberedTexts: Sendable {
  let owner: ObjectIdentifier  // the classifier, whose answers these are
  private let cache: Mutex<TextCache>

  init(for classifier: SentimentClassifier, capacity: Int) {
    owner = ObjectIdentifier(classifier)
    cache = Mutex(TextCache(capacity: capacity))
  }

  /// Hits and misses since the start, and how many texts are held.
  package var figures: (hits: Int, misses: Int, count: Int) {
    // Async functions ask; `PipelineMonitor` tells why that must not be inlined.
    @inline(never) get { cache.withLock { ($0.hits, $0.misses, $0.count) } }
  }

  /// Looks up or keeps the texts of a whole batch, while others wait.
  func withCache<Result: Sendable>(_ body: (inout TextCache) -> Result) -> Result {
    cache.withLock { body(&$0) }
  }
}
