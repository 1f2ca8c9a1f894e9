internal import JSON
import Tweets

extension TweetDecoder {
  /// Whose ids the fediverse's are.
  static let mastodon = "mastodon"

  /// The server of a recording, whose name is not in it.
  static let recordedHost = "recording"

  /// True for a status of Mastodon, or of a server that speaks as it does, among other records.
  func isStatus(_ node: JSONNode) -> Bool {
    guard document.member("content", .string, of: node) != nil,
      document.member("uri", .string, of: node) != nil
    else { return false }
    return document.member("visibility", of: node) != nil
      || document.member("account", .object, of: node) != nil
  }

  /// A status as a stream or an answer of the API gives it.
  ///
  /// It is recognised by its address, which is the same on every server; a delete names it by the id that it has
  /// on this one.
  func decodeStatus(_ node: JSONNode, host: String) -> Decoded {
    guard document.kind(of: node) == .object else {
      return .undecodable(DecodeError(.unknownShape, "a status that is no object"))
    }
    // A boost counts as a retweet does: one more voice for the text, with its own id and time. Its own content is
    // the original's, or empty.
    let original = document.member("reblog", .object, of: node)
    guard isPublic(node), original.map({ isPublic($0) }) ?? true else {
      return .notice(.other("not_public"))
    }
    guard let text = original.flatMap({ statusText(of: $0) }) ?? statusText(of: node) else {
      return .undecodable(DecodeError(.noText, "a status without content"))
    }
    let id = identifier(document.member("id", of: node))
    let alias = id.map { "\(host)/\($0)" }
    let uri = identifier(document.member("uri", of: node), limit: 2048)
    let time = document.member("created_at", of: node).map { self.time(at: $0) } ?? .missing
    let edited = document.string("edited_at", of: node).flatMap { Timestamp(tweetTime: $0) }
    return .tweet(
      Tweet(
        namespace: Self.mastodon, id: id, chain: uri ?? alias, alias: alias,
        version: (edited ?? time.moment)?.milliseconds, hasStableID: uri != nil || id != nil,
        text: text,
        time: time, lang: language(of: node) ?? original.flatMap { language(of: $0) }))
  }

  /// The event of a deleted status: its data is the bare id.
  func decodeDelete(_ data: [UInt8], host: String) -> Decoded {
    let id = String(decoding: data.filter { $0 > 0x20 && $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    guard !id.isEmpty, id.utf8.count <= Self.longestID else {
      return .undecodable(DecodeError(.unknownShape, "a delete without an id"))
    }
    return .notice(.delete(id: "\(host)/\(id)", namespace: Self.mastodon))
  }

  /// True for what everybody may read; words that other servers add to Mastodon's mean some circle of readers.
  private func isPublic(_ node: JSONNode) -> Bool {
    guard let visibility = document.member("visibility", of: node),
      document.kind(of: visibility) != .null
    else { return true }
    let word = document.string(visibility)
    return word == "public" || word == "unlisted"
  }

  /// The text under its warning, which is plain text where the content is HTML.
  private func statusText(of node: JSONNode) -> String? {
    guard let content = document.string("content", of: node) else { return nil }
    let text = HTMLText.plain(content)
    guard let warning = nonEmpty(document.string("spoiler_text", of: node)) else { return text }
    return text.isEmpty ? warning : warning + "\n" + text
  }

  private func language(of node: JSONNode) -> String? {
    nonEmpty(document.string("language", of: node))
  }
}
