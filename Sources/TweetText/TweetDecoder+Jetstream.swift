internal import JSON
import Tweets

/// Frames of Bluesky's Jetstream, of both versions (https://github.com/bluesky-social/jetstream).
extension TweetDecoder {
  mutating func decodeFrame(_ bytes: [UInt8]) -> [Decoded] {
    do throws(JSONError) {
      try document.parse(bytes)
    } catch {
      return [.undecodable(DecodeError(error))]
    }
    let root = document.root
    if document.string("$type", of: root) == "error" { return [.notice(.other("errors"))] }
    // The second version wraps what the first one sends, and flattens the commit.
    let event = document.member("payload", .object, of: root) ?? root
    let commit = document.member("commit", .object, of: event) ?? event
    guard let did = document.string("did", of: event), did.hasPrefix("did:"), did.utf8.count <= 2048
    else { return [.undecodable(DecodeError(.unknownShape, "a frame without an author"))] }
    guard let operation = document.string("operation", of: commit),
      let collection = document.string("collection", of: commit),
      let key = document.string("rkey", of: commit), (1...512).contains(key.utf8.count)
    else { return [.notice(.other(kind(of: event)))] }
    guard collection == "app.bsky.feed.post" else {
      return [.notice(.other("other_collection"))]
    }
    let id = "\(did)/\(key)"
    switch operation {
    case "delete": return [.notice(.delete(id: id, namespace: "bluesky"))]
    case "create", "update": return [decodePost(id, event, commit)]
    default: return [.notice(.other("other_operation"))]
    }
  }

  /// The kind of an event that is no commit: `identity`, `account`.
  private func kind(of event: JSONNode) -> String {
    let name =
      document.string("kind", of: event)
      ?? document.string("$type", of: event)?.split(separator: "#").last.map(String.init)
    switch name {
    case "identity", "account", "sync", "info": return name ?? ""
    default: return "other"
    }
  }

  private func decodePost(_ id: String, _ event: JSONNode, _ commit: JSONNode) -> Decoded {
    guard let record = document.member("record", .object, of: commit),
      let text = document.string("text", of: record)
    else { return .undecodable(DecodeError(.noText, "a post without a text")) }
    let microseconds = document.member("time_us", of: event).flatMap { document.integer($0) }
    let seen =
      microseconds.map { Timestamp(milliseconds: $0 / 1000) } ?? time("time", of: event)
    let revision = document.string("rev", of: commit).flatMap { TID.number($0) }
    // What the author's client claims as the time of writing is not believed.
    return .tweet(
      Tweet(
        namespace: "bluesky", id: id,
        version: revision ?? microseconds ?? seen?.milliseconds ?? 0, hasStableID: true,
        text: text, createdAt: seen, lang: firstLanguage(of: record)))
  }

  private func firstLanguage(of record: JSONNode) -> String? {
    document.member("langs", .array, of: record)
      .flatMap { document.elements(of: $0).first { _ in true } }
      .flatMap { nonEmpty(document.string($0)) }
  }
}
