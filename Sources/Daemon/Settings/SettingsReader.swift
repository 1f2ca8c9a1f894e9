private import Glibc
private import TOML

/// Reads settings files; everything that is wrong with one is told at once.
package enum SettingsReader {
  /// Reads a settings file and checks that the files it names are there.
  package static func read(
    _ path: String, isCheckingFiles: Bool = true
  ) throws(SettingsFailure) -> Settings {
    let text = try contents(of: path)
    var file = path
    if !path.hasPrefix("/") { file = SettingsText.absolute(path, in: workingFolder()) }
    let folder = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
    var settings = try parse(
      text, file: path, folder: folder.isEmpty ? "/" : String(folder),
      isCheckingFiles: isCheckingFiles)
    settings.file = file
    return settings
  }

  /// Reads the text of a settings file: `file` is its name in messages, `folder` the absolute
  /// folder that relative paths start from.
  package static func parse(
    _ text: String, file: String, folder: String, isCheckingFiles: Bool
  ) throws(SettingsFailure) -> Settings {
    let document: TOMLDocument
    do {
      document = try TOMLDocument(text)
    } catch {
      let problem = SettingsProblem(
        file: file, line: error.line, column: error.column,
        message: "not TOML: \(SettingsText.excerpt(error.message, limit: 240))")
      throw SettingsFailure(problems: [problem])
    }
    let context = SettingsContext(
      file: file, folder: folder, values: document.root, isCheckingFiles: isCheckingFiles)
    let settings = readRoot(document.root.mapValues(TOMLNode.init), context)
    refuseSharedPaths(settings, context)
    guard context.problems.isEmpty else {
      throw SettingsFailure(problems: context.sortedProblems)
    }
    return settings
  }

  /// Every key that the reader knows, by section: `source` stands for `[[source]]`, the empty
  /// name for the top of the file.
  package static var knownKeys: [String: [String]] {
    let context = SettingsContext(file: "", folder: "/", values: [:], isCheckingFiles: false)
    let empty: [String: TOMLNode] = [
      "source": .array([.table(["rule": .array([.table([:])])])]),
      "topic": .array([.table([:])]),
    ]
    _ = readSections(empty, context)
    return context.knownKeys
  }

  /// What is written must not be what is read: a mistaken path would destroy the input.
  private static func refuseSharedPaths(_ settings: Settings, _ context: SettingsContext) {
    let outputs = [
      (settings.store.database, SettingsPath().key("store").key("database")),
      (settings.report.path, SettingsPath().key("report").key("path")),
    ]
    if settings.store.database == settings.report.path {
      context.refuse(outputs[1].1, "[report] path: is the database; give the report its own file")
    }
    for (path, key) in outputs {
      for source in settings.sources {
        switch source.kind {
        case .file(let input, _) where input == path:
          context.refuse(
            key, "\(path) is the input of source \"\(source.name)\"; name another file")
        case .directory(let folder, _, _) where path.hasPrefix(folder + "/"):
          context.refuse(
            key, "\(path) lies in the folder of source \"\(source.name)\"; name another place")
        default: continue
        }
      }
    }
  }

  /// How a section's heading is written.
  static func heading(_ section: String) -> String {
    switch section {
    case "": "the top of the file"
    case "source", "topic", "source.rule": "[[\(section)]]"
    default: "[\(section)]"
    }
  }

  private static func readRoot(_ root: [String: TOMLNode], _ context: SettingsContext) -> Settings {
    let known = knownKeys
    let (settings, tables) = readSections(root, context)
    for table in tables { table.finish(known: known) }
    return settings
  }

  private static func readSections(
    _ root: [String: TOMLNode], _ context: SettingsContext
  ) -> (Settings, [SettingsTable]) {
    let top = SettingsTable(
      root, at: SettingsPath(), section: "", title: "", context: context)
    var reading = SectionReader(top: top)
    var settings = Settings()
    settings.model = reading.model()
    settings.batch = reading.batch()
    settings.sources = reading.sources()
    settings.topics = reading.topics()
    settings.store = reading.store()
    settings.report = reading.report()
    settings.log = reading.log()
    reading.refuseLaterSections()
    return (settings, reading.tables)
  }

  private static func workingFolder() -> String {
    guard let buffer = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(buffer) }
    return unsafe String(cString: buffer)
  }
}
