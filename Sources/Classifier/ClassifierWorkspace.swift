package import ELMo

/// What one worker needs to classify: the network's scratch memory, and the caches of tokens and texts.
package struct ClassifierWorkspace: ~Copyable {
  /// Scratch memory and token cache of the network.
  package var network: ELMoWorkspace
  /// The answers to the texts seen last.
  package internal(set) var texts: TextCache

  let owner: ObjectIdentifier  // the classifier, whose answers these are

  init(for classifier: SentimentClassifier, network: consuming ELMoWorkspace, textCapacity: Int) {
    owner = ObjectIdentifier(classifier)
    self.network = network
    texts = TextCache(capacity: textCapacity)
  }
}
