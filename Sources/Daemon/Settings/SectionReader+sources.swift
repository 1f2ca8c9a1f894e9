import Ingest

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

  private mutating func source(_ table: SettingsTable, name: String) -> Settings.Source? {
    // Every key is asked for whatever the kind, so that the known keys are complete.
    let path = table.filePath("path")
    let follow = table.flag("follow")
    let settle = table.duration("settle", in: .seconds(0)...(.seconds(3600)))
    let recursive = table.flag("recursive")
    let format = table.choice("format", of: Settings.InputFormat.self)
    var columns = Settings.Columns()
    columns.text = table.column("text_column")
    columns.id = table.column("id_column")
    columns.time = timeColumns(table)
    columns.lang = table.column("lang_column")
    let maxLine = table.size("max_line", in: 1024...(64 << 20))
    let encoding = encoding(table)
    let header = table.flag("header")
    let fields = fields(table)
    let times = times(table)
    let tags = table.flag("tags")
    let languages = languageList(table, "languages")
    let dropped = languageList(table, "drop")
    if languages != nil, dropped != nil {
      table.refuse("drop", "give languages or drop, not both: languages alone says what is counted")
    }
    let live = live(table, fields)
    guard let word = kind(table) else { return nil }
    refuseForeignKeys(table, kind: word)
    let kind: Settings.SourceKind?
    switch word {
    case "file": kind = file(table, path, follow)
    case "directory": kind = directory(table, path, settle, recursive)
    case "stdin": kind = .stdin
    default: kind = live.kind(word)
    }
    guard let kind else { return nil }
    var source = Settings.Source(name: name, kind: kind)
    if let format { source.format = format }
    source.tags = tags
    if let maxLine { source.maxLine = maxLine }
    source.columns = columns
    source.times = times
    source.encoding = encoding
    source.header = header
    if !kind.isLive { source.fields = fields }
    source.languages = languages
    source.droppedLanguages = dropped ?? []
    source.tokenFile = live.tokenFile
    source.authorities = live.authorities
    source.backlog = live.backlog
    refuseColumns(table, format: source.format)
    return source
  }

  /// A list of languages in the form that tweets get; the word `und` stands for an unknown language.
  private func languageList(_ table: SettingsTable, _ key: String) -> [String]? {
    table.texts(key, expected: "a list of languages such as [\"en\", \"und\"]; und is unknown") {
      Settings.language($0) != nil
    }?.compactMap(Settings.language)
  }

  /// The kinds that each key belongs to; keys that are not here belong to all.
  private static let homes: [(keys: [String], kinds: [String])] = [
    (["path"], ["file", "directory"]), (["follow"], ["file"]),
    (["settle", "recursive"], ["directory"]),
    (
      ["format", "encoding", "header", "text_column", "id_column", "time_column", "lang_column"],
      ["file", "directory", "stdin"]
    ),
    (["time_format", "time_zone", "untimed"], ["file", "directory", "stdin", "http"]),
    (["tags"], ["file", "directory", "stdin", "x", "http"]),
    (["url"], ["x", "mastodon", "http"]), (["urls", "version", "authors"], ["jetstream"]),
    (["zstd_dictionary"], ["jetstream"]), (["stream"], ["x", "mastodon"]),
    (["partition", "recover", "budget", "rule"], ["x"]), (["hashtag"], ["mastodon"]),
    (
      ["text_field", "id_field", "time_field", "lang_field"],
      ["file", "directory", "stdin", "http"]
    ),
    (["idle"], ["jetstream", "http"]),
    (["token_file"], ["x", "mastodon", "http"]),
    (["ca_file"], ["x", "mastodon", "jetstream", "http"]),
    (["backlog"], ["x", "mastodon", "http"]),
  ]

  private func refuseForeignKeys(_ table: SettingsTable, kind: String) {
    for (keys, kinds) in SectionReader.homes where !kinds.contains(kind) {
      for key in keys where table.has(key) {
        let words = kinds.map { "\"\($0)\"" }.joined(separator: " or ")
        table.refuse(key, "belongs to kind \(words) only; remove it")
      }
    }
  }

  private func kind(_ table: SettingsTable) -> String? {
    let names = Settings.SourceKind.names
    let known = names.map { "\"\($0)\"" }.joined(separator: ", ")
    guard let node = table.node("kind") else {
      table.context.refuse(table.path, "\(table.title) kind: missing; expected one of \(known)")
      return nil
    }
    guard case .string(let word) = node, names.contains(word) else {
      var hint = ""
      if case .string(let word) = node, let near = NearestWord.find(word, among: names) {
        hint = " (did you mean \"\(near)\"?)"
      }
      table.refuse("kind", expected: "one of \(known)\(hint)", found: node)
      return nil
    }
    return word
  }

  private func file(
    _ table: SettingsTable, _ path: String?, _ follow: Bool?
  ) -> Settings.SourceKind? {
    guard let path = requiredPath(table, path, of: "file") else { return nil }
    if follow != true, !table.context.isThere(path, isDirectory: false) {
      table.refuse(
        "path",
        "expected a file, found none at \(shown(path)); "
          + "a file that comes later needs follow = true")
    }
    return .file(path: path, follow: follow ?? false)
  }

  private func directory(
    _ table: SettingsTable, _ path: String?, _ settle: Duration?, _ recursive: Bool?
  ) -> Settings.SourceKind? {
    guard let path = requiredPath(table, path, of: "directory") else { return nil }
    if !table.context.isThere(path, isDirectory: true) {
      table.refuse("path", "expected a directory, found none at \(shown(path)); make it first")
    }
    return .directory(path: path, settle: settle ?? .seconds(2), recursive: recursive ?? true)
  }

  private func requiredPath(_ table: SettingsTable, _ path: String?, of kind: String) -> String? {
    if path == nil, !table.has("path") {
      table.context.refuse(
        table.path, "\(table.title) path: missing; a source of kind \"\(kind)\" needs one")
    }
    return path
  }

  private func encoding(_ table: SettingsTable) -> TextEncoding? {
    guard let name = table.text("encoding"), name.lowercased() != "auto" else { return nil }
    guard let encoding = TextEncoding(name: name) else {
      table.refuse(
        "encoding",
        "expected auto, utf-8, utf-16, windows-1252, latin1, or another name that `iconv -l` lists, "
          + "found \"\(SettingsText.excerpt(name))\"")
      return nil
    }
    return encoding
  }

  /// The places of a tweet's parts in JSON of another shape.
  private func fields(_ table: SettingsTable) -> Settings.Fields {
    let expected = "a path such as \"post.text\" in quotes"
    var fields = Settings.Fields()
    fields.text = table.text("text_field", expected: expected)
    fields.id = table.text("id_field", expected: expected)
    fields.time = table.text("time_field", expected: expected)
    fields.lang = table.text("lang_field", expected: expected)
    guard fields.text == nil else { return fields }
    for key in ["id_field", "time_field", "lang_field"] where table.has(key) {
      table.refuse(key, "needs text_field too: without it documents have a shape that is known")
    }
    return fields
  }

  private func refuseColumns(_ table: SettingsTable, format: Settings.InputFormat) {
    guard format == .text || format == .jsonl else { return }
    for key in ["header", "text_column", "id_column", "time_column", "lang_column"]
    where table.has(key) {
      table.refuse(
        key, "belongs to format \"csv\", \"tsv\" or \"auto\", found format \"\(format.rawValue)\"")
    }
  }
}
