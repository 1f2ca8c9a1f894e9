package import Aggregates
package import Tweets

/// Everything that one transaction carries: the difference of the aggregates and the positions behind it.
package struct BatchCommit: Sendable {
  /// Differences to add; negative where an edit or delete takes something back.
  package var aggregates: [AggregateKey: AggregateValue] = [:]
  /// How far each file is read once this is committed.
  package var positions: [MicroBatch.FileKey: FilePosition] = [:]
  /// What to add to the rows of files.
  package var files: [FileTally] = []
  /// How far each live stream is read once this is committed.
  package var streams: [String: StreamPosition] = [:]
  /// Posts of this batch that a budget pays for, by source.
  package var spent: [String: Int64] = [:]
  /// Positions to drop, before `positions` are stored: their files are gone, new ones may have their inodes.
  package var forgotten: [MicroBatch.FileKey: FilePosition] = [:]
  /// Tweets to remember, for duplicates, edits and deletes.
  package var seen: [SeenTweet] = []
  /// Rows for the gap ledger.
  package var gaps: [Gap] = []
  /// Differences of the counters.
  package var counters: [CounterKey: Int64] = [:]
  /// The newest event time of each source.
  package var newest: [String: Timestamp] = [:]
  /// Sources that were read to their end: nothing can come late from them.
  package var finished: Set<String> = []
  /// When the batch was made.
  package var arrival: Timestamp

  /// A commit that changes nothing yet.
  package init(arrival: Timestamp) { self.arrival = arrival }
}
