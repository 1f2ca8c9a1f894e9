internal import JSON
import Tweets

extension TweetDecoder {
  /// True for a message of Jetstream among other records.
  func isMessage(_ node: JSONNode) -> Bool {
    if document.member("did", .string, of: node) != nil {
      return document.member("commit", .object, of: node) != nil
        || document.member("kind", .string, of: node) != nil
    }
    return document.member("payload", .object, of: node)
      .map { document.member("$type", .string, of: $0) != nil } ?? false
  }

  /// A message of Jetstream, of version 1 (`kind`) or version 2 (`$type`, `payload`).
  func decodeMessage(_ node: JSONNode) -> Decoded {
    if let kind = document.string("kind", of: node) {
      guard kind == "commit" else { return .notice(.other(shortened(kind))) }
      return decodeCommit(document.member("commit", .object, of: node), in: node)
    }
    if let payload = document.member("payload", .object, of: node) {
      guard let type = document.string("$type", of: payload) else {
        return .undecodable(DecodeError(.unknownShape, "a message without a type"))
      }
      let kind = type.split(separator: "#").last.map(String.init) ?? type
      guard kind == "commit" else { return .notice(.other(shortened(kind))) }
      return decodeCommit(document.member("commit", .object, of: payload) ?? payload, in: payload)
    }
    if let type = document.string("$type", of: node) { return .notice(.other(shortened(type))) }
    return .undecodable(DecodeError(.unknownShape, "no message of Jetstream"))
  }

  /// A change of a repository; `message` is the object around it.
  private func decodeCommit(_ commit: JSONNode?, in message: JSONNode) -> Decoded {
    guard let commit, let collection = document.string("collection", of: commit),
      let operation = document.string("operation", of: commit)
    else { return .undecodable(DecodeError(.unknownShape, "a commit without its parts")) }
    guard collection == "app.bsky.feed.post" else { return .notice(.other(shortened(collection))) }
    guard let did = identifier(document.member("did", of: message)),
      let key = identifier(document.member("rkey", of: commit))
    else { return .undecodable(DecodeError(.unknownShape, "a post without did or rkey")) }
    let id = "\(did)/\(key)"
    switch operation {
    case "create", "update": return decodePost(commit, id: id, in: message)
    case "delete": return .notice(.delete(id: id, namespace: "bluesky"))
    default: return .notice(.other(shortened(operation)))
    }
  }

  /// A post; its text is plain, and empty where it is a picture.
  private func decodePost(_ commit: JSONNode, id: String, in message: JSONNode) -> Decoded {
    guard let record = document.member("record", .object, of: commit),
      let text = document.string("text", of: record)
    else { return .undecodable(DecodeError(.noText, "a post without record.text")) }
    let microseconds = microseconds(of: message)
    // Where a server leaves the revision out, the time of the event takes its place in the same measure.
    let revision =
      document.string("rev", of: commit).flatMap { TimestampID($0) }
      ?? microseconds.flatMap { TimestampID(microseconds: $0) }
    return .tweet(
      Tweet(
        namespace: "bluesky", id: id, version: revision?.value, hasStableID: true, text: text,
        createdAt: microseconds.map {
          Timestamp(milliseconds: Timestamp.floorDivide($0, 1000))
        },
        lang: language(of: record)))
  }

  /// The one language that the post's program names; of several none is told.
  private func language(of record: JSONNode) -> String? {
    guard let langs = document.member("langs", .array, of: record) else { return nil }
    let tags = Set(document.elements(of: langs).compactMap { nonEmpty(document.string($0)) })
    return tags.count == 1 ? tags.first : nil
  }

  /// The server's time of the event; `createdAt` of the record is whatever the client claimed.
  private func microseconds(of message: JSONNode) -> Int64? {
    if let time = document.member("time_us", of: message) { return document.integer(time) }
    guard let text = document.string("time", of: message),
      let time = Timestamp(rfc3339: text)
    else { return nil }
    return time.milliseconds * 1000
  }
}
