import Glibc

/// The entries of a folder.
enum Folder {
  /// One entry with its status.
  struct Entry: Sendable {
    var name: String
    var path: String
    var status: FileStatus
  }

  /// What the system knows of the folder; of the one that a link points to.
  static func status(of path: String) throws(IngestError) -> FileStatus {
    var info = stat()
    guard unsafe stat(path, &info) == 0 else {
      throw IngestError("list the folder", path, code: errno)
    }
    return FileStatus(info)
  }

  /// All entries but `.` and `..`, in no order; those that vanish meanwhile are left out.
  static func entries(of path: String) throws(IngestError) -> [Entry] {
    guard let stream = unsafe opendir(path) else {
      throw IngestError("list the folder", path, code: errno)
    }
    defer { unsafe closedir(stream) }
    var entries: [Entry] = []
    while let entry = try unsafe next(of: stream, path) {
      let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      guard name != ".", name != ".." else { continue }
      let full = path.hasSuffix("/") ? path + name : path + "/" + name
      var info = stat()
      // By the open folder: by its path, all entries would be gone when the folder is renamed now.
      if unsafe fstatat(dirfd(stream), name, &info, AT_SYMLINK_NOFOLLOW) == 0 {
        entries.append(Entry(name: name, path: full, status: FileStatus(info)))
      } else if errno != ENOENT {
        throw IngestError("examine", full, code: errno)
      }
    }
    return entries
  }

  /// The next entry; nil at the end of the list, which only `errno` tells from a failure.
  private static func next(
    of stream: OpaquePointer, _ path: String
  ) throws(IngestError) -> UnsafeMutablePointer<dirent>? {
    errno = 0
    let entry = unsafe readdir(stream)
    let code = errno
    guard unsafe entry != nil || code == 0 else {
      throw IngestError("list the folder", path, code: code)
    }
    return unsafe entry
  }

  /// The folder part of a path, `.` when it has none.
  static func containing(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
