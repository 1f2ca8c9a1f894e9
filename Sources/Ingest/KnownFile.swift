import Tweets

/// What a directory source knows of a file that it looked at.
struct KnownFile: Sendable {
  /// The file, under whatever name.
  struct Key: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64

    init(device: UInt64, inode: UInt64) {
      self.device = device
      self.inode = inode
    }

    init(_ status: FileStatus) {
      device = status.device
      inode = status.inode
    }

    init(_ position: FilePosition) {
      device = position.device
      inode = position.inode
    }
  }

  private static let patience: Int64 = 60_000  // milliseconds until a failed disk is tried again

  var position: FilePosition
  /// Size and time of change at the last look; nil when that was before a restart.
  var look: FileStatus?
  var lookedAt = Timestamp(milliseconds: 0)
  /// True when the rest of a record was missing then.
  var isPartial = false
  /// Why it could not be read on then.
  var fault: IngestError.Kind?

  /// True when the file was not changed since the last look.
  func isUnchanged(_ status: FileStatus) -> Bool {
    look?.size == status.size && look?.modified == status.modified
  }

  /// True when a file that could not be read on and did not change may be tried again.
  ///
  /// Damage does not heal by itself; a disk or a mount may come back.
  func mayBeTriedAgain(now: Timestamp) -> Bool {
    fault == .unreadable && now.milliseconds - lookedAt.milliseconds >= KnownFile.patience
  }
}
