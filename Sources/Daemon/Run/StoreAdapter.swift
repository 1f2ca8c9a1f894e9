import Aggregates
import Pipeline
import Store
import Tweets

/// The database as the pipeline sees it.
struct StoreAdapter: BatchStore {
  let store: AggregateStore
  let watermark = Watermark()

  func seen(_ keys: [DedupKey]) async throws -> [DedupKey: SeenTweet] {
    try await store.seen(keys)
  }

  func commit(_ commit: BatchCommit) async throws {
    var rows = StoreCommit(arrival: commit.arrival)
    rows.aggregates = commit.aggregates
    rows.positions = commit.positions.map {
      StoreCommit.SourcePosition(source: $0.key.source, position: $0.value)
    }
    rows.forgottenFiles = commit.forgotten.keys.map {
      StoreCommit.FileIdentity(source: $0.source, device: $0.device, inode: $0.inode)
    }
    rows.files = commit.files
    rows.streams = commit.streams
    rows.spent = commit.spent
    rows.seen = commit.seen
    rows.gaps = commit.gaps
    rows.counters = commit.counters
    rows.watermarks = commit.newest.mapValues { watermark.time(newest: $0) }
    for source in commit.finished { rows.watermarks[source] = Watermark.finished }
    try await store.commit(rows)
  }

  func isTemporary(_ error: any Error) -> Bool {
    (error as? StoreError)?.isRetryable ?? false
  }

  func isLocked(_ error: any Error) -> Bool { (error as? StoreError)?.kind == .busy }
}
