/// Which files of a folder or an archive hold no tweets although they are text, by name or by content.
///
/// What is left out is always said; a file that is named in the settings is read whatever it looks like.
enum UnreadFile {
  /// Why a file is left out by its name; nil for one that is to be read.
  static func reason(name path: String) -> String? {
    let name = FileReader.lastComponent(of: path)
    let lowercased = name.lowercased()
    if path.split(separator: "/").contains(where: { $0.hasPrefix(".") && $0 != "." && $0 != ".." })
    {
      return "it is hidden"
    }
    if isUnfinished(name) { return "it is still being written, by its name" }
    let parts = lowercased.split(separator: ".")
    let ending = parts.count > 1 ? parts[parts.count - 1] : ""
    if let first = parts.first, companions.contains(String(first)), texts.contains(String(ending)) {
      return "it describes the data, by its name"
    }
    if signatures.contains(String(ending)) || lowercased.hasSuffix("sums")
      || lowercased.hasSuffix("sums.txt")
    {
      return "it holds checksums or a signature, by its name"
    }
    return nil
  }

  /// True for files that systems leave in archives without anybody's will: they are not worth a word.
  static func isDebris(_ path: String) -> Bool {
    let name = FileReader.lastComponent(of: path)
    return path.hasPrefix("__MACOSX/") || path.contains("/__MACOSX/") || name.hasPrefix("._")
      || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(name)
  }

  /// Why a text file is left out that begins so; nil for one that may hold tweets.
  static func reason(beginning bytes: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
    var lines = text.split(whereSeparator: \.isNewline).prefix(16).map(String.init)
    if bytes.count > 4096, lines.count > 1 { lines.removeLast() }
    guard let first = lines.first else { return nil }
    if let part = exportPart(first), !tweetParts.contains(part) {
      return "it is the part \(part) of an account export, which holds no tweets"
    }
    if lines.allSatisfy(isChecksum) { return "it holds checksums" }
    let entries = lines.count(where: isLogEntry)
    if isLogEntry(first), entries * 2 >= lines.count { return "it is the log of a program" }
    return nil
  }

  // MARK: Names

  private static func isUnfinished(_ name: String) -> Bool {
    [".tmp", ".part", ".crdownload", ".partial", ".swp", "~"].contains { name.hasSuffix($0) }
  }

  private static let companions: Set<String> = [
    "readme", "license", "licence", "copying", "changelog", "citation",
  ]
  private static let texts: Set<String> = [
    "", "txt", "md", "rst", "html", "cff", "markdown", "bib",
  ]
  private static let signatures: Set<String> = [
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sig", "asc", "sfv", "crc32",
  ]

  // MARK: Content

  private static let tweetParts: Set<String> = [
    "tweet", "tweets", "note_tweet", "community_tweet",
  ]

  /// `like` of `window.YTD.like.part0 = [`; nil for another line.
  private static func exportPart(_ line: String) -> String? {
    guard line.hasPrefix("window.YTD.") else { return nil }
    let rest = line.dropFirst("window.YTD.".count)
    let part = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return rest.dropFirst(part.count).hasPrefix(".part") ? String(part) : nil
  }

  /// `d41d8cd9…  name`, as md5sum and sha256sum write it.
  private static func isChecksum(_ line: String) -> Bool {
    let digits = line.utf8.prefix {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
    }
    guard [32, 40, 56, 64, 96, 128].contains(digits.count) else { return false }
    let rest = line.utf8.dropFirst(digits.count)
    return rest.isEmpty || rest.first == 0x20
  }

  private static let levels: Set<String> = [
    "trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal",
  ]

  /// True for a line that begins with a date and names a level of logging soon after.
  private static func isLogEntry(_ line: String) -> Bool {
    let words = line.split { !($0.isLetter || $0.isNumber || "-:.,+/".contains($0)) }.prefix(6)
    guard let first = words.first, isDate(first) else { return false }
    return words.contains { word in
      levels.contains(word.lowercased().trimmingSigns) && word != word.lowercased()
    }
  }

  /// `2026-11-21` or `2026-11-21T10:00:00`: the form of logs.
  private static func isDate(_ word: Substring) -> Bool {
    let characters = Array(word.utf8.prefix(10))
    guard characters.count == 10 else { return false }
    return characters.enumerated().allSatisfy { index, byte in
      index == 4 || index == 7 ? byte == 0x2D || byte == 0x2F : (0x30...0x39).contains(byte)
    }
  }
}

extension String {
  /// The word without colons and other signs around it.
  fileprivate var trimmingSigns: String { filter { $0.isLetter } }
}
