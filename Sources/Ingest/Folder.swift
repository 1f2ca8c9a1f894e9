import Glibc

/// The entries of a folder.
enum Folder {
  /// One entry with its status.
  struct Entry: Sendable {
    var name: String
    var path: String
    var status: FileStatus
  }

  /// All entries but `.` and `..`, in no order; those that vanish meanwhile are left out.
  static func entries(of path: String) throws(IngestError) -> [Entry] {
    guard let stream = unsafe opendir(path) else {
      throw IngestError("list the folder", path, code: errno)
    }
    defer { unsafe closedir(stream) }
    var entries: [Entry] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      guard name != ".", name != ".." else { continue }
      let full = path.hasSuffix("/") ? path + name : path + "/" + name
      if let status = try? FileStatus(path: full) {
        entries.append(Entry(name: name, path: full, status: status))
      }
    }
    return entries
  }

  /// The folder part of a path, `.` when it has none.
  static func containing(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
