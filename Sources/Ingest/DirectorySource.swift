package import Tweets

/// A spool folder as a source: every file once, oldest first, new and grown ones as they come.
///
/// A file is whole when it ends with a line (and, compressed, with a complete stream); otherwise once it
/// has not changed for the settling time. It never sleeps: after `.idle` the caller waits and asks again.
package struct DirectorySource: ~Copyable, Sendable {
  private struct Key: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  /// What is known of a file that was looked at.
  private struct Known {
    var position: FilePosition
    /// Size and time of change at the last look; nil when that was before a restart.
    var look: FileStatus?
    var lookedAt: Timestamp
    /// True when the rest of a record was missing then.
    var isPartial: Bool
  }

  /// The name of the settings.
  package let name: String
  /// The folder.
  package let path: String
  private let follow: Bool
  private let options: IngestOptions
  private var known: [Key: Known] = [:]
  private var queue: [Folder.Entry] = []
  private var refused: Set<String> = []
  private var reader: FileReader?
  private var resumedAt: FilePosition?
  private var end = FileReader.End.open
  private var lastRead: Timestamp?
  private var lastState = ""
  private var outbox: [SourceEvent] = []

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
      known[Key(device: position.device, inode: position.inode)] = Known(
        position: position, look: nil, lookedAt: Timestamp(milliseconds: 0), isPartial: false)
    }
  }

  /// What came. Throws when the folder cannot be listed.
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
        try list(now: now)
      } else {
        if follow, say("waiting", path) { continue }
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

  // MARK: The folder

  /// Queues what is to be read, oldest first, and gives up the positions of files that are gone.
  private mutating func list(now: Timestamp) throws(IngestError) {
    let entries = try Folder.entries(of: path)
    var present: Set<Key> = []
    for entry in entries {
      present.insert(Key(device: entry.status.device, inode: entry.status.inode))
      guard DirectorySource.isWanted(entry.name) else { continue }
      if entry.status.isLink {
        refuse(entry.path, "it is a symbolic link; put the file itself into the folder")
      } else if entry.status.isRegular {
        noteFirstLook(entry, now: now)
        if isDue(entry, now: now) { queue.append(entry) }
      }
    }
    queue.sort { ($0.status.modified, $0.name) < ($1.status.modified, $1.name) }
    for (key, gone) in known where !present.contains(key) {
      known[key] = nil
      outbox.append(.fileForgotten(gone.position))
    }
  }

  /// False for hidden files and those that are still being made.
  private static func isWanted(_ name: String) -> Bool {
    !name.hasPrefix(".") && !name.hasSuffix(".tmp") && !name.hasSuffix(".part")
      && !name.hasSuffix("~")
  }

  /// Takes a compressed file that was finished before a restart as unchanged since.
  ///
  /// To look for growth in it would mean to decompress every old file at each start.
  private mutating func noteFirstLook(_ entry: Folder.Entry, now: Timestamp) {
    let key = Key(device: entry.status.device, inode: entry.status.inode)
    guard let old = known[key], old.look == nil, old.position.finished,
      old.position.codec != Codec.plain.rawValue
    else { return }
    known[key]?.look = entry.status
    known[key]?.lookedAt = now
  }

  /// True when there may be something new in a file.
  private func isDue(_ entry: Folder.Entry, now: Timestamp) -> Bool {
    let key = Key(device: entry.status.device, inode: entry.status.inode)
    guard let known = known[key] else { return true }
    guard let look = known.look else { return true }
    if look.size != entry.status.size || look.modified != entry.status.modified { return true }
    return known.isPartial && isSettled(look, since: known.lookedAt, now: now)
  }

  private func isSettled(_ status: FileStatus, since: Timestamp?, now: Timestamp) -> Bool {
    if !follow { return true }
    let nanoseconds = now.milliseconds * 1_000_000
    // By the file's clock, or by ours where the two differ.
    if nanoseconds - status.modified >= options.settleNanoseconds { return true }
    guard let since else { return false }
    return nanoseconds - since.milliseconds * 1_000_000 >= options.settleNanoseconds
  }

  private mutating func refuse(_ path: String, _ reason: String) {
    guard refused.insert(path).inserted else { return }
    outbox.append(.fault(path: path, reason: reason))
  }

  // MARK: One file

  private mutating func open(_ entry: Folder.Entry, now: Timestamp) {
    let key = Key(device: entry.status.device, inode: entry.status.inode)
    do throws(IngestError) {
      var opened = try FileReader(path: entry.path, options: options, admitting: .regularFile)
      let position = known[key]?.position
      if let position, try !opened.resume(at: position) {
        // Another file at the inode of one that is gone, or an emptied one.
        opened = try FileReader(path: entry.path, options: options, admitting: .regularFile)
        known[key] = nil
      }
      let since = known[key].flatMap { known in
        known.look?.size == entry.status.size && known.look?.modified == entry.status.modified
          ? known.lookedAt : nil
      }
      end = isSettled(opened.opened, since: since, now: now) ? .final : .open
      resumedAt = known[key]?.position
      reader = consume opened
      refused.remove(entry.path)
    } catch {
      refuse(entry.path, error.description)
      if error.kind != .permission, error.kind != .missing, let old = known[key] {
        known[key] = Known(
          position: old.position, look: entry.status, lookedAt: now, isPartial: false)
      }
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
      if let path = reader?.path { outbox.append(.fault(path: path, reason: error.description)) }
      close(isPartial: false, now: now)
    }
    return nil
  }

  /// Leaves a file at the end of what is there.
  private mutating func close(isPartial: Bool, now: Timestamp) {
    // The look is the one before reading: what was added meanwhile shows as a change.
    guard var position = reader?.position, let look = reader?.opened else { return }
    position.finished = !isPartial
    if position.finished, position.offset != resumedAt?.offset || resumedAt?.finished != true {
      outbox.append(.fileFinished(position))
    }
    known[Key(device: position.device, inode: position.inode)] = Known(
      position: position, look: look, lookedAt: now, isPartial: isPartial)
    reader = nil
  }

  /// A file that was emptied while it was read is read from its beginning.
  private mutating func beginAnew(now: Timestamp) {
    guard let position = reader?.position else { return }
    reader = nil
    known[Key(device: position.device, inode: position.inode)] = nil
    let gap = Gap(source: name, from: lastRead ?? now, to: now, reason: "truncated")
    outbox.append(.gap(gap))
  }
}
