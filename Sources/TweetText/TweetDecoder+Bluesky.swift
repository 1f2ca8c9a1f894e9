internal import JSON
import Tweets

/// Posts of Bluesky as its API gives them: an address, and a record with the text.
extension TweetDecoder {
  /// A post of a feed, of a search, or of a listed repository; nil for anything else.
  func decodeAddressed(_ node: JSONNode) -> Decoded? {
    guard let address = document.string("uri", of: node), address.hasPrefix("at://"),
      let record = document.member("record", .object, of: node)
        ?? document.member("value", .object, of: node),
      let text = document.string("text", of: record)
    else { return nil }
    let parts = address.dropFirst(5).split(separator: "/")
    guard parts.count == 3, parts[1] == "app.bsky.feed.post",
      address.utf8.count <= Self.longestID
    else { return .notice(.other(shortened(String(parts.dropFirst().first ?? "record")))) }
    let langs = document.member("langs", .array, of: record)
    let lang = langs.flatMap { document.elements(of: $0).first { _ in true } }
    return .tweet(
      Tweet(
        namespace: "bluesky", id: "\(parts[0])/\(parts[2])", hasStableID: true, text: text,
        createdAt: document.string("createdAt", of: record).flatMap { Timestamp(tweetTime: $0) },
        lang: lang.flatMap { nonEmpty(document.string($0)) }))
  }
}
