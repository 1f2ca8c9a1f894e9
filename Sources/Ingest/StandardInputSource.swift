package import Tweets

/// Standard input as a source of the daemon; it cannot be read twice, so it has no position.
package struct StandardInputSource: ~Copyable, Sendable {
  private static let patience: Int32 = 100  // milliseconds in which a stop is noticed

  /// The name of the settings.
  package let name: String
  private let waiter: FileDescriptor
  private var reader: FileReader
  private var outbox: [SourceEvent] = []
  private var isFinished = false

  /// Standard input, or another descriptor that stays open as long as the source.
  package init(
    name: String, descriptor: Int32 = 0, options: IngestOptions = IngestOptions()
  ) throws(IngestError) {
    self.name = name
    waiter = .borrowing(descriptor)
    let own = FileDescriptor.borrowing(descriptor)
    let status = try own.status(of: "standard input")
    reader = FileReader(own, path: "standard input", status: status, options: options)
  }

  /// What came, or `.idle` when nothing came for a tenth of a second.
  package mutating func poll(maxRecords: Int, now: Timestamp) -> SourceEvent {
    if !outbox.isEmpty { return outbox.removeFirst() }
    if isFinished { return .finished }
    let event = pull(maxRecords: maxRecords)
    let notes = reader.takeNotes()
    guard !notes.isEmpty else { return event }
    outbox = notes + [event]
    return outbox.removeFirst()
  }

  private mutating func pull(maxRecords: Int) -> SourceEvent {
    do throws(IngestError) {
      if let batch = try reader.batch(maxRecords: maxRecords, end: .open, reads: 0) {
        return .batch(withoutPosition(batch))
      }
      while reader.holdsUnreadBytes
        || waiter.waitUntilReadable(milliseconds: StandardInputSource.patience)
      {
        if let batch = try reader.batch(maxRecords: maxRecords, end: .open, reads: 1) {
          return .batch(withoutPosition(batch))
        }
        if reader.isAtEnd { return try takeRest(maxRecords: maxRecords) }
      }
      return .idle
    } catch {
      isFinished = true
      guard error.kind != .foreign else {
        return .file(FileNote(error, facts: reader.facts, isFailure: true))
      }
      return .fault(path: "standard input", reason: error.description)
    }
  }

  private mutating func takeRest(maxRecords: Int) throws(IngestError) -> SourceEvent {
    if let batch = try reader.batch(maxRecords: maxRecords, end: .final) {
      return .batch(withoutPosition(batch))
    }
    if let event = reader.replacement() { return event }
    isFinished = true
    return .finished
  }

  private func withoutPosition(_ batch: SourceBatch) -> SourceBatch {
    var batch = batch
    batch.start = nil
    return batch
  }
}
