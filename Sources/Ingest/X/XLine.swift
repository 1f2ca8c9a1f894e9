internal import JSON
import Tweets

/// What the stream itself needs to know of a line; everything else is the decoder's.
enum XLine {
  /// What the server says in stream before it closes the connection; nil for a post.
  ///
  /// A line that holds both data and errors is a post.
  static func disconnect(_ bytes: [UInt8]) -> String? {
    // Nearly every line is a post, which is not worth being read twice.
    guard contains(bytes, "\"errors\""), let json = try? JSONDocument(bytes),
      json.member("data", .object, of: json.root) == nil,
      let errors = json.member("errors", .array, of: json.root),
      let error = json.elements(of: errors).first(where: { _ in true })
    else { return nil }
    let keys: [StaticString] = ["disconnect_type", "title", "detail"]
    let words = keys.compactMap { json.string($0, of: error) }.joined(separator: ": ")
    return String(decoding: Array(words.utf8.prefix(300)), as: UTF8.self)
  }

  /// The time in the id of a line's post; nil where there is none.
  static func time(_ bytes: [UInt8]) -> Timestamp? {
    guard let json = try? JSONDocument(bytes),
      let data = json.member("data", .object, of: json.root),
      let id = json.string("id", of: data).flatMap({ Int64($0) }), id >= 29_700_000_000
    else { return nil }
    return Timestamp(milliseconds: (id >> 22) + 1_288_834_974_657)
  }

  private static func contains(_ bytes: [UInt8], _ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard bytes.count >= length else { return false }
    // Within the static string by the loop's bounds.
    return (0...bytes.count - length).contains { start in
      (0..<length).allSatisfy { unsafe bytes[start + $0] == word.utf8Start[$0] }
    }
  }
}
