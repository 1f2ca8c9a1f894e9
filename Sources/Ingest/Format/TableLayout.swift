/// Which column of a table without a heading holds what.
struct TableLayout {
  /// Names that headings have beside those of texts; compared by `CSVHeader.plain`.
  static let usualNames: Set<String> = [
    "id", "tweetid", "idstr", "userid", "user", "username", "screenname", "author", "date", "time",
    "datetime", "timestamp", "createdat", "lang", "language", "label", "sentiment", "target",
    "polarity", "airlinesentiment", "retweetcount", "likecount", "source", "location", "query",
  ]

  /// A name for each column: that of its role, else its number from 1.
  private(set) var names: [String]
  /// True for a layout of a data set that is known.
  private(set) var isKnown = false

  init(_ rows: [[String]], columns count: Int) {
    names = (1...count).map { String($0) }
    let rows = rows.filter { $0.count == count }
    let kinds = (0..<count).map { column in TableLayout.kind(rows.map { $0[column] }) }
    if let known = TableLayout.known(kinds, rows) {
      names = known
      isKnown = true
      return
    }
    let wordy = (0..<count).filter { column in
      !(kinds[column]?.isTyped ?? false) && TableLayout.words(rows.map { $0[column] }) >= 3
    }
    if wordy.count == 1 { names[wordy[0]] = "text" }
    if let id = kinds.firstIndex(of: .id) { names[id] = "id" }
    if let date = kinds.firstIndex(of: .date) { names[date] = "date" }
    if let label = kinds.firstIndex(of: .label) { names[label] = "label" }
  }

  /// The one kind of all cells; of short and long numbers the number.
  private static func kind(_ cells: [String]) -> CellKind? {
    var kinds = Set(cells.map { CellKind($0) })
    kinds.remove(.empty)
    if kinds == [.id, .number] { return .number }
    return kinds.count == 1 ? kinds.first : nil
  }

  /// Words of a cell in the mean.
  private static func words(_ cells: [String]) -> Int {
    guard !cells.isEmpty else { return 0 }
    return cells.reduce(0) { $0 + $1.split(separator: " ").count } / cells.count
  }

  /// The names of Sentiment140, of SemEval's files and of tables made like them.
  private static func known(_ kinds: [CellKind?], _ rows: [[String]]) -> [String]? {
    func isNumber(_ column: Int) -> Bool { kinds[column] == .id || kinds[column] == .number }
    switch kinds.count {
    case 6:
      let isPolarity = rows.allSatisfy { ["0", "2", "4"].contains($0[0]) }
      return isPolarity && !rows.isEmpty && isNumber(1) && kinds[2] == .date
        ? ["polarity", "id", "date", "query", "user", "text"] : nil
    case 4 where isNumber(0) && kinds[2] == .label:
      return isNumber(1) ? ["id", "uid", "label", "text"] : ["id", "entity", "label", "text"]
    case 3 where isNumber(0) && kinds[1] == .label: return ["id", "label", "text"]
    case 2 where kinds[0] == .label: return ["label", "text"]
    case 2 where kinds[1] == .label: return ["text", "label"]
    case 2 where kinds[0] == .id: return ["id", "text"]
    default: return nil
    }
  }
}
