import Aggregates

extension SectionReader {
  /// The `[[topic]]` tables; there may be none.
  mutating func topics() -> [Settings.Topic] {
    var seen: [String: Int] = [:]
    var topics: [Settings.Topic] = []
    for table in repeated("topic") {
      let name = name(of: table, seen: &seen)
      if name == "all" {
        table.refuse("name", "`all` counts every tweet already; choose another name")
      }
      if let match = match(table) {
        topics.append(Settings.Topic(name: name ?? "", match: match))
      }
    }
    return topics
  }

  private func match(_ table: SettingsTable) -> [String]? {
    let expected = "a list of 1 to 1000 words, #tags, @names, emoji or phrases in quotes"
    guard let node = table.node("match") else {
      table.context.refuse(table.path, "\(table.title) match: missing; expected \(expected)")
      return nil
    }
    guard case .array(let items) = node, (1...1000).contains(items.count) else {
      table.refuse("match", expected: expected, found: node)
      return nil
    }
    var match: [String] = []
    for (index, item) in items.enumerated() {
      var refusal: String? = "a word, #tag, @name, emoji or phrase of at most 256 bytes"
      if case .string(let text) = item, text.utf8.count <= 256 {
        refusal = Topic.refusal(of: text)
        match.append(text)
      }
      if let refusal {
        table.context.refuse(
          table.path.key("match").index(index),
          "\(table.title) match: expected \(refusal), found \(item.words)")
      }
    }
    return match
  }
}
