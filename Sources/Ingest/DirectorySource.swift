package import Tweets

/// A spool folder as a source: every file once, oldest first, new and grown ones as they come.
///
/// A file is whole when it ends with a line (and, compressed, with a complete stream); otherwise once it
/// has not changed for the settling time. It never sleeps: after `.idle` the caller waits and asks again.
package struct DirectorySource: ~Copyable, Sendable {
  /// The name of the settings.
  package let name: String
  /// The folder.
  package let path: String
  let follow: Bool
  let options: IngestOptions
  var known: [KnownFile.Key: KnownFile] = [:]
  /// Known files that are not in the folder, and since when; they may come back.
  var missing: [KnownFile.Key: Timestamp] = [:]
  /// Paths of plain files whose last record is waited for: they are looked at in every poll.
  var partial: [KnownFile.Key: String] = [:]
  /// What was reported, by path, so that it is reported once.
  var refused: [String: IngestError.Kind] = [:]
  var listing: FolderListing?
  var queue: [Folder.Entry] = []
  var outbox: [SourceEvent] = []
  private var reader: FileReader?
  private var resumedAt: FilePosition?
  private var end = FileReader.End.open
  private var lastRead: Timestamp?
  private var lastState = ""

  /// A source that goes on at the stored positions; without `follow` it ends when all files are read.
  package init(
    name: String, path: String, follow: Bool = true, options: IngestOptions = IngestOptions(),
    positions: [FilePosition] = []
  ) {
    self.name = name
    self.path = path
    self.follow = follow
    self.options = options
    for position in positions {
      known[KnownFile.Key(position)] = KnownFile(position: position)
    }
  }

  /// What came. Throws when the folder cannot be listed and is not followed; else that is waited for.
  package mutating func poll(
    maxRecords: Int, now: Timestamp
  ) throws(IngestError) -> SourceEvent {
    var wasListed = false
    while true {
      if !outbox.isEmpty { return outbox.removeFirst() }
      if reader != nil {
        if let batch = readOn(maxRecords: maxRecords, now: now) { return .batch(batch) }
      } else if !queue.isEmpty {
        open(queue.removeFirst(), now: now)
      } else if !wasListed {
        wasListed = true
        try lookForWork(now: now)
      } else {
        if follow, listing != nil, say("waiting", path) { continue }
        return follow ? .idle : .finished
      }
    }
  }

  @discardableResult
  private mutating func say(_ state: String, _ detail: String) -> Bool {
    guard lastState != state + detail else { return false }
    lastState = state + detail
    outbox.append(.state(state, detail: detail))
    return true
  }

  private mutating func lookForWork(now: Timestamp) throws(IngestError) {
    do throws(IngestError) {
      try look(now: now)
    } catch {
      listing = nil
      guard follow else { throw error }
      say("waiting", error.description)
    }
  }

  /// Reports what is wrong with a file, unless that was done.
  mutating func refuse(_ path: String, _ kind: IngestError.Kind, _ reason: String) {
    guard refused[path] != kind else { return }
    refused[path] = kind
    outbox.append(.fault(path: path, reason: reason))
  }

  // MARK: One file

  private mutating func open(_ entry: Folder.Entry, now: Timestamp) {
    do throws(IngestError) {
      var opened = try FileReader(path: entry.path, options: options, admitting: .regularFile)
      let key = KnownFile.Key(opened.opened)
      if let position = known[key]?.position, try !opened.resume(at: position) {
        // Another file at the inode of one that is gone, or an emptied one.
        opened = try FileReader(path: entry.path, options: options, admitting: .regularFile)
        known[key] = nil
      }
      let since = known[key].flatMap { $0.isUnchanged(entry.status) ? $0.lookedAt : nil }
      end = isSettled(opened.opened, since: since, now: now) ? .final : .open
      resumedAt = known[key]?.position
      reader = consume opened
    } catch {
      // What is gone since the listing is no fault; the next listing tells.
      guard error.kind != .missing else { return }
      refuse(entry.path, error.kind, error.description)
      let key = KnownFile.Key(entry.status)
      partial[key] = nil
      guard error.kind != .permission, let old = known[key] else { return }
      known[key] = KnownFile(
        position: old.position, look: entry.status, lookedAt: now, fault: error.kind)
    }
  }

  /// The next batch, or nil when the file is done with for now.
  private mutating func readOn(maxRecords: Int, now: Timestamp) -> SourceBatch? {
    do throws(IngestError) {
      if let batch = try reader?.batch(maxRecords: maxRecords, end: end) {
        lastRead = now
        say("reading", batch.path)
        return batch
      }
      if reader?.contentChanged == true {
        beginAnew(now: now)
      } else {
        close(isPartial: reader?.holdsPartialRecord ?? false, now: now)
      }
    } catch {
      if reader?.contentChanged == true {
        beginAnew(now: now)
        return nil
      }
      if error.kind == .foreign {
        closeForeign(because: error, now: now)
        return nil
      }
      if let path = reader?.path { refuse(path, error.kind, error.description) }
      close(isPartial: false, fault: error.kind, now: now)
    }
    return nil
  }

  /// Leaves a file at the end of what is there, or at what cannot be read.
  private mutating func close(isPartial: Bool, fault: IngestError.Kind? = nil, now: Timestamp) {
    // The look is the one before reading: what was added meanwhile shows as a change.
    guard var position = reader?.position, let look = reader?.opened else { return }
    if let event = reader?.replacement() { outbox.append(event) }
    let key = KnownFile.Key(position)
    position.finished = !isPartial && fault == nil
    if position.finished {
      refused[position.path] = nil
      if position.offset != resumedAt?.offset || resumedAt?.finished != true {
        outbox.append(.fileFinished(position))
      }
    }
    known[key] = KnownFile(
      position: position, look: look, lookedAt: now, isPartial: isPartial, fault: fault)
    // To read on in a compressed file means to decompress it from its beginning: not in every poll.
    partial[key] = isPartial && position.codec == Codec.plain.rawValue ? position.path : nil
    reader = nil
  }

  /// Leaves a file whose content is not tweets until it changes.
  private mutating func closeForeign(because error: IngestError, now: Timestamp) {
    guard var position = reader?.position, let look = reader?.opened else { return }
    position.finished = true
    position.isRefused = true
    outbox.append(
      .file(
        FileNote(
          error, position: position, facts: reader?.facts ?? FileFacts(),
          isFirst: reader?.wasRefused != true)))
    let key = KnownFile.Key(position)
    known[key] = KnownFile(position: position, look: look, lookedAt: now)
    partial[key] = nil
    reader = nil
  }

  /// A file that was emptied while it was read is read from its beginning.
  private mutating func beginAnew(now: Timestamp) {
    guard let position = reader?.position else { return }
    reader = nil
    known[KnownFile.Key(position)] = nil
    partial[KnownFile.Key(position)] = nil
    listing = nil
    let gap = Gap(source: name, from: lastRead ?? now, to: now, reason: "truncated")
    outbox.append(.gap(gap))
  }
}
