import Aggregates
import Dispatch
import Pipeline
import Synchronization
import Tweets

/// A pipeline between fakes, and what it said.
struct Bench {
  let store: FakeStore
  let classifier: FakeClassifier
  let monitor: PipelineMonitor
  let pipeline: SentimentPipeline
  let said = Mutexed<[String]>([])
  let told = Mutexed<[ScoredTweet]>([])

  init(
    _ sources: [any RecordSource], store: FakeStore = FakeStore(),
    classifier: FakeClassifier = FakeClassifier(), maxTweets: Int = 7,
    warningsWait hold: DispatchSemaphore? = nil,
    change: (inout SentimentPipeline.Configuration) -> Void = { _ in }
  ) {
    self.store = store
    self.classifier = classifier
    monitor = PipelineMonitor(sources: sources.map(\.name))
    var configuration = SentimentPipeline.Configuration()
    configuration.maxTweets = maxTweets
    configuration.maxWait = .seconds(30)
    configuration.maxPause = .seconds(30)
    configuration.retryPause = .milliseconds(2)
    configuration.positions = store.kept.positions
    change(&configuration)
    let (said, told) = (said, told)
    pipeline = SentimentPipeline(
      sources: sources, classifier: classifier, store: store, configuration: configuration,
      monitor: monitor,
      events: PipelineEvents(
        tweet: { scored, _, _ in told.change { $0.append(scored) } },
        state: { phrase, _ in said.change { $0.append(phrase) } },
        warning: { phrase, _ in
          said.change { $0.append(phrase) }
          hold?.wait()
        }),
      clock: { Script.now })
  }

  /// Runs to the end and returns the error that ended it, if any.
  func outcome() async -> (any Error)? {
    do {
      try await pipeline.run()
      return nil
    } catch {
      return error
    }
  }
}

/// Waits, by short pauses, until something holds; false when it does not for ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
  let end = ContinuousClock.now + .seconds(60)
  while !condition() {
    guard ContinuousClock.now < end else { return false }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}

/// Blocks the calling thread, which must be one of its own, until something holds.
func block(until condition: () -> Bool) {
  let never = DispatchSemaphore(value: 0)
  while !condition() { _ = never.wait(timeout: .now() + 0.001) }
}

/// A value behind a lock.
final class Mutexed<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  init(_ value: Value) { mutex = Mutex(value) }

  var value: Value { mutex.withLock { $0 } }

  func change(_ body: (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}
