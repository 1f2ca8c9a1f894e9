/// Which rows of the aggregates a question is about.
struct RowFilter: Sendable, Equatable {
  /// The name of one topic; nil: every topic.
  var topic: String?
  /// The name of one source; nil: all sources together.
  var source: String?
  /// The code of one language, `und` for an unknown one; nil: all languages together.
  var lang: String?

  /// A filter; without any part it lets every row through.
  init(topic: String? = nil, source: String? = nil, lang: String? = nil) {
    self.topic = topic
    self.source = source
    self.lang = lang
  }

  /// True when rows of one source or one language are asked for, which no view without detail has.
  var needsDetail: Bool { source != nil || lang != nil }

  /// The condition on rows of `aggregate a`; each part binds its value under its own name.
  var condition: String {
    var parts: [String] = []
    if source != nil { parts.append("a.source_id = (SELECT id FROM source WHERE name = :source)") }
    if lang != nil { parts.append("a.lang_id = (SELECT id FROM lang WHERE name = :lang)") }
    return parts.isEmpty ? "" : " WHERE " + parts.joined(separator: " AND ")
  }

  /// The values that the conditions bind.
  var arguments: [String: String] {
    var arguments: [String: String] = [:]
    if let topic { arguments["topic"] = topic }
    if let source { arguments["source"] = source }
    if let lang { arguments["lang"] = lang }
    return arguments
  }
}
