import Classifier
import Pipeline

/// Two workers over one model. A batch that is alone is computed on two threads, its directions side by side; of
/// two batches each has a thread, and none waits for the other. An answer's bits are the same either way.
final class ClassifierPool: TweetClassifier {
  /// What the caches of tokens and of texts did since the start.
  struct CacheFigures: Sendable {
    var tokenHits = 0
    var tokenMisses = 0
    var textHits: Int
    var textMisses: Int
  }

  let modelName: String
  private let texts: RememberedTexts  // a retweet may come to either worker
  private let workers: [ClassifierWorker]
  private let calls: Guarded<[Int]>  // under way, of each worker

  init(_ classifier: SentimentClassifier, workers count: Int = 2) {
    modelName = classifier.modelName
    let texts = classifier.rememberedTexts()
    self.texts = texts
    workers = (0..<count).map { _ in ClassifierWorker(classifier, sharing: texts) }
    calls = Guarded(Array(repeating: 0, count: count))
  }

  func classify(_ texts: [String]) async -> [ClassifiedText] {
    let (worker, isAlone) = begin()
    defer { end(worker) }
    return await workers[worker].classify(texts, threads: isAlone ? 2 : 1)
  }

  /// The worker with the fewest calls under way, and whether there are none.
  private func begin() -> (worker: Int, isAlone: Bool) {
    calls.withLock { calls in
      let isAlone = calls.allSatisfy { $0 == 0 }
      let worker = calls.indices.min { calls[$0] < calls[$1] } ?? 0
      calls[worker] += 1
      return (worker, isAlone)
    }
  }

  private func end(_ worker: Int) { calls.withLock { $0[worker] -= 1 } }

  /// Hits and misses of all caches.
  var cacheFigures: CacheFigures {
    get async {
      let texts = texts.figures
      var figures = CacheFigures(textHits: texts.hits, textMisses: texts.misses)
      for worker in workers {
        let tokens = await worker.tokenFigures
        figures.tokenHits += tokens.hits
        figures.tokenMisses += tokens.misses
      }
      return figures
    }
  }
}
