package import Aggregates
package import Tweets

/// Tweets that are classified and committed together, with everything that the same transaction carries.
package struct MicroBatch: Sendable {
  /// What a record held, in the order of the source.
  package enum Item: Sendable {
    case tweet(Tweet, source: String)
    case delete(id: String, namespace: String, source: String)
  }

  /// A file of a source; two sources may read the same one.
  package struct FileKey: Sendable, Hashable {
    /// The source's name.
    package var source: String
    /// Device number of the file.
    package var device: UInt64
    /// Inode number of the file.
    package var inode: UInt64

    /// The key of a position.
    package init(source: String, _ position: FilePosition) {
      self.source = source
      device = position.device
      inode = position.inode
    }
  }

  /// Tweets and deletes in order.
  package var items: [Item] = []
  /// What the batch adds to the rows of the files that it comes from.
  package var files: [FileTally] = []
  /// For each item the place of its file in `files`; nil for a live stream.
  package var fileOfItem: [Int?] = []
  /// How far each file is read once the batch is committed.
  package var positions: [FileKey: FilePosition] = [:]
  /// How far each live stream is read once the batch is committed.
  package var streams: [String: StreamPosition] = [:]
  /// Posts that sources delivered and that a budget pays for, by source.
  package var spent: [String: Int64] = [:]
  /// Positions of files that are gone.
  package var forgotten: [FileKey: FilePosition] = [:]
  /// What was counted while decoding.
  package var counters: [CounterKey: Int64] = [:]
  /// Rows for the gap ledger.
  package var gaps: [Gap] = []
  /// Sources that were read to their end.
  package var finished: Set<String> = []
  /// When the first item arrived, for the latency.
  package var firstArrival: ContinuousClock.Instant?

  /// True when a commit would change nothing.
  package var isEmpty: Bool {
    items.isEmpty && positions.isEmpty && streams.isEmpty && spent.isEmpty && forgotten.isEmpty
      && files.isEmpty && counters.isEmpty && gaps.isEmpty && finished.isEmpty
  }

  /// The place of a file's tally in `files`; it is made when it is not there.
  package mutating func file(_ path: String, of source: String) -> Int {
    if let last = files.indices.last, files[last].path == path, files[last].source == source {
      return last
    }
    if let index = files.firstIndex(where: { $0.path == path && $0.source == source }) {
      return index
    }
    files.append(FileTally(source: source, path: path))
    return files.count - 1
  }

  /// Adds one to a counter of a source.
  package mutating func count(_ name: String, _ source: String, _ amount: Int64 = 1) {
    counters[CounterKey(source: source, name: name), default: 0] += amount
  }
}
