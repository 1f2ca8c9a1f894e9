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
  var options: IngestOptions
  let isRecursive: Bool
  var known = KnownFiles()
  /// Files that were emptied or rewritten while they were read.
  var rewritten: [KnownFile.Key: Timestamp] = [:]
  /// Paths of plain files whose last record is waited for: they are looked at in every poll.
  var partial: [KnownFile.Key: String] = [:]
  /// What was reported, by path, so that it is reported once.
  var refused: [String: IngestError.Kind] = [:]
  /// Files that were left unread since the log was told.
  var unread: [String] = []
  var listing: FolderListing?
  /// What is to be read, the last first.
  var queue: [Folder.Entry] = []
  var outbox: [SourceEvent] = []
  private var reader: FileReader?
  private var resumedAt: FilePosition?
  /// The known file of which the one that is read is a longer or packed copy.
  private var original: KnownFile.Key?
  private var end = FileReader.End.open
  private var lastRead: Timestamp?
  private var lastState = ""

  /// A source that goes on at the stored positions; `recursive`: with the folders in it. Without `follow` it ends when all files are read.
  package init(
    name: String, path: String, follow: Bool = true, recursive: Bool = true,
    options: IngestOptions = IngestOptions(), positions: [FilePosition] = []
  ) {
    self.name = name
    self.path = path
    self.follow = follow
    isRecursive = recursive
    self.options = options
    self.options.isOneOfMany = true
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
        readOn(maxRecords: maxRecords, now: now)
      } else if !queue.isEmpty {
        open(queue.removeLast(), now: now)
      } else if !wasListed {
        wasListed = true
        try lookForWork(now: now)
      } else if !unread.isEmpty {
        tellUnread()
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

  /// Notes that a file is left out, unless that was done.
  mutating func leaveUnread(_ path: String, because reason: String) {
    guard refused[path] != .unread else { return }
    refused[path] = .unread
    unread.append("\(FileReader.lastComponent(of: path)) (\(reason))")
    outbox.append(.file(FileNote(path: path, state: .unread, reason: reason)))
  }

  /// Tells the log once a look which files are left unread.
  private mutating func tellUnread() {
    outbox.append(.unread(count: unread.count, names: unread.prefix(5).joined(separator: ", ")))
    unread = []
  }

  // MARK: One file

  private mutating func open(_ entry: Folder.Entry, now: Timestamp) {
    do throws(IngestError) {
      var opened = try FileReader(path: entry.path, options: options, admitting: .regularFile)
      let key = KnownFile.Key(opened.opened)
      let old = known[key].flatMap { $0.isUnchanged(entry.status) ? $0.lookedAt : nil }
      // The directory of a ZIP archive is at its end: it is read when it is whole.
      if !isSettled(opened.opened, since: old, now: now), try opened.isArchive() {
        waitForRest(of: opened.opened, at: entry.path, now: now)
        return
      }
      guard try goOn(in: &opened, now: now) else { return }
      let since = known[key].flatMap { $0.isUnchanged(entry.status) ? $0.lookedAt : nil }
      end = isSettled(opened.opened, since: since, now: now) ? .final : .open
      resumedAt = original == nil ? known[key]?.position : nil
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

  /// Goes to where the file was read to, under this inode or as another file of which it is a copy.
  ///
  /// False while it is shorter than what was read and may still grow. A shorter or another file is read whole.
  private mutating func goOn(
    in opened: inout FileReader, now: Timestamp
  ) throws(IngestError) -> Bool {
    original = nil
    let key = KnownFile.Key(opened.opened)
    let position: FilePosition
    if let old = known[key] {
      position = old.position
    } else if let relative = known.relative(of: opened.path), relative.key != key {
      position = relative.file.position
      original = relative.key
    } else {
      return true
    }
    switch try opened.resume(at: position) {
    case .resumed: break
    case .short where !isSettled(opened.opened, since: nil, now: now): return false
    case .short, .other:
      opened = try FileReader(path: opened.path, options: options, admitting: .regularFile)
      if original == nil { known[key] = nil }
      original = nil
      if let since = rewritten[key] {
        outbox.append(.gap(Gap(source: name, from: since, to: now, reason: "truncated")))
      }
    }
    rewritten[key] = nil
    return true
  }

  /// Queues the next batch, or leaves the file when it is done with for now.
  private mutating func readOn(maxRecords: Int, now: Timestamp) {
    do throws(IngestError) {
      let batch = try reader?.batch(maxRecords: maxRecords, end: end)
      takeNotes()
      if let batch {
        lastRead = now
        say("reading", batch.path)
        outbox.append(.batch(batch))
        return
      }
      if reader?.contentChanged == true {
        beginAnew(now: now)
      } else {
        close(isPartial: reader?.holdsPartialRecord ?? false, now: now)
      }
    } catch {
      takeNotes()
      if reader?.contentChanged == true {
        beginAnew(now: now)
        return
      }
      if error.kind == .foreign || error.kind == .unread {
        closeForeign(because: error, now: now)
        return
      }
      if let path = reader?.path { refuse(path, error.kind, error.description) }
      close(isPartial: false, fault: error.kind, now: now)
    }
  }

  private mutating func takeNotes() {
    if let notes = reader?.takeNotes() { outbox += notes }
  }

  /// Looks at a file again when it is settled; an unknown one is due in each look.
  private mutating func waitForRest(of look: FileStatus, at path: String, now: Timestamp) {
    let key = KnownFile.Key(look)
    guard let old = known[key] else { return }
    known[key] = KnownFile(position: old.position, look: look, lookedAt: now, isPartial: true)
    partial[key] = path
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
      if position.offset != resumedAt?.offset || resumedAt?.finished != true
        || position.memberNumber != resumedAt?.memberNumber
      {
        outbox.append(.fileFinished(position))
      }
    }
    if isPartial, known[key]?.isPartial != true {
      outbox.append(
        .file(
          FileNote(
            path: position.path, state: .partial, facts: reader?.facts ?? FileFacts(),
            reason: "its last record is not complete yet")))
    }
    known[key] = KnownFile(
      position: position, look: look, lookedAt: now, isPartial: isPartial, fault: fault)
    if let original, !known.isPresent(original), let old = known[original]?.position {
      known[original] = nil
      outbox.append(.fileForgotten(old))
    }
    // To read on in a compressed file means to decompress it from its beginning: not in every poll.
    partial[key] = isPartial && position.codec == Codec.plain.rawValue ? position.path : nil
    reader = nil
  }

  /// Leaves a file whose content is not tweets until it changes.
  private mutating func closeForeign(because error: IngestError, now: Timestamp) {
    guard var position = reader?.position, let look = reader?.opened else { return }
    position.finished = true
    position.isRefused = true
    if error.kind == .unread {
      leaveUnread(position.path, because: error.cause)
    } else {
      outbox.append(
        .file(
          FileNote(
            error, position: position, facts: reader?.facts ?? FileFacts(),
            isFirst: reader?.wasRefused != true)))
    }
    let key = KnownFile.Key(position)
    known[key] = KnownFile(position: position, look: look, lookedAt: now)
    partial[key] = nil
    reader = nil
  }

  /// A file that was emptied while it was read is looked at again: it may become a longer copy of itself.
  private mutating func beginAnew(now: Timestamp) {
    guard let position = reader?.position else { return }
    reader = nil
    let key = KnownFile.Key(position)
    known[key] = KnownFile(position: position)
    rewritten[key] = lastRead ?? now
    partial[key] = nil
    listing = nil
  }
}
