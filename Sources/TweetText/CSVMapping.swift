import Tweets

/// Which columns of a CSV hold what; what is nil is looked for by the usual names.
package struct CSVMapping: Sendable, Equatable {
  /// The column of the text.
  package var text: String?
  /// The column of the id.
  package var id: String?
  /// The columns of the time, joined by blanks: one, or a day and a time of day.
  package var time: [String]
  /// The column of the language.
  package var lang: String?
  /// The column of a topic, which becomes a tag; there is no usual name.
  package var topic: String?

  /// A mapping from its parts.
  package init(
    text: String? = nil, id: String? = nil, time: [String] = [], lang: String? = nil,
    topic: String? = nil
  ) {
    self.text = text
    self.id = id
    self.time = time
    self.lang = lang
    self.topic = topic
  }

  /// Every column is looked for by the usual names.
  package static let automatic = CSVMapping()
}

/// A mapping applied to one header.
struct CSVColumns: Sendable {
  let header: CSVHeader
  let text: Int?
  let id: Int?
  /// How many digits make the column's values the platform's own ids; nil where nothing does.
  let stableDigits: Int?
  let time: [Int]
  /// A column of the time that the settings name and the table does not have.
  let missingTime: String?
  let lang: Int?
  let topic: Int?

  /// Fields of a record that must be there: those up to the last that is used, and two at least, because a line
  /// without a separator is rather the rest of a text that was not quoted.
  var needed: Int {
    ([text, id, lang, topic] + time).reduce(2) { max($0, ($1 ?? -1) + 1) }
  }

  init(_ mapping: CSVMapping, header: CSVHeader) {
    self.header = header
    text = header.column(mapping.text, or: CSVHeader.textNames)
    id = header.column(mapping.id, or: CSVColumns.stableIDNames + ["id", "textid"])
    let name = id.map { CSVHeader.plain(header.columns[$0]) } ?? ""
    // A row number is no id of the platform, whose ids have had ten digits and more since 2009.
    stableDigits =
      CSVColumns.stableIDNames.contains { CSVHeader.plain($0) == name }
      ? 1 : name == "id" || mapping.id != nil ? 10 : nil
    time =
      mapping.time.isEmpty
      ? TimeNames.columns(among: header.columns) : mapping.time.compactMap { header.index(of: $0) }
    missingTime = mapping.time.first { header.index(of: $0) == nil }
    lang = header.column(mapping.lang, or: ["lang", "language"])
    topic = header.column(mapping.topic, or: [])
  }

  static let stableIDNames = ["tweet_id", "tweetid", "id_str", "status_id"]
}

extension CSVHeader {
  fileprivate func column(_ given: String?, or names: [String]) -> Int? {
    if let given { return index(of: given) }
    return firstIndex(ofUsual: names)
  }
}
