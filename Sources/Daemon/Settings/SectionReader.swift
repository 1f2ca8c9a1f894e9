import Classifier
import ELMo

/// Reads the sections of a settings file one by one, keeping their tables for the search for
/// unknown keys.
struct SectionReader {
  let top: SettingsTable
  private(set) var tables: [SettingsTable]

  init(top: SettingsTable) {
    self.top = top
    tables = [top]
  }

  private var context: SettingsContext { top.context }

  mutating func model() -> Settings.Model {
    let table = section("model")
    var model = Settings.Model()
    model.path = table.filePath("path")
    if let path = model.path, !context.isThere(path, isDirectory: true) {
      table.refuse(
        "path", "expected the directory of a model bundle, found none at \(shown(path))")
    }
    model.neutralBand = table.band("neutral_band")
    if let decision = table.choice("decision", of: Decision.self) { model.decision = decision }
    if let any = table.flag("any_language") { model.anyLanguage = any }
    model.maxTokens = table.integer("max_tokens", in: 1...1024)
    model.engine = table.choice("engine", of: Engine.self)
    return model
  }

  mutating func batch() -> Settings.Batch {
    let table = section("batch")
    var batch = Settings.Batch()
    if let number = table.integer("max_tweets", in: 1...4096) { batch.maxTweets = number }
    if let wait = table.duration("max_wait", in: .milliseconds(1)...(.seconds(60))) {
      batch.maxWait = wait
    }
    return batch
  }

  mutating func store() -> Settings.Store {
    let table = section("store")
    var store = Settings.Store()
    if let path = table.filePath("database") { store.database = path }
    retain(table, &store)
    let horizon = table.durationOrForever(
      "dedup_horizon", in: .seconds(3600)...(.seconds(400 * 86_400)))
    if let horizon { store.dedupHorizon = horizon }
    if let mode = table.choice("synchronous", of: Settings.Synchronous.self) {
      store.synchronous = mode
    }
    return store
  }

  /// `retain = "forever"`, or a table with a duration or `"forever"` for each kind of bucket.
  private mutating func retain(_ parent: SettingsTable, _ store: inout Settings.Store) {
    let node = parent.node("retain")
    var nodes: [String: TOMLNode] = [:]
    switch node {
    case nil: break
    case .string("forever"):
      store.retainMinutes = nil
      store.retainHours = nil
    case .table(let given): nodes = given
    case .some(let other):
      parent.refuse(
        "retain", expected: "\"forever\" or { minutes = \"14d\", hours = \"forever\" }",
        found: other)
    }
    let table = SettingsTable(
      nodes, at: parent.path.key("retain"), section: "store.retain", title: "[store.retain]",
      context: context)
    tables.append(table)
    let minutes = table.durationOrForever(
      "minutes", in: .seconds(2 * 86_400)...(.seconds(36_500 * 86_400)))
    if let minutes { store.retainMinutes = minutes }
    let hours = table.durationOrForever(
      "hours", in: .seconds(2 * 86_400)...(.seconds(36_500 * 86_400)))
    if let hours { store.retainHours = hours }
    guard let hours = store.retainHours, table.has("hours") || table.has("minutes") else { return }
    if store.retainMinutes.map({ $0 > hours }) ?? true {
      let minutes = store.retainMinutes.map(SettingsText.words) ?? "forever"
      table.refuse(
        table.has("hours") ? "hours" : "minutes",
        "expected hours to be kept at least as long as minutes (\(minutes)), "
          + "found hours = \"\(SettingsText.words(hours))\"")
    }
  }

  mutating func report() -> Settings.Report {
    let table = section("report")
    var report = Settings.Report()
    if let path = table.filePath("path") { report.path = path }
    if let every = table.duration("every", in: .seconds(1)...(.seconds(3600))) {
      report.every = every
    }
    return report
  }

  mutating func log() -> Settings.Log {
    let table = section("log")
    var log = Settings.Log()
    if let mode = table.choice("tweets", of: TweetLogMode.self) { log.tweets = mode }
    if let rate = table.rate("sample_rate") { log.sampleRate = rate }
    if let level = table.choice("level", of: LogLevel.self) { log.level = level }
    return log
  }

