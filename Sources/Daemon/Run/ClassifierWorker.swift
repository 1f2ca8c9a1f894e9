import Classifier
import Dispatch
import ELMo
import Pipeline

/// The model with a workspace, on a thread queue of its own: a batch is a long blocking calculation.
actor ClassifierWorker {
  /// What the caches of tokens and of texts did since the start.
  struct CacheFigures: Sendable {
    var tokenHits: Int
    var tokenMisses: Int
    var textHits: Int
    var textMisses: Int

    static func + (a: CacheFigures, b: CacheFigures) -> CacheFigures {
      CacheFigures(
        tokenHits: a.tokenHits + b.tokenHits, tokenMisses: a.tokenMisses + b.tokenMisses,
        textHits: a.textHits + b.textHits, textMisses: a.textMisses + b.textMisses)
    }
  }

  private let classifier: SentimentClassifier
  private var workspace: ClassifierWorkspace
  private let queue = DispatchQueueExecutor(label: "elmond.classifier")

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe queue.asUnownedSerialExecutor() }

  init(_ classifier: SentimentClassifier, tokenBudget: Int = 2048) {
    self.classifier = classifier
    workspace = classifier.workspace(tokenBudget: tokenBudget)
  }

  /// One answer a text, computed on one or two threads.
  func classify(_ texts: [String], threads: Int) -> [ClassifiedText] {
    workspace.network.threads = threads
    return classifier.classify(texts, workspace: &workspace).map {
      ClassifiedText(clean: $0.clean, sentiment: $0.sentiment)
    }
  }

  /// Hits and misses of both caches.
  var cacheFigures: CacheFigures {
    CacheFigures(
      tokenHits: workspace.network.cache.hits, tokenMisses: workspace.network.cache.misses,
      textHits: workspace.texts.hits, textMisses: workspace.texts.misses)
  }
}
