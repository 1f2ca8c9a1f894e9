import Pipeline
import Synchronization
import Tweets

/// Finds `good` positive and everything else negative; hands the text back as it came.
final class FakeClassifier: TweetClassifier {
  let modelName = "fake-1"
  private let texts = Counter()
  private let calls = Mutexed<[Int]>([])
  private let before: @Sendable () async throws -> Void

  /// A classifier that does something before each batch, such as to wait.
  init(before: @escaping @Sendable () async throws -> Void = {}) { self.before = before }

  /// How many texts were read.
  var count: Int { texts.value }
  /// Texts of each call.
  var sizes: [Int] { calls.value }

  func classify(_ texts: [String]) async throws -> [ClassifiedText] {
    calls.change { $0.append(texts.count) }
    try await before()
    return texts.map { text in
      _ = self.texts.next()
      let isGood = text.contains("good")
      let score = Double(text.utf8.count % 50) / 100 + (isGood ? 0.5 : 0)
      return ClassifiedText(
        clean: text,
        sentiment: Sentiment(
          label: isGood ? .positive : .negative, score: score, probabilities: [1 - score, score]))
    }
  }
}

/// Holds back whoever passes until it is opened.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