  /// `[web]` is known, but its program part comes later.
  func refuseLaterSections() {
    guard top.has("web") else { return }
    _ = top.node("web")
    top.context.refuse(
      SettingsPath().key("web"),
      "[web]: the web page comes in a later version; remove this section")
  }

  /// The table of a section, an empty one when it is missing or not a table.
  private mutating func section(_ name: String) -> SettingsTable {
    var nodes: [String: TOMLNode] = [:]
    switch top.node(name) {
    case nil: break
    case .table(let given): nodes = given
    case .some(let other):
      context.refuse(
        SettingsPath().key(name), "expected a section [\(name)], found \(other.words)")
    }
    let table = SettingsTable(
      nodes, at: SettingsPath().key(name), section: name, title: "[\(name)]", context: context)
    tables.append(table)
    return table
  }

  /// A table inside another one, `key = { … }`, an empty one when it is missing or not a table.
  mutating func section(_ key: String, of parent: SettingsTable) -> SettingsTable {
    var nodes: [String: TOMLNode] = [:]
    switch parent.node(key) {
    case nil: break
    case .table(let given): nodes = given
    case .some(let other): parent.refuse(key, expected: "{ … } with keys and values", found: other)
    }
    let table = SettingsTable(
      nodes, at: parent.path.key(key), section: "\(parent.section).\(key)",
      title: "\(parent.title) \(key)", context: context)
    tables.append(table)
    return table
  }

  /// The tables of a repeated section inside a table, such as `[[source.rule]]`.
  mutating func nested(_ key: String, of parent: SettingsTable) -> [SettingsTable] {
    var elements: [[String: TOMLNode]] = []
    switch parent.node(key) {
    case nil: break
    case .array(let items) where items.allSatisfy(\.isTable):
      elements = items.map { if case .table(let nodes) = $0 { nodes } else { [:] } }
    case .some(let other):
      parent.refuse(
        key, "expected [[\(parent.section).\(key)]] with double brackets, found \(other.words)")
    }
    let added = elements.enumerated().map { index, nodes in
      SettingsTable(
        nodes, at: parent.path.key(key).index(index), section: "\(parent.section).\(key)",
        title: "[[\(parent.section).\(key)]]", context: context)
    }
    tables += added
    return added
  }

  /// The tables of a repeated section, in file order.
  mutating func repeated(_ name: String) -> [SettingsTable] {
    var elements: [[String: TOMLNode]] = []
    switch top.node(name) {
    case nil: break
    case .array(let items) where items.allSatisfy(\.isTable):
      elements = items.map { item in
        if case .table(let nodes) = item { nodes } else { [:] }
      }
    case .some(let other):
      context.refuse(
        SettingsPath().key(name),
        "expected [[\(name)]] with double brackets, since there may be several, "
          + "found \(other.words)")
    }
    let added = elements.enumerated().map { index, nodes in
      SettingsTable(
        nodes, at: SettingsPath().key(name).index(index), section: name,
        title: "[[\(name)]]", context: context)
    }
    tables += added
    return added
  }

  /// Reads `name` of a repeated section, unique among those read before.
  func name(of table: SettingsTable, seen: inout [String: Int]) -> String? {
    guard let node = table.node("name") else {
      context.refuse(table.path, "\(table.title) name: missing; give this \(table.section) a name")
      return nil
    }
    guard case .string(let name) = node, SettingsText.isName(name) else {
      table.refuse(
        "name", expected: "1 to 64 characters out of a-z, 0-9, `_` and `-`", found: node)
      return nil
    }
    if let line = seen[name] {
      table.refuse("name", "\"\(name)\" is already used on line \(line); names must be unique")
      table.title += " \"\(name)\""
      return nil
    }
    seen[name] = context.line(of: table.path.key("name"))
    table.title += " \"\(name)\""
    return name
  }

  func shown(_ path: String) -> String { SettingsText.excerpt(path) }
}
