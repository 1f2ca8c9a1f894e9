import Tweets

/// Finds a followed file again that log rotation renamed, copied or compressed.
enum Rotation {
  private static let mostCandidates = 64

  /// Opens the file that `position` was taken in, in the folder of `path`, and goes to the position.
  ///
  /// Looked for are the same inode under any name, then siblings with the same beginning, newest first.
  static func find(
    _ position: FilePosition, besides path: String, options: IngestOptions
  ) -> FileReader? {
    guard let entries = try? Folder.entries(of: Folder.containing(path)) else { return nil }
    let own = FileReader.lastComponent(of: path)
    let stem = String(own.prefix { $0 != "." })
    let files = entries.filter { $0.status.isRegular && $0.name != own }
    let same = files.filter {
      $0.status.isSameFile(device: position.device, inode: position.inode)
    }
    // Of a file that was empty there is no beginning to recognise.
    let siblings = files.filter {
      !stem.isEmpty && $0.name.hasPrefix(stem) && position.fingerprintLength > 0
    }
    .sorted { ($0.status.modified, $0.name) > ($1.status.modified, $1.name) }
    for entry in same + siblings.prefix(mostCandidates) {
      guard
        var reader = try? FileReader(
          path: entry.path, options: options, admitting: .regularFile)
      else { continue }
      if (try? reader.resume(at: position)) == .resumed { return reader }
    }
    return nil
  }

  /// Paths of rotated files that were written after the one of `position`, oldest first.
  ///
  /// They are read whole, so only what can be nothing else is taken: the own name and a number or date,
  /// not compressed (a compressed copy may be of a file that was read), with another beginning.
  static func newer(
    than modified: Int64, of position: FilePosition, besides path: String, options: IngestOptions
  ) -> [String] {
    guard let entries = try? Folder.entries(of: Folder.containing(path)),
      let current = try? FileStatus(path: path)
    else { return [] }
    let own = FileReader.lastComponent(of: path)
    return
      entries.filter {
        $0.status.isRegular && $0.status.modified > modified && isRotated($0.name, of: own)
          && !$0.status.isSameFile(device: position.device, inode: position.inode)
          && !$0.status.isSameFile(device: current.device, inode: current.inode)
          && !begins($0.path, as: position, options: options)
      }
      .sorted { ($0.status.modified, $1.name) < ($1.status.modified, $0.name) }
      .map(\.path)
  }

  /// True when the file of `other` begins as the one of `position` did: `copytruncate` made a copy of it.
  static func isCopied(
    _ position: FilePosition, to other: FilePosition, besides path: String, options: IngestOptions
  ) -> Bool {
    guard let entries = try? Folder.entries(of: Folder.containing(path)),
      let entry = entries.first(where: {
        $0.status.isSameFile(device: other.device, inode: other.inode)
      })
    else { return false }
    return begins(entry.path, as: position, options: options)
  }

  /// `tweets.jsonl.1`, `tweets.jsonl-20261122`: the own name, a separator, digits.
  static func isRotated(_ name: String, of own: String) -> Bool {
    guard name.hasPrefix(own) else { return false }
    let suffix = name.dropFirst(own.count)
    guard let first = suffix.first, ".-_".contains(first) else { return false }
    let rest = suffix.dropFirst()
    return !rest.isEmpty && rest.allSatisfy { $0.isASCII && ($0.isNumber || "-_T".contains($0)) }
  }

  private static func begins(
    _ path: String, as position: FilePosition, options: IngestOptions
  ) -> Bool {
    guard position.fingerprintLength > 0 else { return false }
    guard
      var reader = try? FileReader(path: path, options: options, admitting: .regularFile)
    else { return true }
    var beginning = position
    beginning.offset = 0
    return (try? reader.resume(at: beginning)) == .resumed
  }
}
