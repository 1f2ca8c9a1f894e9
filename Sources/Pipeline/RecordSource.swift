package import Tweets

/// Where records come from; the daemon adapts files, folders and standard input to it.
///
/// A source is pulled by one thread of its own, which it may block.
package protocol RecordSource: Sendable {
  /// The name of the settings, which is also the `source` column of the database.
  var name: String { get }

  /// What happens to its records when they come faster than they are classified.
  var overload: OverloadPolicy { get }

  /// False for a live stream, which goes on for ever.
  var ends: Bool { get }

  /// The next records, at most `maxRecords`, or what else there is to say.
  mutating func poll(maxRecords: Int, now: Timestamp) throws -> SourcePoll
}

extension RecordSource {
  /// A source waits unless it says otherwise.
  package var overload: OverloadPolicy { .wait }
  /// A source ends unless it says otherwise.
  package var ends: Bool { true }
}

/// What one pull of a source brings.
package enum SourcePoll: Sendable {
  /// Records of one file, in order.
  case records(RecordBatch)
  /// Nothing now; ask again a little later.
  case idle
  /// Nothing came although the source itself has waited for it; ask again at once.
  case quiet
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
  /// The file or address, for messages.
  package var path: String
  /// How far a live stream is read with the last record; nil for other sources.
  package var stream: StreamPosition?
  /// What the bytes of the file turned out to be; nil for a live stream.
  package var facts: FileFacts?
  /// Posts among the records that a budget pays for.
  package var spent: Int
  /// The beginning of the file; nil for a source without one.
  package var opening: FileOpening?
  /// Gaps that are entered in the transaction that moves the stream's position.
  package var gaps: [Gap]

  /// A batch from its parts.
  package init(
    records: [Record], lines: [Int], start: FilePosition?, path: String,
    stream: StreamPosition? = nil, facts: FileFacts? = nil, spent: Int = 0,
    opening: FileOpening? = nil, gaps: [Gap] = []
  ) {
    precondition(
      records.count == lines.count, "\(records.count) records have \(lines.count) line numbers")
    self.records = records
    self.lines = lines
    self.start = start
    self.path = path
    self.stream = stream
    self.facts = facts
    self.spent = spent
    self.opening = opening
    self.gaps = gaps
  }
}

/// What a source has to tell beside its records.
package enum SourceNotice: Sendable {
  /// The state changed: `reading`, `waiting`, `rotated`, …
  case state(String, detail: String)
  /// Something was missed.
  case gap(Gap)
  /// Records were dropped because they came too fast; how many, from when to when.
  case shed(Gap)
  /// Something happened that is counted under this name.
  case counted(String, Int)
  /// So many bytes of this file were no characters and were replaced; `isFirst`: nothing was said of the file yet.
  case replaced(path: String, bytes: Int, encoding: String, isFirst: Bool)
  /// This file was read to its end.
  case fileFinished(FilePosition)
  /// What became of a file, in order with the records.
  case file(FileNote)
  /// Files of a folder were left unread: how many, and the first of them with the reasons.
  case unread(count: Int, names: String)
  /// This file is gone; its position is no longer needed.
  case fileForgotten(FilePosition)
  /// This file cannot be read further.
  case fault(path: String, reason: String)
}
