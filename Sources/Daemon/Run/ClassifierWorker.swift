import Classifier
import Dispatch
import ELMo
import Pipeline

/// The model with a workspace, on a thread queue of its own: a batch is a long blocking calculation.
actor ClassifierWorker {
  private let classifier: SentimentClassifier
  private var workspace: ClassifierWorkspace
  private let queue = DispatchQueueExecutor(label: "elmond.classifier")

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe queue.asUnownedSerialExecutor() }

  init(_ classifier: SentimentClassifier, sharing texts: RememberedTexts, tokenBudget: Int = 2048) {
    self.classifier = classifier
    workspace = classifier.workspace(tokenBudget: tokenBudget, sharing: texts)
  }

  /// One answer a text, computed on one or two threads.
  func classify(_ texts: [String], threads: Int) -> [ClassifiedText] {
    workspace.network.threads = threads
    return classifier.classify(texts, workspace: &workspace).map {
      ClassifiedText(clean: $0.clean, sentiment: $0.sentiment)
    }
  }

  /// Hits and misses of the token cache.
  var tokenFigures: (hits: Int, misses: Int) {
    (workspace.network.cache.hits, workspace.network.cache.misses)
  }
}
