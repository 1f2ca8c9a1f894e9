import Ingest

extension SectionReader {
  /// What a `[[source]]` table says about a live stream, whatever its kind.
  struct LiveKeys {
    var tokenFile: String?
    var authorities: String?
    var backlog = Settings.Backlog()
    fileprivate var kinds: [String: Settings.SourceKind] = [:]

    /// The source of a live kind; nil where something was refused.
    func kind(_ word: String) -> Settings.SourceKind? { kinds[word] }
  }

  mutating func live(_ table: SettingsTable, _ fields: Settings.Fields) -> LiveKeys {
    var live = LiveKeys()
    live.tokenFile = file(table, "token_file", of: "a file with the token")
    live.authorities = file(table, "ca_file", of: "a file of certificates")
    let backlog = section("backlog", of: table)
    if let records = backlog.integer("records", in: 64...1_000_000) {
      live.backlog.records = records
    }
    if let bytes = backlog.size("bytes", in: (1 << 20)...(1 << 30)) { live.backlog.bytes = bytes }
    if let patience = backlog.duration("patience", in: .seconds(0)...(.seconds(300))) {
      live.backlog.patience = patience
    }
    let url = table.text("url", expected: "an https address in quotes")
    live.kinds["x"] = x(table, server(table, url, isKind(table, "x"), ServerAddress.x))
    live.kinds["mastodon"] = mastodon(
      table, server(table, url, isKind(table, "mastodon"), ServerAddress.mastodon))
    live.kinds["jetstream"] = jetstream(table)
    live.kinds["http"] = http(
      table, server(table, url, isKind(table, "http"), ServerAddress.http), fields)
    return live
  }

  private func isKind(_ table: SettingsTable, _ kind: String) -> Bool {
    if case .string(kind) = table.node("kind") { true } else { false }
  }

  /// The address of a server as the source needs it; nil, and refused, where it is none.
  private func server(
    _ table: SettingsTable, _ url: String?, _ isAsked: Bool,
    _ read: (String) throws(ServerAddress.Refusal) -> String
  ) -> String? {
    guard isAsked, let url else { return nil }
    do { return try read(url) } catch {
      table.refuse("url", SettingsText.excerpt(error.message, limit: 240))
      return nil
    }
  }

  /// A path at which something must be.
  private func file(_ table: SettingsTable, _ key: String, of what: String) -> String? {
    guard let path = table.filePath(key) else { return nil }
    if !table.context.isThere(path, isDirectory: false) {
      table.refuse(key, "expected \(what), found none at \(shown(path))")
    }
    return path
  }

  // MARK: x

  private mutating func x(_ table: SettingsTable, _ url: String?) -> Settings.SourceKind? {
    var x = Settings.X()
    if let url { x.url = url }
    let isX = isKind(table, "x")
    let stream = isX ? table.choice("stream", of: XOptions.Stream.self) : nil
    if let stream { x.stream = stream }
    x.partition = table.integer("partition", in: 1...20)
    if isX { checkPartition(table, x) }
    if let recover = table.choice("recover", of: XOptions.Recovery.self) { x.recover = recover }
    if isX, x.recover == .search, x.stream != .filtered {
      table.refuse(
        "recover", "\"search\" needs stream = \"filtered\", whose rules it searches with")
    }
    let budget = section("budget", of: table)
    x.postsPerDay = budget.integer("posts_per_day", in: 1...1_000_000_000).map(Int64.init)
    x.postsPerMonth = budget.integer("posts_per_month", in: 1...1_000_000_000).map(Int64.init)
    x.rules = rules(table)
    if isX, !x.rules.isEmpty, x.stream != .filtered {
      table.refuse("rule", "rules belong to stream = \"filtered\" only; remove them")
    }
    return .x(x)
  }

  private func checkPartition(_ table: SettingsTable, _ x: Settings.X) {
    let most = x.stream.partitions
    switch x.partition {
    case nil where most > 1:
      table.context.refuse(
        table.path,
        "\(table.title) partition: missing; stream \"\(x.stream.rawValue)\" comes in \(most) "
          + "partitions, one source each")
    case .some where most == 1:
      table.refuse(
        "partition", "stream \"\(x.stream.rawValue)\" has no partitions; remove the key")
    case .some(let number) where number > most:
      table.refuse("partition", "expected a whole number from 1 to \(most)")
    default: break
    }
  }

