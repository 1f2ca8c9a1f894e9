package import Aggregates

/// What keeps the aggregates; the daemon adapts the database to it.
package protocol BatchStore: Sendable {
  /// The remembered tweets among the keys, for duplicates, edits and deletes.
  func seen(_ keys: [DedupKey]) async throws -> [DedupKey: SeenTweet]

  /// Writes a whole batch in one transaction, or nothing of it.
  func commit(_ commit: BatchCommit) async throws

  /// True for an error that may pass by itself, such as a full disk.
  func isTemporary(_ error: any Error) -> Bool

  /// True for a temporary error whose cause is that another program holds the database.
  func isLocked(_ error: any Error) -> Bool
}

extension BatchStore {
  /// Nothing else has the store unless it says otherwise.
  package func isLocked(_ error: any Error) -> Bool { false }
}
