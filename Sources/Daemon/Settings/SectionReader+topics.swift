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
    let expected = "a list of 1 to 1000 words, #tags, @names or phrases in quotes"
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
      if case .string(let text) = item, text.utf8.count <= 256,
        text.contains(where: { $0.isLetter || $0.isNumber })
      {
        match.append(text)
      } else {
        table.context.refuse(
          table.path.key("match").index(index),
          "\(table.title) match: expected a word, #tag, @name or phrase with a letter or digit, "
            + "at most 256 bytes long, found \(item.words)")
      }
    }
    return match
  }
}
