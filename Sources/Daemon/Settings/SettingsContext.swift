private import Glibc
internal import TOML

/// What one reading of a settings file gathers: problems with their lines, and the keys asked for.
///
/// A class because every table of the file adds to the same list; it lives inside one call.
final class SettingsContext {
  private let file: String
  private let locator: SettingsLocator
  /// The folder that relative paths start from, absolute.
  let folder: String
  /// True when the files that settings name must be there.
  let isCheckingFiles: Bool
  private(set) var problems: [SettingsProblem] = []
  /// The keys that the reader asked each section for, in the order of asking.
  private(set) var knownKeys: [String: [String]] = [:]

  init(file: String, folder: String, values: [String: TOMLValue], isCheckingFiles: Bool) {
    self.file = file
    self.folder = folder
    self.isCheckingFiles = isCheckingFiles
    self.locator = SettingsLocator(values)
  }

  func line(of path: SettingsPath) -> Int { locator.line(of: path) }

  func refuse(_ path: SettingsPath, _ message: String) {
    problems.append(SettingsProblem(file: file, line: line(of: path), message: message))
  }

  func refuseFile(_ message: String) {
    problems.append(SettingsProblem(file: file, message: message))
  }

  func asked(_ key: String, in section: String) {
    if knownKeys[section]?.contains(key) != true { knownKeys[section, default: []].append(key) }
  }

  /// True when something of the wanted sort stands at the path, or when files are not checked.
  func isThere(_ path: String, isDirectory: Bool) -> Bool {
    guard isCheckingFiles else { return true }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return (status.st_mode & S_IFMT == S_IFDIR) == isDirectory
  }

  /// The problems in line order, those of the whole file last.
  var sortedProblems: [SettingsProblem] {
    problems.enumerated().sorted { a, b in
      (a.element.line ?? .max, a.offset) < (b.element.line ?? .max, b.offset)
    }.map(\.element)
  }
}
