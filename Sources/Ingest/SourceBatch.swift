package import Tweets

/// Records of one file, in order.
package struct SourceBatch: Sendable {
  /// The records, faulty and blank ones among them.
  package var records: [Record]
  /// For each record, the lines that ended before its `end`.
  package var lines: [Int]
  /// The position before the first record; nil for a source that cannot be read again.
  ///
  /// Its `itemsDone` are those of the stored position when reading went on exactly there, else 0.
  package var start: FilePosition?
  /// The file or address, for messages.
  package var path: String
  /// How far a live stream is read with the last of the records; nil for other sources.
  package var stream: StreamPosition?
  /// What the bytes of the file turned out to be; nil for a live stream.
  package var facts: FileFacts?
  /// The beginning of the file; nil for a source without one.
  package var opening: FileOpening?
  /// Posts among the records that a budget pays for.
  package var spent = 0
  /// Gaps that are settled in the transaction that moves the stream's position.
  package var gaps: [Gap] = []

  /// The position after the record at `index`; nil for a source that cannot be read again.
  package func position(after index: Int) -> FilePosition? {
    guard var position = start else { return nil }
    position.offset = records[index].end
    position.line = lines[index]
    position.itemsDone = 0
    return position
  }
}
