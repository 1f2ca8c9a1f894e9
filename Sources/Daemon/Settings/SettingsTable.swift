/// One table of a settings file while it is read: every answer is checked, every question recorded.
final class SettingsTable {
  let context: SettingsContext
  let path: SettingsPath
  /// The section's name in `knownKeys`, such as `source` or `store.retain`.
  let section: String
  /// The table as messages call it, such as `[batch]` or `[[source]] "archive"`.
  var title: String
  let nodes: [String: TOMLNode]
  /// True for what a later version reads: its keys are not known yet and not searched.
  var isReserved = false
  private var asked: [String] = []

  init(
    _ nodes: [String: TOMLNode], at path: SettingsPath, section: String, title: String,
    context: SettingsContext
  ) {
    self.nodes = nodes
    self.path = path
    self.section = section
    self.title = title
    self.context = context
  }

  /// The value of a key, nil when it is not given.
  func node(_ key: String) -> TOMLNode? {
    if !asked.contains(key) { asked.append(key) }
    context.asked(key, in: section)
    return nodes[key]
  }

  /// True when the key stands in the file.
  func has(_ key: String) -> Bool { nodes[key] != nil }

  /// Records a problem with the value of a key.
  func refuse(_ key: String, _ message: String) {
    context.refuse(path.key(key), "\(label(key)): \(message)")
  }

  /// Records that a value is not what is expected.
  func refuse(_ key: String, expected: String, found node: TOMLNode) {
    refuse(key, "expected \(expected), found \(node.words)")
  }

  private func label(_ key: String) -> String { title.isEmpty ? key : "\(title) \(key)" }

  /// Refuses every key that was never asked for, with the nearest known one.
  func finish(known: [String: [String]]) {
    guard !isReserved else { return }
    for (key, node) in nodes.sorted(by: { $0.key < $1.key }) where !asked.contains(key) {
      let shown = SettingsText.excerpt(key)
      let what = title.isEmpty && node.isTable ? "[\(shown)]: unknown section" : nil
      context.refuse(
        path.key(key),
        "\(what ?? label(shown) + ": unknown key"); \(advice(for: key, known: known))")
    }
  }

  private func advice(for key: String, known: [String: [String]]) -> String {
    let homes = known.keys.filter { known[$0]?.contains(key) == true }.sorted()
    if let home = homes.first { return "`\(key)` belongs to \(SettingsReader.heading(home))" }
    if let near = NearestWord.find(key, among: asked) { return "did you mean `\(near)`?" }
    return "known here: \(asked.joined(separator: ", "))"
  }
}
