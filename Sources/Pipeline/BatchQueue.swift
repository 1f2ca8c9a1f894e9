import Aggregates

/// A batch between the decoder and the store.
struct BatchUnderWay: Sendable {
  /// The versions that its tweets are counted with in the end, as far as it decides them; that of a deleted
  /// tweet is beyond every other.
  let versions: [DedupKey: Int64]
  /// What it adds to the aggregates, known before it is committed.
  let counted: Task<CountedBatch, any Error>
  /// Done when it is committed.
  let committed: Task<Void, any Error>

  /// Calls it off, unless it is committed.
  func cancel() {
    counted.cancel()
    committed.cancel()
  }
}

/// The batches under way, the oldest first, a bounded number of them.
struct BatchQueue {
  /// Batches under way at most.
  let capacity: Int
  private(set) var batches: [BatchUnderWay] = []

  init(capacity: Int) {
    precondition(capacity > 0, "a pipeline has room for at least 1 batch, not \(capacity)")
    self.capacity = capacity
  }

  /// Waits until there is room for another batch; throws what kept an older one from being committed.
  mutating func makeRoom() async throws {
    while batches.count >= capacity { try await finishOldest() }
  }

  /// Adds the batch that follows all others.
  mutating func append(_ batch: BatchUnderWay) { batches.append(batch) }

  /// Waits until all are committed.
  mutating func drain() async throws {
    while !batches.isEmpty { try await finishOldest() }
  }

  /// Calls off what is not committed yet, and waits until nothing is at work any more.
  mutating func cancel() async {
    for batch in batches { batch.cancel() }
    for batch in batches { _ = await batch.committed.result }
    batches = []
  }

  private mutating func finishOldest() async throws {
    let oldest = batches[0]
    try await withTaskCancellationHandler {
      try await oldest.committed.value
    } onCancel: {
      oldest.cancel()
    }
    batches.removeFirst()
  }
}
