internal import JSON
import Tweets

/// Statuses and events of Mastodon (https://docs.joinmastodon.org/entities/Status/).
extension TweetDecoder {
  /// What a server-sent event holds.
  mutating func decodeEvent(_ name: String, _ bytes: [UInt8]) -> [Decoded] {
    guard case .mastodon(let host) = shape else { return [.notice(.other("event"))] }
    switch name {
    case "update", "status.update": return decodeStatuses(bytes, host)
    case "delete":
      let id = String(decoding: bytes, as: UTF8.self)
      guard (1...20).contains(bytes.count), bytes.allSatisfy({ $0 &- 0x30 < 10 }) else {
        return [.undecodable(DecodeError(.unknownShape, "a delete without an id"))]
      }
      return [.notice(.delete(id: "\(host)/\(id)", namespace: "mastodon"))]
    default: return [.notice(.other(name))]
    }
  }

  /// One status, or a page of them as the timelines give it.
  mutating func decodeStatuses(_ bytes: [UInt8], _ host: String) -> [Decoded] {
    do throws(JSONError) {
      try document.parse(bytes)
    } catch {
      return [.undecodable(DecodeError(error))]
    }
    let root = document.root
    switch document.kind(of: root) {
    case .object: return [decodeStatus(root, host)]
    case .array: return document.elements(of: root).map { decodeStatus($0, host) }
    default: return [.undecodable(DecodeError(.unknownShape, "neither a status nor a page"))]
    }
  }

  private func decodeStatus(_ node: JSONNode, _ host: String) -> Decoded {
    guard document.kind(of: node) == .object, let id = id(of: node) else {
      return .undecodable(DecodeError(.unknownShape, "no status: it has no id"))
    }
    switch document.string("visibility", of: node) {
    case "private", "direct": return .notice(.other("not_public"))
    default: break
    }
    // A boost counts as a retweet does: at its own time, under its own id, with the text of the original.
    let original = document.member("reblog", .object, of: node) ?? node
    guard let content = document.string("content", of: original) else {
      return .undecodable(DecodeError(.noText, "a status without content"))
    }
    let warning = nonEmpty(document.string("spoiler_text", of: original))
    let text = [warning, HTMLText.plain(content)].compactMap { $0 }.joined(separator: "\n")
    let written = time("created_at", of: node)
    let version = (time("edited_at", of: node) ?? written)?.milliseconds
    return .tweet(
      Tweet(
        namespace: "mastodon", id: id, chain: nonEmpty(document.string("uri", of: node)),
        alias: "\(host)/\(id)", version: version ?? 0, hasStableID: true, text: text,
        createdAt: written, lang: nonEmpty(document.string("language", of: node))))
  }

  /// The moment in a member; nil where there is none.
  func time(_ key: StaticString, of node: JSONNode) -> Timestamp? {
    document.member(key, of: node).flatMap { document.scalarBytes($0) }
      .flatMap { Timestamp(tweetTime: $0) }
  }
}
