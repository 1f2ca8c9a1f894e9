internal import JSON
package import Tweets

/// Turns framed records into tweets, whatever shape the source gives them.
///
/// HTML entities are decoded here, once, for every shape whose text has them, so that the store, the log and the
/// cleaner see what the author wrote. A value is reused for many records, one after the other: its memory is.
package struct TweetDecoder: Sendable {
  private let mapping: CSVMapping
  private let shape: TweetShape
  private var columns: CSVColumns?
  var document = JSONDocument()
  var times: TimeReader
  var opening: FileOpening?
  /// What the first block tells of the order of day and month; nil before that is asked.
  var evidence: DateOrderEvidence?

  /// A decoder; the mapping serves records of CSV only, the shape those of JSON and events.
  package init(
    csv: CSVMapping = .automatic, shape: TweetShape = .automatic, times: TimeReader = TimeReader()
  ) {
    mapping = csv
    self.shape = shape
    self.times = times
  }

  /// What the record holds: nothing for a blank, many for a page, else one.
  ///
  /// The records of a file come in order, after `begin` with its opening.
  package mutating func decode(_ record: Record) -> [Decoded] {
    settle(decodeRecord(record), of: record)
  }

  /// What the record holds by itself: dates whose order is not decided are not understood.
  mutating func decodeRecord(_ record: Record) -> [Decoded] {
    if let fault = record.fault { return [.undecodable(DecodeError(fault))] }
    switch record.format {
    case .blank: return []
    case .json: return decodeJSON(record.bytes)
    case .csv(let header): return decodeCSV(record.bytes, header)
    case .text: return decodeText(record.bytes)
    case .event(let name):
      if case .mastodon(let host) = shape { return decodeEvent(name, record.bytes, host: host) }
      return decodeRecordedEvent(name, record.bytes)
    }
  }

  private func decodeText(_ bytes: [UInt8]) -> [Decoded] {
    if isBlank(bytes) { return [] }
    if case .mapped = shape {
      return [
        .undecodable(
          DecodeError(.unknownShape, "plain text where the settings name a field of JSON"))
      ]
    }
    let text = String(decoding: bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes, as: UTF8.self)
    return [.tweet(Tweet(text: HTMLEntities.decode(text)))]
  }

  /// Strings in strings that are taken for documents.
  private static let deepestString = 3

  private mutating func decodeJSON(_ bytes: [UInt8], depth: Int = 0) -> [Decoded] {
    if isBlank(bytes) { return [] }
    do throws(JSONError) {
      try document.parse(bytes)
    } catch {
      return [.undecodable(DecodeError(error))]
    }
    let root = document.root
    if let inner = innerDocument(root), depth < TweetDecoder.deepestString {
      return decodeJSON(inner, depth: depth + 1)
    }
    if let event = document.string("event", of: root),
      let payload = document.string("payload", of: root), depth < TweetDecoder.deepestString,
      case .automatic = shape
    {
      return decodeRecordedEvent(event, Array(payload.utf8), depth: depth + 1)
    }
    if case .mapped(let mapping) = shape { return [decodeMapped(root, mapping)] }
    switch document.kind(of: root) {
    case .object: return decodeElement(root)
    case .array:
      if document.count(of: root) == 0 { return [.notice(.other("empty"))] }
      return document.elements(of: root).flatMap { decodeElement($0) }
    default: return [.undecodable(DecodeError(.unknownShape, "neither an object nor an array"))]
    }
  }

  private func decodeElement(_ node: JSONNode) -> [Decoded] {
    switch shape {
    case .automatic: decodeObject(node)
    case .mastodon(let host): [decodeStatus(node, host: host)]
    case .jetstream: [decodeMessage(node)]
    case .mapped(let mapping): [decodeMapped(node, mapping)]
    }
  }

  /// A document that was written as a JSON string.
  private func innerDocument(_ root: JSONNode) -> [UInt8]? {
    guard let text = document.string(root) else { return nil }
    let first = text.utf8.first { $0 > 0x20 }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"")
    else { return nil }
    return Array(text.utf8)
  }

  /// An event of a recording, whose server is not known.
  private mutating func decodeRecordedEvent(
    _ name: String, _ bytes: [UInt8], depth: Int = 0
  ) -> [Decoded] {
    switch name {
    case "delete": return [decodeDelete(bytes, host: Self.recordedHost)]
    case "update", "status.update", "message": return decodeJSON(bytes, depth: depth)
    default: return [.notice(.other(shortened(name)))]
    }
  }

  /// An event of a Mastodon server.
  private mutating func decodeEvent(_ name: String, _ bytes: [UInt8], host: String) -> [Decoded] {
    switch name {
    case "update", "status.update": return decodeJSON(bytes)
    case "delete": return [decodeDelete(bytes, host: host)]
    default: return [.notice(.other(shortened(name)))]
    }
  }

  private mutating func decodeCSV(_ bytes: [UInt8], _ header: CSVHeader) -> [Decoded] {
    if isBlank(bytes), header.columns.count > 1 { return [] }
    let columns =
      if let known = self.columns, known.header == header { known } else {
        CSVColumns(mapping, header: header)
      }
    self.columns = columns
    do throws(DecodeError) {
      let record = try CSVRecord(bytes, header: header, needed: columns.needed)
      return [.tweet(try tweet(record.fields, columns))]
    } catch {
      return [.undecodable(error)]
    }
  }

  private func tweet(_ fields: [String], _ columns: CSVColumns) throws(DecodeError) -> Tweet {
    guard let text = columns.text else {
      throw DecodeError(
        .noTextColumn, TweetDecoder.noTextColumn(columns.header, fields))
    }
    guard fields[text] != TweetDecoder.unavailable else {
      throw DecodeError(
        .noText, "the text is `\(TweetDecoder.unavailable)`: the tweet was gone when it was fetched"
      )
    }
    var tweet = Tweet(text: HTMLEntities.decode(fields[text]))
    if let id = columns.id.map({ fields[$0] }), !id.isEmpty, !isSpoiled(id) {
      tweet.id = id
      let isNumber = id.utf8.count <= 20 && id.utf8.allSatisfy { $0 &- 0x30 < 10 }
      tweet.hasStableID = isNumber && columns.stableDigits.map { id.utf8.count >= $0 } == true
    }
    if let missing = columns.missingTime {
      tweet.time = .unread(UnreadTime(text: missing, reason: .noColumn))
    } else {
      tweet.time = TweetDecoder.time(
        time(of: fields, columns), orOfID: tweet.hasStableID ? tweet.id : nil)
    }
    if let lang = columns.lang.map({ fields[$0] }), !lang.isEmpty { tweet.lang = lang }
    if let topic = columns.topic.map({ fields[$0] }), !topic.isEmpty { tweet.tags = [topic] }
    return tweet
  }

  /// What downloaders of SemEval's sets write in the place of a tweet that is gone.
  private static let unavailable = "Not Available"

  private func time(of fields: [String], _ columns: CSVColumns) -> TweetTime {
    guard let first = columns.time.first else { return .missing }
    guard columns.time.count > 1 else { return times.time(of: fields[first]) }
    return times.time(ofPieces: columns.time.map { fields[$0] })
  }

  /// Shows the columns, with an example where they have no names, so that one of them can be named.
  private static func noTextColumn(_ header: CSVHeader, _ fields: [String]) -> String {
    let shown = zip(1..., zip(header.columns, fields)).prefix(20).map { number, column in
      header.isNamed
        ? "\(number) \(column.0.prefix(40))"
        : "\(number) (such as \(String(String.UnicodeScalarView(column.1.unicodeScalars.prefix(24)))))"
    }
    return "none of the columns is known to hold the text; name it with text_column: "
      + shown.joined(separator: ", ")
  }

  /// True for what a spreadsheet leaves of a long id: `6.29697E+17`.
  private func isSpoiled(_ id: String) -> Bool {
    let bytes = Array(id.utf8)
    guard let first = bytes.first, first &- 0x30 < 10, Double(id) != nil else { return false }
    return bytes.contains(UInt8(ascii: ".")) || bytes.contains(UInt8(ascii: "+"))
  }

  private func isBlank(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
  }
}
