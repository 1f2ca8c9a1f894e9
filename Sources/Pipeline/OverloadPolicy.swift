/// What happens to a source's records when they come faster than they are classified.
package enum OverloadPolicy: Sendable, Equatable {
  /// The source waits: it loses nothing by it.
  case wait
  /// The source is left alone for a while when its backlog fills, as far as a server's patience goes, and then read on,
  /// for a server cuts a slow reader off: what finds no room is dropped by a sample, counted, and entered in the ledger.
  case shed(Limits)

  /// How much may wait between the socket and the classifier.
  package struct Limits: Sendable, Equatable {
    /// Records at most.
    package var records: Int
    /// Their bytes at most.
    package var bytes: Int
    /// For how long a source may be read more slowly than it gives.
    package var patience: Duration

    /// Limits from their parts; the defaults are the daemon's.
    package init(
      records: Int = 8192, bytes: Int = 32 << 20, patience: Duration = .seconds(5)
    ) {
      precondition(records > 0 && bytes > 0, "a backlog needs room, not \(records) of \(bytes) B")
      self.records = records
      self.bytes = bytes
      self.patience = patience
    }
  }
}
