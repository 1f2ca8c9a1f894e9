import Tweets

/// What is in the folder, and what of it is to be read.
extension DirectorySource {
  /// How many files are known at most; of more, those that are gone are forgotten.
  private static let mostKnown = 1_000_000

  /// Queues what is due: of the whole folder when that may have changed, else of the files under way.
  mutating func look(now: Timestamp) throws(IngestError) {
    let folder = try Folder.status(of: path)
    if follow, let listing, listing.isCurrent(folder, at: now) {
      queuePartial(now: now)
    } else {
      try list(folder, now: now)
    }
  }

  private mutating func queuePartial(now: Timestamp) {
    for (key, path) in partial {
      guard let status = try? FileStatus(path: path), status.isRegular,
        KnownFile.Key(status) == key
      else { continue }
      let entry = Folder.Entry(
        name: FileReader.lastComponent(of: path), path: path, status: status)
      if isDue(entry, now: now) { queue.append(entry) }
    }
    sortQueue()
  }

  private mutating func list(_ folder: FileStatus, now: Timestamp) throws(IngestError) {
    let tree = try FolderTree(path, isRecursive: isRecursive)
    let entries = tree.entries
    listing = FolderListing(
      folder: folder, listedAt: now, count: entries.count, folders: tree.folders)
    for (path, reason) in tree.left { leaveUnread(path, because: reason) }
    if !refused.isEmpty {
      let paths = Set(entries.map(\.path))
      refused = refused.filter { paths.contains($0.key) }
    }
    known.beginScan()
    var holdsFiles = false
    for entry in entries {
      let key = KnownFile.Key(entry.status)
      known.markPresent(key)
      if let reason = UnreadFile.reason(name: entry.name) {
        leaveUnread(entry.path, because: reason)
      } else if entry.status.isLink {
        refuse(
          entry.path, .refused, "it is a symbolic link; put the file itself into the folder")
      } else if entry.status.isRegular {
        holdsFiles = true
        noteFirstLook(entry, now: now)
        if isDue(entry, now: now) { queue.append(entry) }
      } else if !entry.status.isFolder {
        leaveUnread(entry.path, because: "it is a pipe, a socket or a device")
      }
    }
    sortQueue()
    if holdsFiles { forgetExcess() }
  }

  private mutating func sortQueue() {
    queue.sort { ($0.status.modified, $0.path) > ($1.status.modified, $1.path) }
  }

  /// Forgets the positions of files that are gone when there are too many of them.
  ///
  /// A folder without files may be a mount point whose disk is away: it tells nothing.
  private mutating func forgetExcess() {
    let excess = known.goneFiles(beyond: DirectorySource.mostKnown)
    guard !excess.isEmpty else { return }
    for key in excess {
      partial[key] = nil
      if let gone = known[key]?.position { outbox.append(.fileForgotten(gone)) }
      known[key] = nil
    }
    outbox.append(
      .unread(count: excess.count, names: "gone files whose positions are forgotten, the oldest"))
  }

  /// Takes a compressed file that was finished before a restart as unchanged since.
  ///
  /// To look for growth in it would mean to decompress every old file at each start.
  private mutating func noteFirstLook(_ entry: Folder.Entry, now: Timestamp) {
    let key = KnownFile.Key(entry.status)
    guard let old = known[key], old.look == nil, old.position.finished,
      old.position.codec != Codec.plain.rawValue || old.position.isRefused
    else { return }
    known[key] = KnownFile(position: old.position, look: entry.status, lookedAt: now)
  }

  /// True when there may be something new in a file.
  private func isDue(_ entry: Folder.Entry, now: Timestamp) -> Bool {
    guard let file = known[KnownFile.Key(entry.status)], let look = file.look else { return true }
    if !file.isUnchanged(entry.status) { return true }
    if file.fault != nil { return follow && file.mayBeTriedAgain(now: now) }
    return file.isPartial && isSettled(look, since: file.lookedAt, now: now)
  }

  /// True when a file is not changed for so long that nothing more is expected.
  func isSettled(_ status: FileStatus, since: Timestamp?, now: Timestamp) -> Bool {
    if !follow { return true }
    let nanoseconds = now.milliseconds * 1_000_000
    // By the file's clock, or by ours where the two differ.
    if nanoseconds - status.modified >= options.settleNanoseconds { return true }
    guard let since else { return false }
    return nanoseconds - since.milliseconds * 1_000_000 >= options.settleNanoseconds
  }
}
