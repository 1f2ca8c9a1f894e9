extension CSVHeader {
  /// Names of columns that hold the text of a tweet, the surest first; compared by `plain`.
  package static let textNames = [
    "text", "full_text", "tweet", "tweet_text", "content", "raw_content", "body", "message",
    "sentiment_text", "original_tweet", "tweet_content", "tweet_body", "status_text",
  ]

  /// A name without what its writers disagree on: case, blanks, `_`, `-` and points.
  package static func plain(_ name: String) -> String {
    String(name.lowercased().filter { !$0.isWhitespace && !"_-.".contains($0) })
  }

  /// The place of a column by its name as written, in any case, as `plain` compares, or by its number from 1; nil where there is none.
  package func index(of name: String) -> Int? {
    if let index = columns.firstIndex(of: name) { return index }
    let lowercased = name.lowercased()
    if let index = columns.firstIndex(where: { $0.lowercased() == lowercased }) { return index }
    let plain = CSVHeader.plain(name)
    if let index = columns.firstIndex(where: { CSVHeader.plain($0) == plain }) { return index }
    guard let number = Int(name), (1...columns.count).contains(number) else { return nil }
    return number - 1
  }

  /// The place of the first column that has one of the usual names.
  package func firstIndex(ofUsual names: [String]) -> Int? {
    let known = columns.map(CSVHeader.plain)
    for name in names {
      if let index = known.firstIndex(of: CSVHeader.plain(name)) { return index }
    }
    return nil
  }

  /// The place of the text by the usual names.
  package var textIndex: Int? { firstIndex(ofUsual: CSVHeader.textNames) }
}
