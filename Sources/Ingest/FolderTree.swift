/// Everything in a folder and, where that is wanted, in the folders in it.
struct FolderTree {
  /// A folder in the tree.
  struct Place: Sendable, Equatable {
    var path: String
    var status: FileStatus
  }

  private static let mostDepth = 16
  private static let mostFolders = 10_000
  private static let mostFiles = 1_000_000
  private static let mostWatched = 256

  /// The entries of all folders, in no order; links are not followed.
  private(set) var entries: [Folder.Entry] = []
  /// The first of the folders below the top.
  private(set) var folders: [Place] = []
  /// What is left out, with the reason.
  private(set) var left: [(path: String, reason: String)] = []

  /// Lists a folder; an error of the top is thrown, one of a folder in it is noted.
  init(_ path: String, isRecursive: Bool) throws(IngestError) {
    var waiting = [(path: path, depth: 0)]
    var seen = 1
    while let (folder, depth) = waiting.popLast() {
      let inside: [Folder.Entry]
      do throws(IngestError) {
        inside = try Folder.entries(of: folder)
      } catch {
        guard depth > 0 else { throw error }
        if error.kind != .missing { left.append((folder, error.cause)) }
        continue
      }
      for entry in inside where entry.status.isFolder && !entry.name.hasPrefix(".") {
        guard isRecursive else {
          left.append((entry.path, "it is a folder, and recursive = false"))
          continue
        }
        guard depth < FolderTree.mostDepth, seen < FolderTree.mostFolders else {
          left.append((entry.path, "it lies too deep, or there are too many folders"))
          continue
        }
        seen += 1
        waiting.append((entry.path, depth + 1))
        if folders.count < FolderTree.mostWatched {
          folders.append(Place(path: entry.path, status: entry.status))
        }
      }
      let room = FolderTree.mostFiles - entries.count
      if inside.count > room { left.append((folder, "the source has more than a million files")) }
      entries += inside.prefix(room)
    }
  }
}
