package import Tweets

/// One file as a source: read once, or followed like `tail -F` through rotation and truncation.
///
/// It never sleeps: after `.idle` the caller waits as it likes and asks again.
package struct FileSource: ~Copyable, Sendable {
  private enum Part {
    /// The file that the path names now.
    case current
    /// An older one, that the path named before.
    case predecessor
  }

  /// A file that could not be read on: it is left alone until it changes.
  private struct Barred {
    var status: FileStatus
    var position: FilePosition
    var kind: IngestError.Kind

    func isUnchanged(_ now: FileStatus) -> Bool {
      now.isSameFile(device: status.device, inode: status.inode) && now.size == status.size
        && now.modified == status.modified
    }
  }

  /// The name of the settings.
  package let name: String
  /// The path of the settings.
  package let path: String
  private let follow: Bool
  private let options: IngestOptions
  private var stored: [FilePosition]?
  private var reader: FileReader?
  private var part = Part.current
  private var successors: [String] = []
  private var retired: [FilePosition] = []
  private var outbox: [SourceEvent] = []
  private var lastState = ""
  private var lastRead: Timestamp?
  private var replacedSince: Timestamp?
  private var barred: Barred?
  /// How far the file was read that the path named before, with the first bytes of it where they are known.
  private var ancestor: (position: FilePosition, beginning: PrefixFingerprint?)?
  /// Why and since when records are missing unless the next file goes on where the last one ended.
  private var pendingGap: (reason: String, from: Timestamp)?
  private var isFinished = false

  /// A source that goes on at the stored positions; `follow`: wait for more at the end.
  package init(
    name: String, path: String, follow: Bool, options: IngestOptions = IngestOptions(),
    positions: [FilePosition] = []
  ) {
    self.name = name
    self.path = path
    self.follow = follow
    self.options = options
    stored = positions
  }

  /// What came. Throws when a file that is read once is missing or may not be read.
  package mutating func poll(
    maxRecords: Int, now: Timestamp
  ) throws(IngestError) -> SourceEvent {
    while true {
      if !outbox.isEmpty { return outbox.removeFirst() }
      if isFinished { return .finished }
      if reader == nil {
        guard try openNext(now: now) else { return .idle }
        continue
      }
      if let event = readOn(maxRecords: maxRecords, now: now) { return event }
      guard outbox.isEmpty, !isFinished, reader != nil else { continue }
      if try isWaiting(now: now) { return .idle }
    }
  }

  // MARK: Opening

  /// Opens the next file; false when there is none yet.
  private mutating func openNext(now: Timestamp) throws(IngestError) -> Bool {
    if let positions = stored {
      guard try isReady(toRecover: positions) else { return !outbox.isEmpty }
      stored = nil
      recover(positions, now: now)
      return true
    }
    part = successors.isEmpty ? .current : .predecessor
    let next = successors.isEmpty ? path : successors.removeFirst()
    if part == .current, let barred, let status = try? FileStatus(path: next),
      barred.isUnchanged(status)
    {
      return false
    }
    do throws(IngestError) {
      var opened = try FileReader(path: next, options: options, admitting: .regularFile)
      if part == .current {
        try leaveBarred(&opened, now: now)
        guard try goOnInCopy(&opened, now: now) else { return !outbox.isEmpty }
      }
      reader = consume opened
    } catch {
      guard part == .current else {
        outbox.append(.fault(path: next, reason: error.description))
        return true
      }
      try wait(because: error)
      return !outbox.isEmpty
    }
    say("reading", next)
    return true
  }

  /// Goes on behind the last good record of a damaged file that changed; another file is read whole.
  private mutating func leaveBarred(
    _ opened: inout FileReader, now: Timestamp
  ) throws(IngestError) {
    guard let old = barred else { return }
    guard opened.opened.isSameFile(device: old.status.device, inode: old.status.inode) else {
      barred = nil
      retire(old.position)
      ancestor = (old.position, nil)
      return
    }
    barred?.status = opened.opened
    guard try opened.resume(at: old.position) != .resumed else { return }
    opened = try FileReader(path: path, options: options, admitting: .regularFile)
    barred = nil
    miss("truncated", from: lastRead ?? now, to: now)
  }

  /// Goes on where the last file ended if this one is a longer copy of it, as rsync, editors and pandas make them.
  ///
  /// False while the file is still shorter than the last one and begins like it: it may be under way.
  private mutating func goOnInCopy(
    _ opened: inout FileReader, now: Timestamp
  ) throws(IngestError) -> Bool {
    guard let (position, beginning) = ancestor else { return true }
    switch try opened.resume(at: position) {
    case .resumed: pendingGap = nil
    case .short where mayGrow(opened, like: beginning, now: now): return false
    case .short, .other:
      opened = try FileReader(path: path, options: options, admitting: .regularFile)
      if let gap = pendingGap.take() { miss(gap.reason, from: gap.from, to: now) }
    }
    ancestor = nil
    return true
  }

  private func mayGrow(
    _ opened: borrowing FileReader, like beginning: PrefixFingerprint?, now: Timestamp
  ) -> Bool {
    let quiet = now.milliseconds * 1_000_000 - opened.opened.modified
    guard follow, quiet < options.settleNanoseconds else { return false }
    return beginning.map { opened.fingerprint.agrees(with: $0) } ?? true
  }

  /// Waits for a file that cannot be opened when it is followed, throws otherwise.
  ///
  /// A link, folder or pipe at the path is a mistake of the settings, which waiting does not mend.
  private mutating func wait(because error: IngestError) throws(IngestError) {
    guard follow, error.kind != .refused else { throw error.kind == .missing ? missing() : error }
    say("waiting", error.kind == .missing ? "\(path) is not there" : error.description)
  }

  private func missing() -> IngestError {
    IngestError(
      kind: .missing, operation: "open", subject: path, cause: "there is no such file",
      remedy: "check the path, or set follow = true to wait for it")
  }

  @discardableResult
  private mutating func say(_ state: String, _ detail: String) -> Bool {
    guard lastState != state + detail else { return false }
    lastState = state + detail
    outbox.append(.state(state, detail: detail))
    return true
  }

  // MARK: After a restart

  /// False while the path cannot be opened: it must be looked at before a position is given up.
  private mutating func isReady(toRecover positions: [FilePosition]) throws(IngestError) -> Bool {
    do throws(IngestError) {
      _ = try FileDescriptor.open(path, admitting: .regularFile)
      return true
    } catch {
      try wait(because: error)
      guard error.kind == .missing, let position = furthest(positions),
        !position.finished
      else { return false }
      return Rotation.find(position, besides: path, options: options) != nil
    }
  }

  /// Finds the file of the stored positions, wherever rotation put it.
  private mutating func recover(_ positions: [FilePosition], now: Timestamp) {
    guard let position = furthest(positions) else { return }
    for other in positions where other != position { retire(other) }
    if adopt(path, at: position, requiringInode: true) { return }
    if follow, let found = Rotation.find(position, besides: path, options: options) {
      succeed(found, position: position)
      return
    }
    if position.fingerprintLength > 0, adopt(path, at: position, requiringInode: false) {
      retire(position)
      return
    }
    retire(position)
    guard follow, !position.finished else { return }
    let current = try? FileStatus(path: path)
    let isSameFile =
      current.map { $0.isSameFile(device: position.device, inode: position.inode) } ?? false
    pendingGap = (isSameFile ? "truncated" : "rotated_away", now)
    ancestor = (position, nil)
  }

  /// The position to go on at: an unfinished one that no position in a copy of its file continues.
  private func furthest(_ positions: [FilePosition]) -> FilePosition? {
    let open = positions.filter { position in
      !position.finished
        && !positions.contains {
          $0 != position && $0.offset >= position.offset
            && Rotation.isCopied(position, to: $0, besides: path, options: options)
        }
    }
    return open.first ?? positions.max { $0.offset < $1.offset }
  }

  /// Opens `path` at the position; false when it is another file.
  private mutating func adopt(
    _ path: String, at position: FilePosition, requiringInode: Bool
  ) -> Bool {
    guard
      var candidate = try? FileReader(path: path, options: options, admitting: .regularFile),
      candidate.opened.isSameFile(device: position.device, inode: position.inode)
        == requiringInode,
      (try? candidate.resume(at: position)) == .resumed
    else { return false }
    reader = consume candidate
    part = .current
    say("reading", path)
    return true
  }

  /// Goes on in a file that the path named before, then in those that came between.
  private mutating func succeed(_ found: consuming FileReader, position: FilePosition) {
    successors = Rotation.newer(
      than: found.opened.modified, of: found.position, besides: path, options: options)
    if found.position.inode != position.inode { retire(position) }
    say("rotated", found.path)
    reader = consume found
    part = .predecessor
  }

  /// Gives up a position once records of a later file are on their way.
  private mutating func retire(_ position: FilePosition) {
    retired.append(position)
  }

  private mutating func miss(_ reason: String, from: Timestamp, to: Timestamp) {
    outbox.append(.gap(Gap(source: name, from: from, to: to, reason: reason)))
  }

  // MARK: Reading

  /// The next batch, or nil at the end of what is there for now.
  private mutating func readOn(maxRecords: Int, now: Timestamp) -> SourceEvent? {
    let end: FileReader.End = follow && part == .current ? .open : .final
    do throws(IngestError) {
      let batch = try reader?.batch(maxRecords: maxRecords, end: end)
      takeNotes()
      guard let batch else {
        if let event = reader?.replacement() { outbox.append(event) }
        return nil
      }
      lastRead = now
      replacedSince = nil
      barred = nil
      // What happened to the members of an archive before these records comes before them.
      outbox.append(.batch(batch))
      forgetRetired(exceptOf: batch)
      return nil
    } catch {
      takeNotes()
      giveUp(because: error)
      return nil
    }
  }

  private mutating func takeNotes() {
    if let notes = reader?.takeNotes() { outbox += notes }
  }

  /// Leaves a file that cannot be read on; its position stays behind the last good record.
  private mutating func giveUp(because error: IngestError) {
    guard var position = reader?.position, let status = reader?.opened else { return }
    let isReported = barred?.kind == error.kind && barred?.position == position
    if error.kind == .foreign {
      position.isRefused = true
      let isFirst = reader?.wasRefused != true && !isReported
      let facts = reader?.facts ?? FileFacts()
      outbox.append(
        .file(FileNote(error, position: position, facts: facts, isFirst: isFirst, isFailure: true)))
    } else if !isReported {
      outbox.append(.fault(path: position.path, reason: error.description))
    }
    reader = nil
    replacedSince = nil
    guard follow else {
      isFinished = true
      return
    }
    guard part == .current else {
      retire(position)
      return
    }
    barred = Barred(status: status, position: position, kind: error.kind)
  }

  /// Queues the forgetting of earlier files behind the batch; its own inode is overwritten by it.
  private mutating func forgetRetired(exceptOf batch: SourceBatch) {
    for position in retired
    where position.inode != batch.start?.inode || position.device != batch.start?.device {
      outbox.append(.fileForgotten(position))
    }
    retired = []
  }

  private mutating func finishFile() {
    guard var position = reader?.position else { return }
    position.finished = true
    outbox.append(.fileFinished(position))
    if follow {
      retire(position)
      if position.memberNumber == 0 { ancestor = (position, reader?.fingerprint) }
    }
    reader = nil
    barred = nil
    replacedSince = nil
    if !follow { isFinished = true }
  }

  // MARK: At the end

  /// Decides what the end of the bytes means; true when there is nothing to do but wait.
  private mutating func isWaiting(now: Timestamp) throws(IngestError) -> Bool {
    guard follow, part == .current else {
      finishFile()
      return false
    }
    if reader?.contentChanged == true {
      truncated(now: now)
      return false
    }
    guard let current = try? FileStatus(path: path), let opened = reader?.opened,
      !current.isSameFile(device: opened.device, inode: opened.inode)
    else {
      replacedSince = nil
      return true
    }
    // The writer may still be at the old file until it opened the new one itself.
    let since = replacedSince ?? now
    replacedSince = since
    let quiet = (now.milliseconds - since.milliseconds) * 1_000_000
    guard current.size > 0 || quiet >= options.settleNanoseconds else { return true }
    replaced()
    return false
  }

  /// Ends the file that the path named before.
  private mutating func replaced() {
    guard let position = reader?.position,
      let modified = (try? reader?.status().modified) ?? reader?.opened.modified
    else { return }
    successors = Rotation.newer(than: modified, of: position, besides: path, options: options)
    say("rotated", path)
    part = .predecessor
  }

  /// Begins the emptied file anew, after the copy that `copytruncate` made of it, if there is one.
  private mutating func truncated(now: Timestamp) {
    guard let position = reader?.position else { return }
    let beginning = reader?.fingerprint
    reader = nil
    barred = nil
    say("truncated", path)
    if let copy = Rotation.find(position, besides: path, options: options) {
      reader = consume copy
      part = .predecessor
    } else {
      pendingGap = ("truncated", lastRead ?? now)
      ancestor = (position, beginning)
    }
  }
}
