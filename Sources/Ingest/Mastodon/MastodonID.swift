internal import JSON
import Tweets

/// Ids of statuses, which grow with time: numbers in text, 16 bits of sequence below milliseconds.
enum MastodonID {
  /// True when `a` is older than `b`.
  static func isOlder(_ a: String, than b: String) -> Bool {
    a.utf8.count == b.utf8.count ? a < b : a.utf8.count < b.utf8.count
  }

  /// The id of the moment so many milliseconds before; the id itself where it tells no time.
  static func earlier(_ id: String, by milliseconds: Int64) -> String {
    guard let number = Int64(id), number >> 16 > 1_262_304_000_000 else { return id }  // 2010
    return "\(number - milliseconds << 16)"
  }

  /// False for an id that tells a time in the future: going on behind it would pass everything over.
  static func isBelievable(_ id: String, now: Timestamp) -> Bool {
    guard let number = Int64(id) else { return false }
    return number >> 16 <= now.milliseconds + 3_600_000
  }

  /// The id in a status; nil where there is none.
  static func of(_ status: [UInt8]) -> String? {
    guard let json = try? JSONDocument(status) else { return nil }
    return id(json.root, in: json)
  }

  /// The ids of a page of statuses.
  static func ofPage(_ page: [UInt8]) throws -> [String] {
    let json = try JSONDocument(page)
    return json.elements(of: json.root).compactMap { id($0, in: json) }
  }

  private static func id(_ node: JSONNode, in json: JSONDocument) -> String? {
    guard let id = json.string("id", of: node), (1...20).contains(id.utf8.count),
      id.utf8.allSatisfy({ $0 &- 0x30 < 10 })
    else { return nil }
    return id
  }
}
