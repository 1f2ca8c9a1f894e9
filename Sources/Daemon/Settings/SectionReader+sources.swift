extension SectionReader {
  /// The `[[source]]` tables; at least one is needed.
  mutating func sources() -> [Settings.Source] {
    let tables = repeated("source")
    var seen: [String: Int] = [:]
    var sources: [Settings.Source] = []
    var hasStdin = false
    for table in tables {
      let name = name(of: table, seen: &seen)
      guard let source = source(table, name: name ?? "") else { continue }
      if source.kind == .stdin {
        if hasStdin { table.refuse("kind", "expected one source of kind \"stdin\" at most") }
        hasStdin = true
      }
      sources.append(source)
    }
    if tables.isEmpty && !top.has("source") {
      top.context.refuseFile("no source; add at least one [[source]] with name, kind and path")
    }
    return sources
  }

  private func source(_ table: SettingsTable, name: String) -> Settings.Source? {
    // Every key is asked for whatever the kind, so that the known keys are complete.
    let path = table.filePath("path")
    let follow = table.flag("follow")
    let settle = table.duration("settle", in: .seconds(0)...(.seconds(3600)))
    let format = table.choice("format", of: Settings.InputFormat.self)
    var columns = Settings.Columns()
    columns.text = table.text("text_column", expected: "the name of a column in quotes")
    columns.id = table.text("id_column", expected: "the name of a column in quotes")
    columns.time = table.text("time_column", expected: "the name of a column in quotes")
    columns.lang = table.text("lang_column", expected: "the name of a column in quotes")
    let maxLine = table.size("max_line", in: 1024...(64 << 20))
    guard let kind = kind(table, path: path, follow: follow, settle: settle) else { return nil }
    var source = Settings.Source(name: name, kind: kind)
    if let format { source.format = format }
    if let maxLine { source.maxLine = maxLine }
    source.columns = columns
    refuseColumns(table, format: source.format)
    return source
  }

  private func kind(
    _ table: SettingsTable, path: String?, follow: Bool?, settle: Duration?
  ) -> Settings.SourceKind? {
    let known = Settings.SourceKind.names.map { "\"\($0)\"" }.joined(separator: ", ")
    guard let node = table.node("kind") else {
      table.context.refuse(table.path, "\(table.title) kind: missing; expected one of \(known)")
      return nil
    }
    switch node {
    case .string("file"):
      refuse(table, ["settle"], unlessKind: "directory")
      guard let path = requiredPath(table, path, of: "file") else { return nil }
      if follow != true, !table.context.isThere(path, isDirectory: false) {
        table.refuse(
          "path",
          "expected a file, found none at \(shown(path)); "
            + "a file that comes later needs follow = true")
      }
      return .file(path: path, follow: follow ?? false)
    case .string("directory"):
      refuse(table, ["follow"], unlessKind: "file")
      guard let path = requiredPath(table, path, of: "directory") else { return nil }
      if !table.context.isThere(path, isDirectory: true) {
        table.refuse("path", "expected a directory, found none at \(shown(path)); make it first")
      }
      return .directory(path: path, settle: settle ?? .seconds(2))
    case .string("stdin"):
      refuse(table, ["path"], unlessKind: "file\" or \"directory")
      refuse(table, ["follow"], unlessKind: "file")
      refuse(table, ["settle"], unlessKind: "directory")
      return .stdin
    case .string(let word) where Settings.SourceKind.laterNames.contains(word):
      table.isReserved = true
      table.refuse("kind", "\"\(word)\" is not in this version; this one has \(known)")
    case .string(let word):
      let all = Settings.SourceKind.names
      let hint = NearestWord.find(word, among: all).map { " (did you mean \"\($0)\"?)" } ?? ""
      table.refuse("kind", expected: "one of \(known)\(hint)", found: node)
    default:
      table.refuse("kind", expected: "one of \(known)", found: node)
    }
    return nil
  }

  private func requiredPath(_ table: SettingsTable, _ path: String?, of kind: String) -> String? {
    if path == nil, !table.has("path") {
      table.context.refuse(
        table.path, "\(table.title) path: missing; a source of kind \"\(kind)\" needs one")
    }
    return path
  }

  private func refuse(_ table: SettingsTable, _ keys: [String], unlessKind kind: String) {
    for key in keys where table.has(key) {
      table.refuse(key, "belongs to kind \"\(kind)\" only; remove it")
    }
  }

  private func refuseColumns(_ table: SettingsTable, format: Settings.InputFormat) {
    guard format == .text || format == .jsonl else { return }
    for key in ["text_column", "id_column", "time_column", "lang_column"] where table.has(key) {
      table.refuse(
        key, "belongs to format \"csv\" or \"auto\", found format \"\(format.rawValue)\"")
    }
  }
}