  private mutating func rules(_ table: SettingsTable) -> [XRule] {
    var rules: [XRule] = []
    for table in nested("rule", of: table) {
      let tag = table.text("tag", expected: "the name of a topic in quotes")
      guard let value = table.text("value", expected: "a rule of X in quotes") else {
        if !table.has("value") {
          table.context.refuse(table.path, "\(table.title) value: missing; write what to match")
        }
        continue
      }
      if value.utf8.count > 1024 { table.refuse("value", "expected at most 1024 bytes") }
      if rules.contains(where: { $0.value == value }) {
        table.refuse("value", "this rule stands twice; X keeps each but once")
      }
      rules.append(XRule(value: value, tag: tag))
    }
    return rules
  }

  // MARK: mastodon

  private func mastodon(_ table: SettingsTable, _ url: String?) -> Settings.SourceKind? {
    let tag = table.text("hashtag", expected: "a tag without its # in quotes")
    guard isKind(table, "mastodon") else { return nil }
    var stream = MastodonOptions.Stream.everything
    switch table.node("stream") {
    case nil: if let tag { stream = .hashtag(tag) }
    case .string("public"): break
    case .string("local"): stream = .local
    case .string("remote"): stream = .remote
    case .some(let node):
      table.refuse("stream", expected: "one of \"public\", \"local\", \"remote\"", found: node)
    }
    if let tag, table.has("stream") {
      table.refuse("hashtag", "\"\(shown(tag))\" is a stream of its own; remove stream")
    }
    guard let url = required(table, "url", url, "https://mastodon.example") else { return nil }
    return .mastodon(server: url, stream: stream)
  }

  // MARK: jetstream

  private func jetstream(_ table: SettingsTable) -> Settings.SourceKind? {
    let version = table.choice("version", of: JetstreamOptions.Version.self) ?? .v1
    let authors = table.texts("authors", expected: "a list of DIDs such as \"did:plc:…\"") {
      $0.hasPrefix("did:") && $0.utf8.count <= 2048
    }
    let servers = self.servers(table, version)
    let isJetstream = isKind(table, "jetstream")
    _ = table.node("idle")
    let idle =
      isJetstream
      ? table.durationOrForever("idle", in: .seconds(1)...(.seconds(86_400))) : nil
    let dictionary = file(table, "zstd_dictionary", of: "the servers' dictionary")
    if dictionary != nil, version == .v2 {
      table.refuse("zstd_dictionary", "belongs to version = \"v1\" only; remove it")
    }
    return .jetstream(
      JetstreamOptions(
        servers: servers ?? JetstreamOptions.publicServers,
        version: version, authors: authors ?? [], dictionary: dictionary,
        // All of Bluesky is never quiet for so long; a few authors may be.
        idle: idle ?? (authors == nil ? .seconds(60) : nil)))
  }

  /// The servers of Jetstream, each once; nil where none are given or one is refused.
  private func servers(
    _ table: SettingsTable, _ version: JetstreamOptions.Version
  ) -> [String]? {
    let expected = "a list of addresses such as \"wss://…\""
    guard let texts = table.texts("urls", expected: expected, where: { _ in true }) else {
      return nil
    }
    var servers: [String] = []
    for (index, text) in texts.enumerated() {
      do throws(ServerAddress.Refusal) {
        let server = try ServerAddress.jetstream(text, version: version)
        if !servers.contains(server) { servers.append(server) }
      } catch {
        table.context.refuse(
          table.path.key("urls").index(index),
          "\(table.title) urls: \(SettingsText.excerpt(error.message, limit: 240))")
      }
    }
    return servers.isEmpty ? nil : servers
  }

  // MARK: http

  private func http(
    _ table: SettingsTable, _ url: String?, _ fields: Settings.Fields
  ) -> Settings.SourceKind? {
    guard isKind(table, "http") else { return nil }
    let idle = table.duration("idle", in: .seconds(1)...(.seconds(86_400)))
    guard let url = required(table, "url", url, "https://example.com/stream") else { return nil }
    return .http(url: url, fields: fields, idle: idle ?? .seconds(60))
  }

  private func required(
    _ table: SettingsTable, _ key: String, _ value: String?, _ example: String
  ) -> String? {
    if value == nil, !table.has(key) {
      table.context.refuse(
        table.path, "\(table.title) \(key): missing; expected an address such as \"\(example)\"")
    }
    return value
  }
}
