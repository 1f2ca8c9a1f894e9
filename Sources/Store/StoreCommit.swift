package import Aggregates
package import Tweets

/// Everything that one batch changes; it is stored as a whole or not at all.
package struct StoreCommit: Sendable {
  /// A file's position and the source it belongs to.
  package struct SourcePosition: Sendable, Equatable {
    /// The source's name.
    package var source: String
    /// How far the file is read.
    package var position: FilePosition

    /// A position from its parts.
    package init(source: String, position: FilePosition) {
      self.source = source
      self.position = position
    }
  }

  /// A file of a source, as the kernel names it.
  package struct FileIdentity: Sendable, Hashable {
    /// The source's name.
    package var source: String
    /// Device number of the file.
    package var device: UInt64
    /// Inode number of the file.
    package var inode: UInt64

    /// An identity from its parts.
    package init(source: String, device: UInt64, inode: UInt64) {
      self.source = source
      self.device = device
      self.inode = inode
    }
  }

  /// Differences to add to the aggregates; negative ones take back edited and deleted tweets.
  package var aggregates: [AggregateKey: AggregateValue] = [:]
  /// Where the sources' files are read to.
  package var positions: [SourcePosition] = []
  /// Files that are gone; their positions are dropped, before `positions` are stored.
  package var forgottenFiles: [FileIdentity] = []
  /// What to add to the rows of files.
  package var files: [FileTally] = []
  /// Where the live sources are counted to.
  package var streams: [String: StreamPosition] = [:]
  /// Posts to add to those of the day of the arrival that a budget pays for, by source.
  package var spent: [String: Int64] = [:]
  /// Tweets to remember, new or changed, and pointers to them.
  package var seen: [SeenTweet] = []
  /// Gaps to enter in the ledger.
  package var gaps: [Gap] = []
  /// Differences to add to the counters.
  package var counters: [CounterKey: Int64] = [:]
  /// The watermarks of sources that came forward.
  package var watermarks: [String: Timestamp] = [:]
  /// Readings for the view `health`, such as `latency_seconds`.
  package var health: [String: Double] = [:]
  /// When the batch arrived.
  package var arrival: Timestamp

  /// A commit that changes nothing yet.
  package init(arrival: Timestamp) { self.arrival = arrival }
}
