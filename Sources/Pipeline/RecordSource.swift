package import Tweets

/// Where records come from; the daemon adapts files, folders and standard input to it.
///
/// A source is pulled by one thread of its own, which it may block.
package protocol RecordSource: Sendable {
  /// The name of the settings, which is also the `source` column of the database.
  var name: String { get }

  /// The next records, at most `maxRecords`, or what else there is to say.
  mutating func poll(maxRecords: Int, now: Timestamp) throws -> SourcePoll
}

/// What one pull of a source brings.
package enum SourcePoll: Sendable {
  /// Records of one file, in order.
  case records(RecordBatch)
  /// Nothing now; ask again a little later.
  case idle
  /// Something to record that is no record.
  case notice(SourceNotice)
  /// The source is at its end and will not be asked again.
  case finished
}

/// Records of one file, in order.
package struct RecordBatch: Sendable {
  /// The records.
  package var records: [Record]
  /// For each record, the lines that ended before its `end`.
  package var lines: [Int]
  /// The position before the first record; nil for a source that cannot be read again.
  package var start: FilePosition?
  /// The file, for messages.
  package var path: String

  /// A batch from its parts.
  package init(records: [Record], lines: [Int], start: FilePosition?, path: String) {
    precondition(
      records.count == lines.count, "\(records.count) records have \(lines.count) line numbers")
    self.records = records
    self.lines = lines
    self.start = start
    self.path = path
  }
}

/// What a source has to tell beside its records.
package enum SourceNotice: Sendable {
  /// The state changed: `reading`, `waiting`, `rotated`, …
  case state(String, detail: String)
  /// Something was missed.
  case gap(Gap)
  /// This file was read to its end.
  case fileFinished(FilePosition)
  /// This file is gone; its position is no longer needed.
  case fileForgotten(FilePosition)
  /// This file cannot be read further.
  case fault(path: String, reason: String)
}
