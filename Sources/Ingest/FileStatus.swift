import Glibc

/// What the system knows of a file.
struct FileStatus: Sendable, Equatable {
  var device: UInt64
  var inode: UInt64
  var size: Int64
  /// Last change of the content, in nanoseconds since the epoch.
  var modified: Int64
  var isRegular: Bool
  var isFolder: Bool
  var isLink: Bool

  /// The status of a regular file of which only this is kept.
  init(device: UInt64, inode: UInt64, size: Int64, modified: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    isRegular = true
    isFolder = false
    isLink = false
  }

  init(_ info: stat) {
    device = UInt64(info.st_dev)
    inode = UInt64(info.st_ino)
    size = Int64(info.st_size)
    modified = Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
    isRegular = info.st_mode & S_IFMT == S_IFREG
    isFolder = info.st_mode & S_IFMT == S_IFDIR
    isLink = info.st_mode & S_IFMT == S_IFLNK
  }

  /// The status of a path, of a link itself; nil when there is nothing.
  init?(path: String) throws(IngestError) {
    var info = stat()
    guard unsafe lstat(path, &info) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw IngestError("examine", path, code: errno)
    }
    self.init(info)
  }

  /// True when both are the same file on the same disk.
  func isSameFile(device: UInt64, inode: UInt64) -> Bool {
    self.device == device && self.inode == inode
  }
}
